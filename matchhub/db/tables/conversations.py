"""Meeting of demand and patent: threads, messages, guests, reveals, notices, where deals came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Marked, Name, Short, Withdrawable
from matchhub.db.types import Key, UtcDateTime


class Thread(Identified, Entered, Marked, Base):
    """One conversation about one patent for one demand (or for none) between its two parties."""

    __tablename__ = "threads"
    __table_args__ = {"comment": "conversations: one per enterprise, demand and patent"}

    unique_key: Mapped[str] = mapped_column(Name, unique=True, comment="enterprise:demand:patent")
    demand_id: Mapped[int | None] = mapped_column(Key, ForeignKey("demands.id"), index=True, comment="demand, if any")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="who needs it")
    organisation_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="holder's organisation; empty: it has no account yet"
    )
    opened_by_side: Mapped[str] = mapped_column(Short, comment="enterprise, holder or operator")
    enterprise_agreed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="enterprise agreed to exchange contact data, UTC"
    )
    holder_agreed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="holder agreed to exchange contact data, UTC"
    )
    awaiting: Mapped[str | None] = mapped_column(Short, comment="side whose answer is awaited: enterprise or holder")
    awaiting_since_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="last reminder, UTC")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="closed by a party or the operator, UTC")
    closed_reason: Mapped[str | None] = mapped_column(Text, comment="why it was closed")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last act in it, UTC")


class ThreadMessage(Identified, Entered, Base):
    """One message of a thread, perhaps with a file; append-only."""

    __tablename__ = "thread_messages"
    __table_args__ = {"comment": "messages and files of threads"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    side: Mapped[str] = mapped_column(Short, comment="enterprise, holder, operator or guest")
    text: Mapped[str] = mapped_column(Text, comment="what was written")
    file_name: Mapped[str | None] = mapped_column(Name, comment="name of the file sent with it")
    file_sha256: Mapped[str | None] = mapped_column(Short, comment="of its content")
    file_size: Mapped[int | None] = mapped_column(BigInteger, comment="bytes")


class ThreadGuest(Identified, Entered, Withdrawable, Base):
    """An expert or a service agency invited into a thread."""

    __tablename__ = "thread_guests"
    __table_args__ = {"comment": "experts and agencies invited into threads"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    expert_id: Mapped[int | None] = mapped_column(Key, ForeignKey("experts.id"), comment="expert invited")
    agency_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency invited")
    note: Mapped[str | None] = mapped_column(Text, comment="what is asked of the guest")


class Reveal(Identified, Entered, Base):
    """Contact data of one side shown to an account of the other side."""

    __tablename__ = "reveals"
    __table_args__ = {"comment": "contact data shown, by whom to whom (PIPL)"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    side: Mapped[str] = mapped_column(Short, comment="whose data were shown: enterprise or holder")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who saw them")
