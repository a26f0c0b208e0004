"""Searches that an account keeps, to be told what is new among what they find."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Short
from matchhub.db.types import Json, Key, UtcDateTime


class SavedSearch(Identified, Base):
    """One search of one account: its question, and what it found when somebody or the worker last looked."""

    __tablename__ = "saved_searches"
    __table_args__ = {"comment": "searches that accounts keep"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="whose search it is")
    kind: Mapped[str] = mapped_column(Short, comment="kind of record: patents, offers, demands ...")
    query: Mapped[str] = mapped_column(Text, comment="words typed; empty: filters alone")
    filters: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="filters by name, as the address of the list has them"
    )
    known_ids: Mapped[list[int]] = mapped_column(Json, comment="records that it found at the last look")
    fresh_ids: Mapped[list[int]] = mapped_column(Json, comment="found since and not seen by the account yet")
    untold: Mapped[int] = mapped_column(default=0, comment="how many of these no letter has told yet")
    told_on: Mapped[date | None] = mapped_column(comment="day of the last letter; one a day and account at the most")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="what is fresh came since then, UTC")
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last look, UTC")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC; empty: in use")
