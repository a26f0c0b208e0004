"""The inventory of patents in stock (存量专利盘点): holders' grades and firms' grades, each in their own table."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Recorded, Short, Withdrawable
from matchhub.db.types import Key


class HolderGrade(Identified, Recorded, Withdrawable, Marked, Base):
    """A holder's grade of its own patent on one day; the newest that was not withdrawn stands."""

    __tablename__ = "holder_grades"
    __table_args__ = {"comment": "holders' grades of their patents in stock; counted nowhere"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent graded")
    grade: Mapped[str] = mapped_column(Short, comment="a key of domain/stock_grades.toml, [[holder]]")
    graded_on: Mapped[date] = mapped_column(comment="day of the grade")


class FirmGrade(Identified, Recorded, Withdrawable, Marked, Base):
    """A firm's grade of a patent on one day, with its reason; of one firm the newest not withdrawn stands."""

    __tablename__ = "firm_grades"
    __table_args__ = {"comment": "firms' grades of patents in stock, with reasons; counted nowhere"}

    patent_id: Mapped[int] = mapped_column(Key, ForeignKey("patents.id"), index=True, comment="patent graded")
    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="firm")
    grade: Mapped[str] = mapped_column(Short, comment="a key of domain/stock_grades.toml, [[firm]]")
    reason: Mapped[str] = mapped_column(Text, comment="why, in the firm's words")
    graded_on: Mapped[date] = mapped_column(comment="day of the grade")
