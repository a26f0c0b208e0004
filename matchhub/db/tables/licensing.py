"""Open licensing (专利开放许可): declarations and licences reached."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class Offer(Identified, Recorded, Withdrawable, Marked, Base):
    """One open-licence declaration of a patent's holder."""

    __tablename__ = "offers"
    __table_args__ = {"comment": "open-licence declarations (开放许可声明) as now known"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    identity_key: Mapped[str] = mapped_column(Name, unique=True, comment="patent, regime, announcement number or day")
    holder_name: Mapped[str | None] = mapped_column(Name, comment="专利权人")
    regime: Mapped[str | None] = mapped_column(Short, comment="pilot (试点) or cnipa (国知局公告)")
    platform: Mapped[str | None] = mapped_column(Name, comment="local platform of the pilot")
    announcement_number: Mapped[str | None] = mapped_column(Name, comment="公告号 of the declaration")
    declared_on: Mapped[date | None] = mapped_column(comment="day it was published")
    fee_method: Mapped[str | None] = mapped_column(Short, comment="fixed, royalty_sales, royalty_profit, free")
    fee_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="fixed fee, fen inside")
    royalty_percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3), comment="percent of net sales or profit")
    fee_text: Mapped[str | None] = mapped_column(Text, comment="fee standard in the declaration's words")
    valid_from_on: Mapped[date | None] = mapped_column(comment="first day of the period")
    valid_to_on: Mapped[date | None] = mapped_column(comment="last day of the period")
    industry: Mapped[str | None] = mapped_column(Name, comment="related industry of the city")
    industry_reason: Mapped[str | None] = mapped_column(Text, comment="why it is related")
    ended_on: Mapped[date | None] = mapped_column(comment="day the holder withdrew the declaration")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")


class Licence(Identified, Recorded, Withdrawable, Marked, Base):
    """One open licence reached: one patent, one licensee."""

    __tablename__ = "licences"
    __table_args__ = {"comment": "open licences reached (达成开放许可) as now known"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    offer_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("offers.id"), index=True, comment="declaration accepted"
    )
    identity_key: Mapped[str] = mapped_column(Name, unique=True, comment="patent, licensee, day of notice or reaching")
    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), index=True, comment="licensee in the base"
    )
    licensee_name: Mapped[str] = mapped_column(Name, comment="被许可人 as written")
    licensee_uscc: Mapped[str | None] = mapped_column(Short, comment="统一社会信用代码")
    licensor_name: Mapped[str | None] = mapped_column(Name, comment="许可人 as written")
    regime: Mapped[str | None] = mapped_column(Short, comment="pilot or cnipa")
    notified_on: Mapped[date | None] = mapped_column(comment="书面通知 of the licensee")
    reached_on: Mapped[date | None] = mapped_column(comment="day the licence was reached")
    paid_on: Mapped[date | None] = mapped_column(comment="付款日")
    paid_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="fen inside")
    payment_proof: Mapped[str | None] = mapped_column(Text, comment="voucher number (付款凭证)")
    payment_evidence_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("evidence_files.id"), comment="file that proves the payment"
    )
    refunded_on: Mapped[date | None] = mapped_column(comment="退款日: last day on which some of it went back")
    refunded_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="退款, together, fen inside")
    terminated_on: Mapped[date | None] = mapped_column(comment="day the licence ended early")
    affiliation_overruled_by: Mapped[int | None] = mapped_column(
        Key, ForeignKey("accounts.id"), comment="bureau account that overruled a suspected affiliation"
    )
    filing_number: Mapped[str | None] = mapped_column(Name, comment="备案号")
    filed_on: Mapped[date | None] = mapped_column(comment="备案日, due within 3 months")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")


class IndustryWord(Identified, Entered, Base):
    """A second person's word on an offer's industry that no class of the patent serves; the newest one counts."""

    __tablename__ = "industry_words"
    __table_args__ = {"comment": "industries of offers accepted, or not, by a second person"}

    offer_id: Mapped[int] = mapped_column(Key, ForeignKey("offers.id"), index=True, comment="declaration")
    industry: Mapped[str] = mapped_column(Name, comment="related industry as it stood")
    reason: Mapped[str] = mapped_column(Text, comment="reason as it stood")
    accepted: Mapped[bool] = mapped_column(comment="accepted; else refused")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), comment="for which organisation")
    role: Mapped[str] = mapped_column(Short, comment="role at that moment")
    note: Mapped[str | None] = mapped_column(Text, comment="why")


class OfferDeclaration(Identified, Entered, Base):
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
