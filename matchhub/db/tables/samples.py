"""Samples that the bureau drew from what counts, and what it found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class Sample(Identified, Entered, Base):
    """One drawing: of which threshold, by which seed. The seed is the hash of the log's entry that the drawing made."""

    __tablename__ = "samples"
    __table_args__ = {"comment": "samples drawn by the bureau from the strictly counted records"}

    threshold: Mapped[str] = mapped_column(Short, index=True, comment="threshold of the rule pack")
    record_kind: Mapped[str] = mapped_column(Short, comment="kind of record that the threshold counts")
    open_key: Mapped[str | None] = mapped_column(
        Short, unique=True, comment="the threshold while the sample is open, then empty: at most one is open"
    )
    entry_id: Mapped[int] = mapped_column(Key, ForeignKey("event_log.id"), comment="entry whose hash is the seed")
    seed: Mapped[str] = mapped_column(Short, comment="that hash")
    policy: Mapped[str] = mapped_column(Short, comment="rule pack")
    policy_digest: Mapped[str] = mapped_column(Short, comment="SHA-256 of its content")
    as_of_on: Mapped[date] = mapped_column(comment="counted as of this day")
    population: Mapped[int] = mapped_column(Integer, comment="records that counted strictly then")
    strata: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="these records by source and by account that entered them, each as source, person, records"
    )
    base_digest: Mapped[str] = mapped_column(Short, comment="SHA-256 over the strata, as entry_id states it")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="moment it was closed, UTC; set once")
    closed_by: Mapped[int | None] = mapped_column(Key, comment="account that closed it")
    closing_note: Mapped[str | None] = mapped_column(Text, comment="what was concluded")


class SampledRecord(Identified, Base):
    """One record of a sample and what the bureau found."""

    __tablename__ = "sampled_records"
    __table_args__ = (
        UniqueConstraint("sample_id", "record_id"),
        {"comment": "records of samples: confirmed, wrong or not found"},
    )

    sample_id: Mapped[int] = mapped_column(Key, ForeignKey("samples.id"), comment="drawing")
    record_id: Mapped[int] = mapped_column(Key, comment="record of the kind that the threshold counts")
    position: Mapped[int] = mapped_column(Integer, comment="1-based order of the drawing")
    stratum: Mapped[int] = mapped_column(Integer, comment="0-based place of its stratum in the sample's strata")
    finding: Mapped[str | None] = mapped_column(Short, comment="confirmed, wrong or not_found; empty: not looked at")
    note: Mapped[str | None] = mapped_column(Name, comment="what was found")
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    found_by: Mapped[int | None] = mapped_column(Key, comment="account that looked")


class SampledFinding(Identified, Entered, Base):
    """One finding as it was written down; what replaced an earlier one stands after it, and nothing is taken out."""

    __tablename__ = "sampled_findings"
    __table_args__ = {"comment": "every finding on a record of a sample, the newest in force"}

    sample_id: Mapped[int] = mapped_column(Key, ForeignKey("samples.id"), index=True, comment="drawing")
    record_id: Mapped[int] = mapped_column(Key, comment="record of the kind that the threshold counts")
    finding: Mapped[str] = mapped_column(Short, comment="confirmed, wrong or not_found")
    note: Mapped[str | None] = mapped_column(Name, comment="what was found")
