"""Consent of parties that their deal or licence is told in public as a success story (成功案例)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Short
from matchhub.db.types import Key


class StoryConsent(Identified, Entered, Base):
    """One party's word on telling its deal or licence; the newest of an organisation holds."""

    __tablename__ = "story_consents"
    __table_args__ = (
        Index("ix_story_consents_subject", "subject_kind", "subject_id"),
        {"comment": "consent of parties to success stories, append-only; the newest of an organisation holds"},
    )

    subject_kind: Mapped[str] = mapped_column(Short, comment="deals or licences")
    subject_id: Mapped[int] = mapped_column(Key, comment="id within that kind")
    organisation_id: Mapped[int] = mapped_column(
        Key, ForeignKey("organisations.id"), index=True, comment="party whose word it is"
    )
    granted: Mapped[bool] = mapped_column(comment="may be told; false: no longer")
    figures: Mapped[bool] = mapped_column(comment="with what was paid")
