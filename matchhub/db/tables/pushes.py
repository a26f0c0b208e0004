"""Precise patent pushes (精准推送): messages, their items, attempts at delivery, answers and suppressions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime


class Push(Identified, Recorded, Withdrawable, Marked, Base):
    """One message with at least one patent to one named enterprise."""

    __tablename__ = "pushes"
    __table_args__ = {"comment": "precise patent pushes (精准推送), one message each"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="recipient")
    demand_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("demands.id"), index=True, comment="demand it answers; empty: profile"
    )
    run_id: Mapped[int | None] = mapped_column(Key, ForeignKey("match_runs.id"), comment="match run it was chosen from")
    model: Mapped[str] = mapped_column(Name, comment="model version that scored it")
    unique_key: Mapped[str] = mapped_column(
        Name, unique=True, comment="digest of recipient, demand and patents: planned once"
    )
    message_id: Mapped[str] = mapped_column(Name, unique=True, comment="Message-ID, made once when planned")
    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the link's token")
    recipient_email: Mapped[str | None] = mapped_column(Name, comment="address when planned; personal data")
    due_on: Mapped[date] = mapped_column(index=True, comment="day it may be sent from")
    state: Mapped[str] = mapped_column(
        Short, index=True, comment="planned, sending, delivered, written (to a folder only), failed, suppressed"
    )
    delivered_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, index=True, comment="first delivery on any channel, UTC"
    )
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first written to a folder, UTC")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first reading, UTC")
    hand_reason: Mapped[str | None] = mapped_column(
        Text, comment="why the operator added it by hand; empty: chosen by the rules"
    )


class PushItem(Identified, Base):
    """One patent inside a push with the score and the reasons as sent."""

    __tablename__ = "push_items"
    __table_args__ = (UniqueConstraint("push_id", "patent_id"), {"comment": "patents of pushes, as sent"})

    push_id: Mapped[int] = mapped_column(Key, ForeignKey("pushes.id"), index=True, comment="push")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    position: Mapped[int] = mapped_column(Integer, comment="1-based place in the message")
    score: Mapped[float] = mapped_column(Float, comment="0..1 when chosen")
    floor: Mapped[float] = mapped_column(Float, comment="published floor of that model when chosen")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json, comment="summands of the score as sent")
    warnings: Mapped[list[str]] = mapped_column(Json, comment="codes of warnings shown with it")


class PushDelivery(Identified, Recorded, Base):
    """One attempt to deliver on one channel, append-only, with the server's reply."""

    __tablename__ = "push_deliveries"
    __table_args__ = {"comment": "attempts at delivery and what the channel answered"}

    push_id: Mapped[int] = mapped_column(Key, ForeignKey("pushes.id"), index=True, comment="push")
    channel: Mapped[str] = mapped_column(Short, comment="what carried it: inbox, smtp, file, ...")
    outcome: Mapped[str] = mapped_column(Short, comment="delivered, written, deferred, refused or sender_fault")
    reply: Mapped[str] = mapped_column(Text, default="", comment="what the channel answered")
    sent_text: Mapped[str | None] = mapped_column(Text, comment="subject and text as sent, without the link's token")


class PushSending(Identified, Base):
    """The outbox: what one channel still has to do for one push, claimed by one sender at a time."""

    __tablename__ = "push_sendings"
    __table_args__ = (UniqueConstraint("push_id", "channel"), {"comment": "outbox of pushes, one row per channel"})

    push_id: Mapped[int] = mapped_column(Key, ForeignKey("pushes.id"), index=True, comment="push")
    channel: Mapped[str] = mapped_column(Short, comment="mail, ...: the channel's key")
    state: Mapped[str] = mapped_column(Short, index=True, comment="waiting, sending, delivered, written, failed")
    fence: Mapped[int] = mapped_column(Integer, default=0, comment="grows with every claim; an older one is void")
    claimed_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="a sender has it until then, UTC")
    not_before_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="tried again from then, UTC")
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="attempts put down to this letter")
    faults: Mapped[int] = mapped_column(Integer, default=0, comment="attempts that the server blamed on the sender")
    letter: Mapped[int | None] = mapped_column(Key, comment="first push of the letter that carries it")
    reason: Mapped[str | None] = mapped_column(Short, comment="why it was given up: code of the words")


class BouncedAddress(Identified, Recorded, Withdrawable, Base):
    """An address that its own server says does not exist: an address of a channel, never a firm."""

    __tablename__ = "bounced_addresses"
    __table_args__ = {"comment": "addresses no letter goes to until lifted; a corrected address is another one"}

    channel: Mapped[str] = mapped_column(Short, comment="the channel's key")
    email: Mapped[str] = mapped_column(Name, index=True, comment="the address in small letters; personal data")
    push_id: Mapped[int | None] = mapped_column(Key, ForeignKey("pushes.id"), comment="push that found it out")
    reply: Mapped[str] = mapped_column(Text, comment="what its server said")


class ChannelTrouble(Base):
    """What a channel's server last held against this installation; cleared by the next success."""

    __tablename__ = "channel_troubles"
    __table_args__ = {"comment": "last trouble of each channel"}

    channel: Mapped[str] = mapped_column(Short, primary_key=True, comment="the channel's key")
    code: Mapped[str] = mapped_column(Short, comment="what to do: code of the words")
    reply: Mapped[str] = mapped_column(Text, comment="what the server said")
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="first round that stopped, UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last round that stopped, UTC")
    times: Mapped[int] = mapped_column(Integer, default=1, comment="rounds that stopped since")
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first success after it, UTC")


class PushAnswer(Identified, Recorded, Base):
    """A coded answer of the recipient to one patent of a push; the newest speaks."""

    __tablename__ = "push_answers"
    __table_args__ = {"comment": "coded answers of enterprises, append-only"}

    item_id: Mapped[int] = mapped_column(Key, ForeignKey("push_items.id"), index=True, comment="patent of the push")
    code: Mapped[str] = mapped_column(Short, comment="fits, contact, not_my_field, too_expensive, ...")
    note: Mapped[str | None] = mapped_column(Text, comment="the recipient's own words")


class Suppression(Identified, Recorded, Withdrawable, Base):
    """An enterprise that wants no pushes (off switch, complaint); a bounce is an address's (``BouncedAddress``)."""

    __tablename__ = "suppressions"
    __table_args__ = {"comment": "enterprises that must not be pushed to"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="enterprise")
    cause: Mapped[str] = mapped_column(Short, comment="unsubscribed, complaint, operator")


class PlatformEvent(Identified, Recorded, Base):
    """A view, contact or other touch of one patent by one enterprise on the platform: the start of attribution."""

    __tablename__ = "platform_events"
    __table_args__ = {"comment": "views, contacts and interest per enterprise and patent, append-only"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="enterprise")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    demand_id: Mapped[int | None] = mapped_column(Key, ForeignKey("demands.id"), comment="demand it came from")
    event: Mapped[str] = mapped_column(Short, comment="view, interest or contact")
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
