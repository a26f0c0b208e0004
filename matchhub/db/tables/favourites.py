"""Patents that an account wants to keep an eye on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified
from matchhub.db.types import Key, UtcDateTime


class Favourite(Identified, Base):
    """One patent that one account follows; the row goes when it no longer does. Nothing counts it."""

    __tablename__ = "favourites"
    __table_args__ = {"comment": "patents that accounts follow; seen by the account alone, erased with it"}

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("accounts.id"), index=True, comment="who follows it")
    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="the patent")
    note: Mapped[str | None] = mapped_column(Text, comment="the account's own words; may hold personal data")
    followed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="UTC")
    was_ended: Mapped[bool] = mapped_column(comment="the right had ended when it was last looked at")
    known_offers: Mapped[str] = mapped_column(Text, comment="offers that stood then, as numbers; empty: none")
