"""What comes in and is sorted out: import jobs, undone batches, similar records and merges, remembered headers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class ImportJob(Identified, Base):
    """One import (or its trial) that the worker runs; how far it is stands in a file beside (``intake.jobs``)."""

    __tablename__ = "import_jobs"
    __table_args__ = {"comment": "imports that the worker runs, and their outcome"}

    mode: Mapped[str] = mapped_column(Short, comment="try (nothing is written) or write")
    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises, ...")
    source_name: Mapped[str] = mapped_column(Name, default="", comment="who sent the files")
    files: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="name, sha256, size of each file, with the sheet, header line and column meanings chosen"
    )
    origin: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="kind, issuer and day named for the files")
    state: Mapped[str] = mapped_column(Short, index=True, comment="waiting, running, done, refused or cancelled")
    rows_done: Mapped[int] = mapped_column(Integer, default=0, comment="rows read when it ended")
    rows_total: Mapped[int | None] = mapped_column(Integer, comment="rows of the files, where known")
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="times it was begun")
    batch_id: Mapped[int | None] = mapped_column(Key, ForeignKey("import_batches.id"), comment="batch it wrote")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="sums and first problems, or the refusal")
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who asked")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last begin, UTC")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")


class BatchSpan(Identified, Base):
    """Which revisions of a batch came from which of its files: up to ``last_revision``, after the span before."""

    __tablename__ = "batch_spans"
    __table_args__ = {"comment": "files of a batch by the revisions they made"}

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    file: Mapped[str] = mapped_column(Name, comment="file name, inside a zip its path")
    sheet: Mapped[str] = mapped_column(Name, default="", comment="sheet name")
    last_revision: Mapped[int] = mapped_column(Key, comment="number of the last revision of the span")


class ConfirmedValues(Identified, Base):
    """Values of a record that a dated source said again as they were: they are of its day now."""

    __tablename__ = "confirmed_values"
    __table_args__ = (
        Index("ix_confirmed_values_record", "kind", "record_id"),
        {"comment": "values that a dated source confirmed without changing them"},
    )

    batch_id: Mapped[int] = mapped_column(
        Key, ForeignKey("import_batches.id"), index=True, comment="import that said the same"
    )
    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises, ...")
    record_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    as_of_on: Mapped[date] = mapped_column(comment="day of which the source speaks")
    fields: Mapped[list[str]] = mapped_column(Json, comment="names of the fields it said the same of")


class BatchUndo(Identified, Base):
    """A batch that was taken back as a whole."""

    __tablename__ = "batch_undos"
    __table_args__ = {"comment": "batches taken back"}

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), unique=True, comment="batch")
    reason: Mapped[str] = mapped_column(Text, comment="why it was taken back")
    sums: Mapped[dict[str, int]] = mapped_column(Json, comment="records withdrawn, restored and left as they are")
    undone_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    undone_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who took it back")


class SimilarPair(Identified, Marked, Base):
    """Two records of one kind whose names are similar; a person says whether they are one."""

    __tablename__ = "similar_pairs"
    __table_args__ = (
        UniqueConstraint("kind", "left_id", "right_id"),
        {"comment": "records with similar names and what a person decided; asked once"},
    )

    kind: Mapped[str] = mapped_column(Short, index=True, comment="enterprises, agencies or experts")
    left_id: Mapped[int] = mapped_column(Key, comment="the earlier record")
    right_id: Mapped[int] = mapped_column(Key, index=True, comment="the later record")
    ratio: Mapped[float] = mapped_column(Float, comment="likeness of the core names, 0..100")
    reasons: Mapped[list[str]] = mapped_column(Json, comment="codes: what else speaks for one record")
    batch_id: Mapped[int | None] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    decision: Mapped[str | None] = mapped_column(Short, index=True, comment="same, different, later; empty: open")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided")
    note: Mapped[str | None] = mapped_column(Text, comment="why it was decided so")


class Merge(Identified, Base):
    """Two records that a person found to be one; taken back, both stand as before."""

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_merged", "kind", "merged_id"),
        Index("ix_merges_kept", "kind", "kept_id"),
        {"comment": "records merged by a person, and merges taken back"},
    )

    kind: Mapped[str] = mapped_column(Short, comment="enterprises, agencies or experts")
    kept_id: Mapped[int] = mapped_column(Key, comment="record that stays")
    merged_id: Mapped[int] = mapped_column(Key, comment="record that is kept as merged")
    pair_id: Mapped[int | None] = mapped_column(Key, ForeignKey("similar_pairs.id"), comment="pair decided")
    filled: Mapped[dict[str, Any]] = mapped_column(Json, comment="gaps of the kept record filled from the merged one")
    released: Mapped[dict[str, Any]] = mapped_column(Json, comment="unique values the merged record gave up")
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    merged_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who merged")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back, UTC")
    undone_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who took it back")


class MergeMove(Identified, Base):
    """One reference that a merge, or taking it back, moved from one record to another; append-only."""

    __tablename__ = "merge_moves"
    __table_args__ = (
        Index("ix_merge_moves_row", "table_name", "row_id", "id"),
        {"comment": "references moved by merges, so that the past stays as it was"},
    )

    merge_id: Mapped[int] = mapped_column(Key, ForeignKey("merges.id"), index=True, comment="merge")
    table_name: Mapped[str] = mapped_column(Short, comment="table of the row that refers")
    column_name: Mapped[str] = mapped_column(Short, comment="column that refers")
    row_id: Mapped[int] = mapped_column(Key, comment="row that refers")
    from_id: Mapped[int] = mapped_column(Key, comment="record it referred to")
    to_id: Mapped[int] = mapped_column(Key, comment="record it refers to since")
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")


class HeaderMemory(Identified, Base):
    """What a person said of a source's tables: sheet, header row, meaning of columns; applied when it comes again."""

    __tablename__ = "header_memories"
    __table_args__ = (
        UniqueConstraint("source_key", "kind", "headers_key"),
        {"comment": "meanings of columns confirmed by a person, by source and headers"},
    )

    source_key: Mapped[str] = mapped_column(Name, comment="normalised name of the source")
    source_name: Mapped[str] = mapped_column(Name, comment="name of the source as written")
    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises, ...")
    headers_key: Mapped[str] = mapped_column(Short, comment="digest of the set of headers")
    headers: Mapped[list[str]] = mapped_column(Json, comment="headers as written")
    sheet: Mapped[str | None] = mapped_column(Name, comment="sheet chosen; empty: as found")
    header_line: Mapped[int | None] = mapped_column(Integer, comment="1-based row chosen; empty: as found")
    mapping: Mapped[dict[str, str]] = mapped_column(Json, comment="header as written -> field, empty to ignore")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided")


class SourceWord(Identified, Base):
    """What a person said that a word in a source's tables means, such as a status that nobody knew."""

    __tablename__ = "source_words"
    __table_args__ = (
        UniqueConstraint("source_key", "kind", "word"),
        {"comment": "meanings of words confirmed by a person, by source and kind"},
    )

    source_key: Mapped[str] = mapped_column(Name, comment="normalised name of the source")
    source_name: Mapped[str] = mapped_column(Name, comment="name of the source as written")
    kind: Mapped[str] = mapped_column(Short, comment="patents, enterprises or agencies")
    word: Mapped[str] = mapped_column(Name, comment="the word as the source writes it")
    meaning: Mapped[str] = mapped_column(Short, comment="in_force, pending, dead, unknown; for parties active, ended")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided")


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


class BatchSource(Identified, Entered, Base):
    """What the person who imported said of the files of a batch; a batch without it is an own list."""

    __tablename__ = "batch_sources"
    __table_args__ = {"comment": "kind, issuer and day of the files of a batch, as named at import"}

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), unique=True, comment="batch")
    kind: Mapped[str] = mapped_column(Short, comment="register, bulletin, list or vendor")
    issuer: Mapped[str] = mapped_column(Name, comment="who issued the files")
    issued_on: Mapped[date] = mapped_column(comment="day of issue")


class SourceDecision(Identified, Entered, Base):
    """The bureau's word on the named source of a batch; the newest one is in force."""

    __tablename__ = "source_decisions"
    __table_args__ = {"comment": "what the bureau said of sources of imported files"}

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    decision: Mapped[str] = mapped_column(Short, comment="right (seen and right) or rejected")
    note: Mapped[str | None] = mapped_column(Text, comment="why, of a rejection")


class SourcedValue(Identified, Entered, Base):
    """A value that a batch with a named source gave for an expert or an agency, whoever said it first."""

    __tablename__ = "sourced_values"
    __table_args__ = (
        Index("ix_sourced_values_record", "kind", "record_id"),
        {"comment": "titles, codes and licences as files with a named source say them"},
    )

    batch_id: Mapped[int] = mapped_column(Key, ForeignKey("import_batches.id"), index=True, comment="batch")
    kind: Mapped[str] = mapped_column(Short, comment="experts or agencies")
    record_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    field: Mapped[str] = mapped_column(Short, comment="name of the field")
    value: Mapped[str] = mapped_column(Text, comment="what it said")


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
