"""Patents (专利): one row per invention, with aliases, holders, classes, dated legal status and encumbrances."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Key, UtcDateTime


class Patent(Identified, Recorded, Withdrawable, Marked, Base):
    """A patent as now known. Its identity is the application number; a publication number may stand in until then."""

    __tablename__ = "patents"
    __table_args__ = {"comment": "patents (专利) as now known"}

    application_number: Mapped[str | None] = mapped_column(Short, unique=True, comment="申请号 201710601862.3, checked")
    number_completed: Mapped[bool] = mapped_column(
        default=False, comment="no source gave the check digit of the application number; it was computed"
    )
    publication_number: Mapped[str | None] = mapped_column(
        Short, index=True, comment="公开(公告)号 as first seen, CN1234567A"
    )
    title: Mapped[str | None] = mapped_column(Text, comment="名称")
    abstract: Mapped[str | None] = mapped_column(Text, comment="摘要")
    claim: Mapped[str | None] = mapped_column(Text, comment="主权项")
    patent_type: Mapped[str | None] = mapped_column(Short, comment="invention, utility_model or design")
    filed_on: Mapped[date | None] = mapped_column(comment="申请日")
    published_on: Mapped[date | None] = mapped_column(comment="公开日")
    granted_on: Mapped[date | None] = mapped_column(comment="授权公告日")
    expires_on: Mapped[date | None] = mapped_column(comment="失效日 where a source states it")
    annuity_paid_to_on: Mapped[date | None] = mapped_column(comment="年费已缴至 where a source or the holder states it")
    agency_name: Mapped[str | None] = mapped_column(Name, comment="代理机构")
    agency_code: Mapped[str | None] = mapped_column(Short, comment="代理机构代码, 5 digits")
    address: Mapped[str | None] = mapped_column(Text, comment="address of the first holder as published")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="last change of what is known, UTC")


class PatentAlias(Identified, Recorded, Base):
    """Another number of a patent."""

    __tablename__ = "patent_aliases"
    __table_args__ = {"comment": "publication numbers and other names of one patent"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent meant")
    value: Mapped[str] = mapped_column(Short, unique=True, comment="the number in its canonical form")


class PatentHolder(Identified, Base):
    """A person or firm named on a patent, in order."""

    __tablename__ = "patent_holders"
    __table_args__ = (
        UniqueConstraint("patent_id", "role", "position"),
        {"comment": "applicants, owners and inventors of patents as now known"},
    )

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), comment="patent")
    role: Mapped[str] = mapped_column(Short, comment="applicant (申请人), owner (专利权人) or inventor (发明人)")
    position: Mapped[int] = mapped_column(Integer, comment="0-based place in the list")
    name: Mapped[str] = mapped_column(Text, comment="name as published")
    name_key: Mapped[str] = mapped_column(Text, index=True, comment="normalised name")


class PatentClass(Identified, Base):
    """A classification symbol of a patent, main one first."""

    __tablename__ = "patent_classes"
    __table_args__ = (
        UniqueConstraint("patent_id", "scheme", "position"),
        Index("ix_patent_classes_symbol", "scheme", "symbol"),
        {"comment": "IPC (国际专利分类) and Locarno (洛迦诺) symbols as now known"},
    )

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), comment="patent")
    scheme: Mapped[str] = mapped_column(Short, comment="ipc or locarno")
    position: Mapped[int] = mapped_column(Integer, comment="0-based; 0 is the main class")
    symbol: Mapped[str] = mapped_column(Short, comment="A01B 1/02 or 02-04")


class PatentStatus(Identified, Recorded, Withdrawable, Base):
    """What a source said of the legal status (法律状态) on a day; the newest as-of day speaks."""

    __tablename__ = "patent_statuses"
    __table_args__ = {"comment": "dated legal status of patents, append-only"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    validity: Mapped[str] = mapped_column(Short, comment="in_force, pending, dead or unknown")
    reason: Mapped[str] = mapped_column(Short, default="", comment="granted, fee_lapsed, invalidated, ...")
    wording: Mapped[str] = mapped_column(Text, default="", comment="the source's own words")
    as_of_on: Mapped[date] = mapped_column(comment="day on which the source looked")
    day_told: Mapped[bool] = mapped_column(default=False, comment="the source told that day; else that of the import")


class PatentEncumbrance(Identified, Recorded, Withdrawable, Base):
    """What a source said of a day: something limits what may be done with a patent, or no longer does."""

    __tablename__ = "patent_encumbrances"
    __table_args__ = {"comment": "pledge, preservation, exclusive or sole licence, open licence, dispute"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent")
    encumbrance_type: Mapped[str] = mapped_column(Short, comment="pledge, preservation, exclusive_licence, ...")
    from_on: Mapped[date | None] = mapped_column(comment="first day")
    to_on: Mapped[date | None] = mapped_column(comment="last day; empty: still on")
    register_event: Mapped[str] = mapped_column(Short, default="", comment="PC01, PP01, EE01 ... where known")
    ended: Mapped[bool] = mapped_column(default=False, comment="the source says that it has ended")
    as_of_on: Mapped[date] = mapped_column(comment="day of which the source says so")
    day_told: Mapped[bool] = mapped_column(default=False, comment="the source told that day; else that of the import")
