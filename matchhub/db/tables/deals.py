"""Deals (交易), their parties, patents, events, payments and confirmations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Key, UtcDateTime, Yuan
from matchhub.domain.official_numbers import number_key


def _key(number: str | None) -> str | None:
    """A number in normal form as a column keeps it, so that numbers written otherwise are found by an index."""
    return number_key(number or "")[:255] or None


class Deal(Identified, Recorded, Withdrawable, Marked, Base):
    """One contract over one or more patents."""

    __tablename__ = "deals"
    __table_args__ = {"comment": "contracts over patents as now known"}

    contract_number: Mapped[str | None] = mapped_column(Name, comment="合同编号; its parties' own, others may bear it")
    identity_key: Mapped[str] = mapped_column(
        Name, unique=True, comment="digest of contract number and parties, else of parties, patents and day"
    )
    deal_type: Mapped[str] = mapped_column(
        Short, comment="transfer, exclusive_licence, sole_licence, ordinary_licence, ..."
    )
    signed_on: Mapped[date | None] = mapped_column(comment="签订日期")
    amount_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="合同金额, fen inside")
    contract_register_number: Mapped[str | None] = mapped_column(Name, comment="技术合同登记号")
    demand_id: Mapped[int | None] = mapped_column(Key, ForeignKey("demands.id"), comment="demand it serves")
    affiliation_overruled_by: Mapped[int | None] = mapped_column(
        Key, ForeignKey("accounts.id"), comment="bureau account that overruled a suspected affiliation"
    )
    affiliation_overruled_reason: Mapped[str | None] = mapped_column(Text, comment="its reason")
    note: Mapped[str | None] = mapped_column(Text, comment="operator's remark")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")
    contract_key: Mapped[str | None] = mapped_column(Name, index=True, comment="contract number in normal form")
    register_key: Mapped[str | None] = mapped_column(Name, index=True, comment="its registration number likewise")

    @validates("contract_number", "contract_register_number")
    def _keep_key(self, name: str, number: str | None) -> str | None:
        setattr(self, "contract_key" if name == "contract_number" else "register_key", _key(number))
        return number


class DealParty(Identified, Base):
    """Seller or buyer of a deal."""

    __tablename__ = "deal_parties"
    __table_args__ = (UniqueConstraint("deal_id", "role", "name_key"), {"comment": "sellers and buyers of deals"})

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    role: Mapped[str] = mapped_column(Short, comment="seller (让与方/许可方) or buyer (受让方/被许可方)")
    name: Mapped[str] = mapped_column(Name, comment="name as in the contract")
    name_key: Mapped[str] = mapped_column(Name, comment="normalised name")
    uscc: Mapped[str | None] = mapped_column(Short, comment="统一社会信用代码")
    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), index=True, comment="enterprise of the base"
    )


class DealPatent(Identified, Base):
    """A patent a deal is about."""

    __tablename__ = "deal_patents"
    __table_args__ = (UniqueConstraint("deal_id", "patent_id"), {"comment": "patents of deals"})

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")


class DealEvent(Identified, Recorded, Withdrawable, Base):
    """A dated stage of a deal, append-only."""

    __tablename__ = "deal_events"
    __table_args__ = {"comment": "signed, registered, filed, cancelled ... with number and evidence"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    event: Mapped[str] = mapped_column(Short, comment="signed, TR01, EE01, contract_registered, implemented, cancelled")
    occurred_on: Mapped[date] = mapped_column(comment="day it happened")
    number: Mapped[str | None] = mapped_column(Name, comment="official number of that event")
    number_key: Mapped[str | None] = mapped_column(Name, index=True, comment="that number in normal form")
    evidence_id: Mapped[int | None] = mapped_column(Key, ForeignKey("evidence_files.id"), comment="file that proves it")

    @validates("number")
    def _keep_key(self, _name: str, number: str | None) -> str | None:
        self.number_key = _key(number)
        return number


class DealPayment(Identified, Recorded, Withdrawable, Base):
    """A payment under a deal, append-only; a refund (退款) is below zero."""

    __tablename__ = "deal_payments"
    __table_args__ = {"comment": "payments of deals with their proof"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    paid_on: Mapped[date] = mapped_column(comment="到账日期")
    amount_yuan: Mapped[Decimal] = mapped_column(Yuan, comment="fen inside; below zero: a refund")
    proof: Mapped[str | None] = mapped_column(Text, comment="voucher number (付款凭证)")
    evidence_id: Mapped[int | None] = mapped_column(Key, ForeignKey("evidence_files.id"), comment="file that proves it")


class DealOrigin(Identified, Entered, Base):
    """The thread a deal grew out of."""

    __tablename__ = "deal_origins"
    __table_args__ = {"comment": "threads that deals grew out of"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), unique=True, comment="deal")
    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")


class DealAgency(Identified, Entered, Withdrawable, Base):
    """A service agency that brought a deal about (二(二))."""

    __tablename__ = "deal_agencies"
    __table_args__ = {"comment": "service agencies that brought deals about"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    agency_id: Mapped[int] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency")
