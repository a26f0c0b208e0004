"""What the parties of deals and licences were told and asked, and what they said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Name, Short
from matchhub.db.types import Json, Key, UtcDateTime


class PartyWord(Identified, Entered, Base):
    """One thing done to a deal or licence that one of its parties was told of, and that party's yes or no to it.

    Who does it says yes by doing it. ``recorded_at`` and ``recorded_by`` tell when it was done and by whom.
    """

    __tablename__ = "party_words"
    __table_args__ = (
        Index("ix_party_words_subject", "subject_kind", "subject_id"),
        {"comment": "what parties of deals and licences were asked, and their yes or no"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals or licences")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    role: Mapped[str] = mapped_column(Short, comment="seller or buyer; of a licence licensor or licensee are meant")
    name: Mapped[str] = mapped_column(Name, comment="the party as the contract names it")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="organisation that was asked"
    )
    act: Mapped[str] = mapped_column(Short, comment="opened, signed, changed, paid, refunded, cancelled, ...")
    said: Mapped[dict[str, Any]] = mapped_column(Json, comment="what was done: days, amounts, values before and after")
    answer: Mapped[str | None] = mapped_column(Short, comment="yes or no; empty: no answer yet")
    note: Mapped[str | None] = mapped_column(Text, comment="the party's own words")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="UTC")
    answered_by: Mapped[int | None] = mapped_column(Key, comment="account that answered")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="a no that was settled, UTC")
    settled_by: Mapped[int | None] = mapped_column(Key, comment="account of the bureau that settled it")
    settled_note: Mapped[str | None] = mapped_column(Text, comment="how it was settled")
