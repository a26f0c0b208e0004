"""Demands (技术需求) of enterprises and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Float, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class Demand(Identified, Recorded, Marked, Base):
    """A demand as now known; its life is in ``demand_events``."""

    __tablename__ = "demands"
    __table_args__ = {"comment": "technology demands (技术需求) as now known"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="who needs it")
    title: Mapped[str] = mapped_column(Text, comment="需求名称")
    text: Mapped[str] = mapped_column(Text, comment="拟解决的技术难题")
    text_key: Mapped[str] = mapped_column(
        Short, index=True, comment="digest of enterprise and normalised wording: the same demand again"
    )
    object: Mapped[str | None] = mapped_column(Text, comment="对象: what it is about")
    aim: Mapped[str | None] = mapped_column(Text, comment="目的: what is wanted")
    targets: Mapped[str | None] = mapped_column(Text, comment="技术指标")
    existing: Mapped[str | None] = mapped_column(Text, comment="现有基础条件")
    technical_field: Mapped[str | None] = mapped_column(Text, comment="技术领域")
    ipc: Mapped[list[str]] = mapped_column(Json, comment="IPC symbols given with the demand")
    cooperation_form: Mapped[str | None] = mapped_column(Name, comment="合作方式")
    budget_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="预算金额, fen inside")
    budget_negotiable: Mapped[bool] = mapped_column(default=False, comment="面议")
    contact_name: Mapped[str | None] = mapped_column(Name, comment="联系人; personal data")
    contact_phone: Mapped[str | None] = mapped_column(Short, comment="personal data, masked")
    contact_email: Mapped[str | None] = mapped_column(Name, comment="personal data, masked")
    posted_on: Mapped[date] = mapped_column(comment="day it was posted")
    valid_until_on: Mapped[date | None] = mapped_column(comment="有效期")
    authorised_on: Mapped[date | None] = mapped_column(comment="day the enterprise authorised it")
    authorised_by: Mapped[str | None] = mapped_column(Name, comment="who authorised it, or how")
    confidentiality: Mapped[str] = mapped_column(
        Short,
        default="title",
        server_default="title",
        comment="who reads the text: title (institutions), interest (after interest), invited",
    )
    state: Mapped[str] = mapped_column(Short, index=True, comment="submitted, returned, verified, solved, withdrawn")
    duplicate_of_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("demands.id"), comment="earlier demand it nearly repeats"
    )
    duplicate_score: Mapped[float | None] = mapped_column(Float, comment="0..1 likeness to that demand")
    duplicate_decision: Mapped[str | None] = mapped_column(Short, comment="same or different, once a person decided")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="last change of what is known, UTC")


class DemandEvent(Identified, Recorded, Base):
    """One step in the life of a demand, append-only."""

    __tablename__ = "demand_events"
    __table_args__ = {"comment": "life of demands: submitted, verified, authorised, returned, solved and so on"}

    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand")
    state: Mapped[str] = mapped_column(Short, comment="state entered")
    occurred_on: Mapped[date] = mapped_column(comment="day it happened")
    note: Mapped[str | None] = mapped_column(Text, comment="reason, or what was found when it was verified")
    how: Mapped[str | None] = mapped_column(Short, comment="how it was verified: call, visit, message, ...")
    spoken_to: Mapped[str | None] = mapped_column(Name, comment="who was spoken to; personal data")
    spoken_post: Mapped[str | None] = mapped_column(Name, comment="what that person is in the enterprise")


class DemandDraft(Identified, Entered, Marked, Base):
    """A demand that is not yet posted: kept by the enterprise, or entered by the operator for it to confirm."""

    __tablename__ = "demand_drafts"
    __table_args__ = {"comment": "demands being prepared; none of them is counted"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="whose demand")
    origin: Mapped[str] = mapped_column(Short, comment="own, fair or phone")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="fields, empty once posted; holds personal data")
    note: Mapped[str | None] = mapped_column(Text, comment="where it was collected")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change, UTC")
    typing_key: Mapped[str | None] = mapped_column(
        Short, index=True, comment="key of the form it was typed in; what comes with it after the posting is not kept"
    )
    demand_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("demands.id"), comment="demand it became, once confirmed"
    )
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="refused by the enterprise, UTC")


class DemandInvitation(Identified, Entered, Withdrawable, Base):
    """An organisation that may see a demand shown to invited ones only."""

    __tablename__ = "demand_invitations"
    __table_args__ = {"comment": "organisations invited to confidential demands"}

    demand_id: Mapped[int] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation invited"
    )
