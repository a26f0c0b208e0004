"""Meeting of demand and patent: threads, messages, guests, reveals, notices, where deals came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime


class Said:
    """When and by whom a row was written by hand; nothing of this comes by import."""

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC", sort_order=80)
    recorded_by: Mapped[int | None] = mapped_column(
        Key, comment="account that wrote it; empty: the system", sort_order=81
    )


class Thread(Identified, Said, Marked, Base):
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


class ThreadMessage(Identified, Said, Base):
    """One message of a thread, perhaps with a file; append-only."""

    __tablename__ = "thread_messages"
    __table_args__ = {"comment": "messages and files of threads"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    side: Mapped[str] = mapped_column(Short, comment="enterprise, holder, operator or guest")
    text: Mapped[str] = mapped_column(Text, comment="what was written")
    file_name: Mapped[str | None] = mapped_column(Name, comment="name of the file sent with it")
    file_sha256: Mapped[str | None] = mapped_column(Short, comment="of its content")
    file_size: Mapped[int | None] = mapped_column(BigInteger, comment="bytes")


class ThreadGuest(Identified, Said, Withdrawable, Base):
    """An expert or a service agency invited into a thread."""

    __tablename__ = "thread_guests"
    __table_args__ = {"comment": "experts and agencies invited into threads"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    expert_id: Mapped[int | None] = mapped_column(Key, ForeignKey("experts.id"), comment="expert invited")
    agency_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency invited")
    note: Mapped[str | None] = mapped_column(Text, comment="what is asked of the guest")


class Reveal(Identified, Said, Base):
    """Contact data of one side shown to an account of the other side."""

    __tablename__ = "reveals"
    __table_args__ = {"comment": "contact data shown, by whom to whom (PIPL)"}

    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")
    side: Mapped[str] = mapped_column(Short, comment="whose data were shown: enterprise or holder")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who saw them")


class Notice(Identified, Marked, Base):
    """Something an organisation is told inside the application."""

    __tablename__ = "notices"
    __table_args__ = {"comment": "notices and reminders inside the application"}

    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation told"
    )
    code: Mapped[str] = mapped_column(Short, comment="its sentence in matchhub/wording")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="data of the sentence, no contact data")
    subject_kind: Mapped[str] = mapped_column(Short, comment="threads, deals, licences, demands, listings or drafts")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    unique_key: Mapped[str] = mapped_column(Name, unique=True, comment="told once")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first read, UTC")


class FormKey(Identified, Base):
    """A form that was sent: the same form sent again acts once."""

    __tablename__ = "form_keys"
    __table_args__ = (UniqueConstraint("account_id", "form_key"), {"comment": "forms sent, so that each acts once"})

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who sent it")
    form_key: Mapped[str] = mapped_column(Short, comment="random key that came with the form")
    digest: Mapped[str] = mapped_column(Short, comment="SHA-256 of what was sent")
    result: Mapped[int] = mapped_column(Key, comment="id of what it made")
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")


class DealOrigin(Identified, Said, Base):
    """The thread a deal grew out of."""

    __tablename__ = "deal_origins"
    __table_args__ = {"comment": "threads that deals grew out of"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), unique=True, comment="deal")
    thread_id: Mapped[int] = mapped_column(Key, ForeignKey("threads.id"), index=True, comment="thread")


class DealAgency(Identified, Said, Withdrawable, Base):
    """A service agency that brought a deal about (二(二))."""

    __tablename__ = "deal_agencies"
    __table_args__ = {"comment": "service agencies that brought deals about"}

    deal_id: Mapped[int] = mapped_column(Key, ForeignKey("deals.id"), index=True, comment="deal")
    agency_id: Mapped[int] = mapped_column(Key, ForeignKey("agencies.id"), index=True, comment="agency")
