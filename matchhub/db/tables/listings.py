"""What holders offer and enterprises prepare: listings of patents, declarations' answers, drafts, award records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Short, Withdrawable
from matchhub.db.tables.meeting import Said
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class Listing(Identified, Said, Withdrawable, Marked, Base):
    """A patent that its holder offers: how, for how much, how mature, with what besides."""

    __tablename__ = "listings"
    __table_args__ = {"comment": "patents on offer by their holders"}

    patent_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("patents.id"), index=True, comment="patent; empty while it is not in the base"
    )
    application_number: Mapped[str] = mapped_column(Short, index=True, comment="申请号 as given, checked")
    title: Mapped[str] = mapped_column(Text, comment="名称")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="who offers it"
    )
    modes: Mapped[list[str]] = mapped_column(Json, comment="transfer, licence, open_licence, contribution")
    price_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="asking price, fen inside; empty: 面议")
    fee_text: Mapped[str | None] = mapped_column(Text, comment="fee standard in words")
    maturity: Mapped[str] = mapped_column(Short, comment="idea, lab, pilot, product")
    extras: Mapped[list[str]] = mapped_column(Json, comment="know_how, samples, training, equipment, team")
    note: Mapped[str | None] = mapped_column(Text, comment="holder's remark")
    state: Mapped[str] = mapped_column(Short, index=True, comment="published, review, refused or withdrawn")
    review_code: Mapped[str | None] = mapped_column(Short, comment="why a person must look")
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="who decided the review")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    decision_note: Mapped[str | None] = mapped_column(Text, comment="why it was decided so")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change, UTC")


class OfferDeclaration(Identified, Said, Base):
    """What a holder stated when it declared an open licence; the checklist was made from it."""

    __tablename__ = "offer_declarations"
    __table_args__ = {"comment": "statements behind open-licence declarations made here"}

    offer_id: Mapped[int] = mapped_column(Key, ForeignKey("offers.id"), unique=True, comment="declaration")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="who declared it"
    )
    annuity_paid: Mapped[bool | None] = mapped_column(comment="年费 paid; empty: not stated")
    suspended: Mapped[bool] = mapped_column(comment="专利权中止")
    evaluation_report: Mapped[bool] = mapped_column(comment="专利权评价报告 is there")
    all_owners: Mapped[bool] = mapped_column(comment="declared by all owners")
    pledgee_consented: Mapped[bool] = mapped_column(comment="质权人同意")
    warnings: Mapped[list[str]] = mapped_column(Json, comment="codes of the checklist that warned")


class DemandDraft(Identified, Said, Marked, Base):
    """A demand that is not yet posted: kept by the enterprise, or entered by the operator for it to confirm."""

    __tablename__ = "demand_drafts"
    __table_args__ = {"comment": "demands being prepared; none of them is counted"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="whose demand")
    origin: Mapped[str] = mapped_column(Short, comment="own, fair or phone")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="fields of the demand; holds personal data")
    note: Mapped[str | None] = mapped_column(Text, comment="where it was collected")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change, UTC")
    demand_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("demands.id"), comment="demand it became, once confirmed"
    )
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="refused by the enterprise, UTC")


class DemandInvitation(Identified, Said, Withdrawable, Base):
    """An organisation that may see a demand shown to invited ones only."""

    __tablename__ = "demand_invitations"
    __table_args__ = {"comment": "organisations invited to confidential demands"}

    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation invited"
    )


class AwardRecord(Identified, Said, Withdrawable, Marked, Base):
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
