"""What several subjects stand on: keys of forms, the event log with its digests, leases and runs of jobs, revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name, Recorded, Short
from matchhub.db.types import Json, Key, UtcDateTime


class FormKey(Identified, Base):
    """The key of a form or a call whose act was done: sent again, it is answered the same and acts no more."""

    __tablename__ = "form_keys"
    __table_args__ = (UniqueConstraint("owner", "key_hash"), {"comment": "keys of acts done, kept for a day"})

    owner: Mapped[str] = mapped_column(Name, comment="account:ID, or visitor: and a digest of its browser's token")
    key_hash: Mapped[str] = mapped_column(Short, comment="SHA-256 of the key")
    digest: Mapped[str] = mapped_column(Short, comment="keyed digest of the act and of what was sent")
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed: status, headers, notices, body")
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")


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


class LogEntry(Identified, Base):
    """One entry of the event log; each carries the hash of the one before (PROMISES.md P12)."""

    __tablename__ = "event_log"
    __table_args__ = {"comment": "append-only, hash-chained log; update and delete are refused by triggers"}

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="moment its unit began, UTC")
    appended_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="moment it was appended, under the lock, UTC")
    actor: Mapped[str] = mapped_column(Name, comment="account:ID, or system")
    verb: Mapped[str] = mapped_column(Short, index=True, comment="what was done, e.g. demand.posted")
    subject_kind: Mapped[str] = mapped_column(Short, comment="kind of the record concerned")
    subject_id: Mapped[int | None] = mapped_column(Key, comment="its id")
    payload: Mapped[str] = mapped_column(Text, comment="canonical JSON without personal data")
    previous_hash: Mapped[str] = mapped_column(Short, comment="hash of the entry before")
    hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 over previous hash and this entry")


class BoundRows(Identified, Base):
    """Digests of rows as one unit of work left them; the root of all parts of one entry stands in that entry."""

    __tablename__ = "bound_rows"
    __table_args__ = {"comment": "digests of countable rows, append-only; the newest of a row is in force"}

    entry_id: Mapped[int] = mapped_column(Key, ForeignKey("event_log.id"), index=True, comment="entry with the root")
    table_name: Mapped[str] = mapped_column(Short, index=True, comment="table of the rows")
    row_ids: Mapped[bytes] = mapped_column(LargeBinary, comment="their keys, 8 bytes each, little end first")
    digests: Mapped[bytes] = mapped_column(LargeBinary, comment="their digests, 16 bytes each; zeros: deleted")


class Lease(Base):
    """Who may run a job now; one holder at a time."""

    __tablename__ = "leases"
    __table_args__ = {"comment": "database leases of scheduled work"}

    name: Mapped[str] = mapped_column(Short, primary_key=True, comment="scheduler, ...")
    holder: Mapped[str] = mapped_column(Name, comment="random name of the process")
    until_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="valid until, UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last sign of life, UTC")


class JobOrder(Base):
    """What a person asked of a scheduled job: to wait, or to run now."""

    __tablename__ = "job_orders"
    __table_args__ = {"comment": "scheduled jobs told to wait or to run now"}

    job: Mapped[str] = mapped_column(Short, primary_key=True, comment="match, plan, send ...")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="waits since then, UTC")
    paused_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), comment="who let it wait")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="to be run now, asked for then, UTC")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), comment="who asked")


class JobRun(Identified, Base):
    """One tick of a scheduled job; the unique key makes its effect happen once."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "tick"), {"comment": "ticks of scheduled jobs"})

    job: Mapped[str] = mapped_column(Short, comment="match, plan, send ...")
    tick: Mapped[str] = mapped_column(Short, comment="the minute it stands for, UTC")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="what it did, or the refusal")
