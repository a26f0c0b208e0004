"""Addresses of organisations' programs that are told of events, and what was posted there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Name, Short
from matchhub.db.types import Key, UtcDateTime


class Webhook(Identified, Base):
    """One address: events of its organisation go there in their order until it is switched off or withdrawn."""

    __tablename__ = "webhooks"
    __table_args__ = {"comment": "web addresses of programs that are told of events"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who entered it")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="whose events go there"
    )
    sealed: Mapped[str] = mapped_column(Text, comment="address and secret, sealed; empty when withdrawn")
    address_key: Mapped[str] = mapped_column(Short, comment="keyed digest of the address")
    shown: Mapped[str] = mapped_column(Name, comment="scheme and host, as may be shown")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC; what was told before does not go there")
    failures: Mapped[int] = mapped_column(default=0, comment="posts in a row that were not accepted")
    rests_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="no post before, UTC")
    off_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="switched off after lasting failure, UTC")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: in use")
    withdrawn_by: Mapped[int | None] = mapped_column(Key, ForeignKey("accounts.id"), comment="account that withdrew it")


class WebhookEvent(Identified, Base):
    """One event for one address; its id stays the same however often it is posted."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("webhook_id", "subject_kind", "subject_id"),
        {"comment": "events for webhooks and what became of them"},
    )

    webhook_id: Mapped[int] = mapped_column(Key, ForeignKey("webhooks.id"), index=True, comment="where it goes")
    event_id: Mapped[str] = mapped_column(Short, unique=True, comment="id by which the receiver takes it once")
    subject_kind: Mapped[str] = mapped_column(Short, comment="notices or pushes")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    state: Mapped[str] = mapped_column(Short, index=True, comment="waiting, delivered, written or dropped")
    attempts: Mapped[int] = mapped_column(default=0, comment="posts so far")
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last post, UTC")
    reply: Mapped[str | None] = mapped_column(Text, comment="what was answered last, in short")
