"""What the other clauses would pay: records of agencies and projects that no other table holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Recorded, Short, Withdrawable
from matchhub.db.types import Key, UtcDateTime, Yuan


class AwardRecord(Identified, Recorded, Withdrawable, Marked, Base):
    """One loan, year of sales, event, agent, navigation project, entry or platform that another clause pays for."""

    __tablename__ = "award_records"
    __table_args__ = {"comment": "what the other clauses are computed from, beside deals"}

    kind: Mapped[str] = mapped_column(Short, comment="what a clause counts: sales, pledge_loans, events, agents, ...")
    agency_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency")
    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), index=True, comment="borrower of a loan, or whose project it is"
    )
    title: Mapped[str] = mapped_column(Text, comment="contract, event, agent, project, or source of the sales")
    number: Mapped[str | None] = mapped_column(Short, comment="certificate of an agent, number of a project")
    occurred_on: Mapped[date] = mapped_column(comment="day; of sales the year's last, of an agent the contract's first")
    notified_on: Mapped[date | None] = mapped_column(comment="day an event was announced to the bureau")
    until_on: Mapped[date | None] = mapped_column(comment="last day of an agent's contract")
    started_on: Mapped[date | None] = mapped_column(comment="an agent's first day of service")
    left_on: Mapped[date | None] = mapped_column(comment="day an agent or agency left")
    reviewed_on: Mapped[date | None] = mapped_column(comment="day a project or platform passed the review")
    amount_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="loan or sales, fen inside")
    agents: Mapped[int | None] = mapped_column(Integer, comment="patent agents of an agency at entry")
    cases: Mapped[int | None] = mapped_column(Integer, comment="cases of an agency at entry")
    top_firms: Mapped[int | None] = mapped_column(Integer, comment="firms of the top list at entry")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")
