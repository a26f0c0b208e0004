"""Packages that were built for a claim, and the days on which they were handed in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Entered, Identified, Short
from matchhub.db.types import Key, UtcDateTime


class Claim(Identified, Entered, Base):
    """One package: what was asked for, how far it is, and what froze it in the log."""

    __tablename__ = "claims"
    __table_args__ = {"comment": "claim packages: asked for, built, frozen in the log, handed in"}

    goal: Mapped[str] = mapped_column(Short, comment="goal of the rule pack")
    policy: Mapped[str] = mapped_column(Short, comment="rule pack")
    as_of_on: Mapped[date] = mapped_column(comment="counted as of this day")
    unmasked: Mapped[bool] = mapped_column(default=False, comment="with names and contact data of persons")
    state: Mapped[str] = mapped_column(Short, index=True, comment="waiting, running, built or failed")
    failure: Mapped[str | None] = mapped_column(Short, comment="code of what stopped it")
    built_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="moment it was frozen, UTC")
    entry_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("event_log.id"), comment="last entry of the log that it holds"
    )
    root: Mapped[str | None] = mapped_column(Short, comment="SHA-256 of its manifest")
    sha256: Mapped[str | None] = mapped_column(Short, comment="SHA-256 of the zip")
    size: Mapped[int | None] = mapped_column(BigInteger, comment="bytes")
    files: Mapped[int | None] = mapped_column(Integer, comment="files inside")
    handed_in_on: Mapped[date | None] = mapped_column(comment="day it was handed in; set once")
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="moment that was entered, UTC")
    handed_in_by: Mapped[int | None] = mapped_column(Key, comment="account that entered it")
    note: Mapped[str | None] = mapped_column(Text, comment="receipt number or remark of handing in")
