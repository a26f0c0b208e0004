"""Work that is assigned: one thing that one record lacks, given to one account to be done by a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Short
from matchhub.db.types import Key, UtcDateTime


class WorkItem(Identified, Entered, Base):
    """One item. Nobody ticks it off: ``settled_at`` is set when the count shows that the record lacks it no more."""

    __tablename__ = "work_items"
    __table_args__ = {"comment": "work assigned to accounts of the operator; no personal data"}

    threshold: Mapped[str] = mapped_column(Short, comment="number of the rule pack in whose ledger it was found")
    act: Mapped[str] = mapped_column(Short, comment="what is to be done (domain.counting.acts)")
    subject_kind: Mapped[str] = mapped_column(Short, comment="kind of the record")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    assignee_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who is to do it")
    due_on: Mapped[date] = mapped_column(comment="day by which it is wanted")
    note: Mapped[str | None] = mapped_column(Text, comment="what the assignee should know; no contact data")
    reminded: Mapped[str | None] = mapped_column(Short, comment="last reminder: soon or over; empty: none yet")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, comment="when it ended, UTC")
    outcome: Mapped[str | None] = mapped_column(Short, comment="done, gone (nothing to mend any more) or taken_back")
    reason: Mapped[str | None] = mapped_column(Text, comment="why it was taken back")
