"""Notices inside the application: one organisation, one thing, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
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
    code: Mapped[str] = mapped_column(Short, comment="its sentence in matchhub/wording")
    fields: Mapped[dict[str, Any]] = mapped_column(Json, comment="data of the sentence, no contact data")
    subject_kind: Mapped[str] = mapped_column(Short, comment="kind: threads, deals, licences, demands ...")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    unique_key: Mapped[str] = mapped_column(Name, unique=True, comment="told once")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="first read, UTC")
