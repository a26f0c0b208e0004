"""How things came to be known: imports, problems, reviews, revisions, evidence, the event log, leases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime


class ImportBatch(Identified, Marked, Base):
    """One call of import over one or more files of one kind."""

    __tablename__ = "import_batches"
    __table_args__ = {"comment": "imports and their sums: read = created + updated + unchanged + refused + review"}

    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises, ...")
    source_name: Mapped[str] = mapped_column(Name, default="", comment="who sent the files")
    files: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="name, size, sha256, sheet and header row of each file"
    )
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    account_id: Mapped[int | None] = mapped_column(Key, comment="account that imported")
    read: Mapped[int] = mapped_column(Integer, default=0, comment="data rows read")
    created: Mapped[int] = mapped_column(Integer, default=0, comment="new records")
    updated: Mapped[int] = mapped_column(Integer, default=0, comment="records that learned something")
    unchanged: Mapped[int] = mapped_column(Integer, default=0, comment="rows that said nothing new")
    refused: Mapped[int] = mapped_column(Integer, default=0, comment="rows with an error")
    review: Mapped[int] = mapped_column(Integer, default=0, comment="rows held for a person")


class ImportProblem(Identified, Base):
    """What had to be said about one row of a file."""

    __tablename__ = "import_problems"
    __table_args__ = {"comment": "problems of imported rows"}

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    file: Mapped[str] = mapped_column(Name, comment="file name")
    sheet: Mapped[str] = mapped_column(Name, default="", comment="sheet name")
    line: Mapped[int] = mapped_column(Integer, comment="1-based line in the file")
    column: Mapped[str] = mapped_column(Name, comment="header of the column")
    value: Mapped[str] = mapped_column(Text, comment="the cell as written")
    code: Mapped[str] = mapped_column(Short, index=True, comment="problem code, worded in matchhub/wording")
    severity: Mapped[str] = mapped_column(Short, comment="error, review or warning")
    raw: Mapped[list[list[str]]] = mapped_column(Json, comment="the row as written: header and cell pairs")


class ReviewItem(Identified, Marked, Base):
    """A row or pair held for a person, with what the row said; the decision is kept."""

    __tablename__ = "review_items"
    __table_args__ = {"comment": "rows and pairs waiting for a person"}

    kind: Mapped[str] = mapped_column(Short, index=True, comment="kind of record")
    code: Mapped[str] = mapped_column(Short, comment="why it waits")
    unique_key: Mapped[str] = mapped_column(Name, unique=True, comment="digest: never asked twice")
    record: Mapped[dict[str, Any]] = mapped_column(Json, comment="what the row said")
    candidate_id: Mapped[int | None] = mapped_column(Key, comment="existing record it may be")
    batch_id: Mapped[int | None] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    decision: Mapped[str | None] = mapped_column(Short, comment="accepted, refused, same, different; empty: open")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided")
    decision_note: Mapped[str | None] = mapped_column(Text, comment="why it was decided so")


class Revision(Identified, Recorded, Base):
    """What one source or act made known of one record: changed fields only, append-only.

    Folding a record's revisions in order of ``id`` gives the record as known at any moment.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        Index("ix_revisions_record", "kind", "record_id", "id"),
        {"comment": "what became known, append-only"},
    )

    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises, ...")
    record_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="new values of the fields that changed")
    as_of_on: Mapped[date | None] = mapped_column(comment="day of which the source speaks, where it tells one")


class EvidenceFile(Identified, Recorded, Withdrawable, Marked, Base):
    """A file kept by its hash as proof of one record."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        Index("ix_evidence_files_subject", "subject_kind", "subject_id"),
        {"comment": "evidence, stored by content hash"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals, licences, demands, experts, ...")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    purpose: Mapped[str] = mapped_column(
        Short, comment="contract, payment_proof, register_proof, notice, consent, authorisation, other"
    )
    sha256: Mapped[str] = mapped_column(Short, index=True, comment="of the content")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    name: Mapped[str] = mapped_column(Name, comment="file name as given")
    damaged_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="check that found it missing or changed, UTC"
    )


class LogEntry(Identified, Base):
    """One entry of the event log; each carries the hash of the one before (PROMISES.md P12)."""

    __tablename__ = "event_log"
    __table_args__ = {"comment": "append-only, hash-chained log; update and delete are refused by triggers"}

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")
    actor: Mapped[str] = mapped_column(Name, comment="account:ID, or system")
    verb: Mapped[str] = mapped_column(Short, comment="what was done, e.g. demand.posted")
    subject_kind: Mapped[str] = mapped_column(Short, comment="kind of the record concerned")
    subject_id: Mapped[int | None] = mapped_column(Key, comment="its id")
    payload: Mapped[str] = mapped_column(Text, comment="canonical JSON without personal data")
    previous_hash: Mapped[str] = mapped_column(Short, comment="hash of the entry before")
    hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 over previous hash and this entry")


class Lease(Base):
    """Who may run a job now; one holder at a time."""

    __tablename__ = "leases"
    __table_args__ = {"comment": "database leases of scheduled work"}

    name: Mapped[str] = mapped_column(Short, primary_key=True, comment="scheduler, ...")
    holder: Mapped[str] = mapped_column(Name, comment="random name of the process")
    until_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="valid until, UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last sign of life, UTC")


class JobRun(Identified, Base):
    """One tick of a scheduled job; the unique key makes its effect happen once."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "tick"), {"comment": "ticks of scheduled jobs"})

    job: Mapped[str] = mapped_column(Short, comment="match, plan or send")
    tick: Mapped[str] = mapped_column(Short, comment="the minute it stands for, UTC")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="what it did, or the refusal")
