"""What recipients of messages chose: kinds, channels, times, own addresses, and the letters that went to these."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime


class RecipientChoice(Identified, Entered, Marked, Base):
    """What an organisation chose; append-only, the newest row speaks."""

    __tablename__ = "recipient_choices"
    __table_args__ = {"comment": "channels, times and use of the profile that recipients chose, append-only"}

    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="whose choice it is"
    )
    choices: Mapped[dict[str, Any]] = mapped_column(Json, comment="domain.messages.Choices; no personal data")


class RecipientAddress(Identified, Entered, Withdrawable, Marked, Base):
    """An address that an organisation gave for messages to itself: mailbox, telephone, robot or web address."""

    __tablename__ = "recipient_addresses"
    __table_args__ = {"comment": "addresses that recipients gave themselves"}

    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="whose address it is"
    )
    channel: Mapped[str] = mapped_column(Short, comment="email, sms, wecom, dingtalk, feishu, webhook ...")
    sealed: Mapped[str] = mapped_column(Text, comment="address and secret, readable with the installation's key only")
    address_key: Mapped[str] = mapped_column(Short, index=True, comment="keyed digest of channel and address")
    shown: Mapped[str] = mapped_column(Name, comment="what may be shown of it")
    by_code: Mapped[bool] = mapped_column(comment="it must be confirmed by a code before anything else goes there")
    code_digest: Mapped[str | None] = mapped_column(Short, comment="keyed digest of the code sent last")
    code_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="until when that code holds, UTC")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: its code is awaited")
    trouble: Mapped[str | None] = mapped_column(Text, comment="why its server refuses it; empty: none known")
    trouble_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="since when, UTC")


class ChannelLetter(Identified, Marked, Base):
    """One letter to one address that a recipient gave, kept as sent."""

    __tablename__ = "channel_letters"
    __table_args__ = {"comment": "letters to addresses that recipients gave themselves, kept as sent"}

    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), index=True, comment="recipient")
    address_id: Mapped[int] = mapped_column(
        Key, ForeignKey("recipient_addresses.id"), index=True, comment="address it goes to"
    )
    kind: Mapped[str] = mapped_column(Short, comment="kind of message: pushes, threads, deals ...")
    channel: Mapped[str] = mapped_column(Short, comment="channel it goes by")
    message_id: Mapped[str] = mapped_column(Name, unique=True, comment="made once; repeated when sent again")
    token_hash: Mapped[str] = mapped_column(Short, unique=True, comment="SHA-256 of the token of its links")
    subject: Mapped[str] = mapped_column(Text, comment="as sent")
    text: Mapped[str] = mapped_column(Text, comment="as sent")
    link: Mapped[str] = mapped_column(Text, comment="where it leads")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC")
    state: Mapped[str] = mapped_column(
        Short, index=True, comment="planned, sending, delivered, written, refused, given_up or suppressed"
    )
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="attempts so far")
    claimed_until_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="a sender has it, or it waits, until then, UTC"
    )
    outcome: Mapped[str | None] = mapped_column(Short, comment="what the channel answered last")
    reply: Mapped[str | None] = mapped_column(Text, comment="in the words of its server")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")


class ChannelLetterItem(Identified, Base):
    """What a letter tells of: a push or a notice, each once per address."""

    __tablename__ = "channel_letter_items"
    __table_args__ = (
        UniqueConstraint("address_id", "subject_kind", "subject_id"),
        {"comment": "pushes and notices that letters tell of, each once per address"},
    )

    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("channel_letters.id"), index=True, comment="letter")
    address_id: Mapped[int] = mapped_column(Key, ForeignKey("recipient_addresses.id"), comment="address")
    subject_kind: Mapped[str] = mapped_column(Short, comment="pushes or notices")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
