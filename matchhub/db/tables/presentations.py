"""What holders tell of their patents: words of each day, and files shown as pictures."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Name, Short, Withdrawable
from matchhub.db.types import Key


class PatentPresentation(Identified, Entered, Base):
    """What one holder says of one patent; a later row takes the place of the earlier, which stays."""

    __tablename__ = "patent_presentations"
    __table_args__ = (
        Index("ix_patent_presentations_patent", "patent_id", "organisation_id"),
        {"comment": "what holders say of their patents; the newest row of a holder stands"},
    )

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), comment="patent told of")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), comment="holder who tells")
    gains: Mapped[str] = mapped_column(Text, comment="what the buyer gets, in the holder's words")
    maturity: Mapped[str | None] = mapped_column(Short, comment="stage, a key of domain/maturity.toml")
    video_link: Mapped[str] = mapped_column(String(300), comment="https address, shown as text; empty for none")
    shown: Mapped[bool] = mapped_column(comment="everybody may see words and files; else the holder alone")


class PatentFile(Identified, Entered, Withdrawable, Base):
    """A drawing or document of a patent, kept by its content among the evidence; its pages are shown as pictures."""

    __tablename__ = "patent_files"
    __table_args__ = (
        Index("ix_patent_files_patent", "patent_id", "organisation_id"),
        {"comment": "drawings and documents that holders add to their patents"},
    )

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), comment="patent shown")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisations.id"), comment="holder who added it")
    caption: Mapped[str] = mapped_column(Name, comment="what it shows")
    sha256: Mapped[str] = mapped_column(Short, comment="of the content")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    media_type: Mapped[str] = mapped_column(String(120), comment="by its content")
    pages: Mapped[int] = mapped_column(Integer, comment="pages that are shown")
