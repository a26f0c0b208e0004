"""The history of the counts: what each number was at the end of each day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Short
from matchhub.db.types import Key, UtcDateTime


class CountDay(Identified, Base):
    """One number at the end of one day, by what was known then; the entry of the chain says the same."""

    __tablename__ = "count_days"
    __table_args__ = (
        UniqueConstraint("day_on", "policy_digest", "threshold"),
        {"comment": "counts at the end of each day, bound into the chain"},
    )

    day_on: Mapped[date] = mapped_column(index=True, comment="the day, in the pack's city")
    policy_digest: Mapped[str] = mapped_column(Short, comment="SHA-256 of the rule pack")
    threshold: Mapped[str] = mapped_column(Short, comment="threshold of the rule pack")
    literal: Mapped[int] = mapped_column(Integer, comment="counted literally")
    strict: Mapped[int] = mapped_column(Integer, comment="counted strictly")
    rows_digest: Mapped[str] = mapped_column(Short, comment="SHA-256 of every verdict of that day")
    entry_id: Mapped[int] = mapped_column(Key, ForeignKey("event_log.id"), comment="entry that holds the same")
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="moment it was counted, UTC")
    filled: Mapped[bool] = mapped_column(comment="counted later, as of that day: the worker had missed it")
