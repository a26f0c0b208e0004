"""What the other clauses would pay: records of agencies, pledges and events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Short, Withdrawable
from matchhub.db.types import Key, Yuan


class AwardRecord(Identified, Entered, Withdrawable, Marked, Base):
    """What an agency's other awards are computed from: its sales, loans on patents it arranged, events it held."""

    __tablename__ = "award_records"
    __table_args__ = {"comment": "sales, pledge loans and events of service agencies"}

    kind: Mapped[str] = mapped_column(Short, comment="sales, pledge_loan or event")
    agency_id: Mapped[int] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency")
    enterprise_id: Mapped[int | None] = mapped_column(Key, ForeignKey("enterprises.id"), comment="borrower of a loan")
    title: Mapped[str] = mapped_column(Text, comment="loan contract, name of the event, or source of the sales")
    occurred_on: Mapped[date] = mapped_column(comment="day; of sales the last day of the year")
    notified_on: Mapped[date | None] = mapped_column(comment="day an event was announced to the bureau")
    amount_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="loan or sales, fen inside")
