"""Notices inside the application: one organisation, one thing, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class Notice(Identified, Marked, Base):
    """Something an organisation is told inside the application."""

    __tablename__ = "notices"
    __table_args__ = {"comment": "notices and reminders inside the application"}

    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation told"
    )
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("accounts.id"), comment="the one account that is told; empty: all of the organisation"
    )
    code: Mapped[str] = mapped_column(Short, comment="its sentence in matchhub/wording")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="data of the sentence, no contact data")
    subject_kind: Mapped[str] = mapped_column(Short, comment="kind: threads, deals, licences, demands ...")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    unique_key: Mapped[str] = mapped_column(Name, unique=True, comment="told once")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first read, UTC")


class Reading(Identified, Base):
    """That one account has read a notice or a thread; the newest reading stands."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("account_id", "subject_kind", "subject_id"),
        {"comment": "what each account has read: notices, threads"},
    )

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), comment="who read it")
    subject_kind: Mapped[str] = mapped_column(Short, comment="notices or threads")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last read, UTC")
