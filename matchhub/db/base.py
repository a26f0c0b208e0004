"""The declarative base and the columns that many tables share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from matchhub.db.types import Key, UtcDateTime

# Alembic needs every constraint named, on SQLite above all, where tables are rebuilt to be altered.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the product."""

    metadata = MetaData(naming_convention=NAMES)


class Identified:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True, comment="key", sort_order=-10)


class Recorded:
    """When, by whom and from which import a row came to be known: the second clock (known at).

    ``recorded_by`` has no foreign key: accounts hang on organisations and these on enterprises, which are recorded
    rows themselves. Accounts are disabled, never deleted, so the number always finds its account.
    """

    recorded_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, comment="moment it became known here, UTC", sort_order=80
    )
    recorded_by: Mapped[int | None] = mapped_column(
        Key, comment="account that recorded it; empty: the system", sort_order=81
    )
    batch_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("import_batches.id"), index=True, comment="import batch it came with", sort_order=82
    )
    source_line: Mapped[int | None] = mapped_column(Integer, comment="1-based line in the batch's file", sort_order=83)


class Withdrawable:
    """Nothing is deleted: a withdrawn row leaves the counts from that moment on and stays to be seen."""

    withdrawn_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="moment of withdrawal, UTC; set once", sort_order=90
    )
    withdrawn_reason: Mapped[str | None] = mapped_column(Text, comment="why it was withdrawn", sort_order=91)


class Marked:
    """Whether a row belongs to the invented demo city (never in a real count)."""

    demo: Mapped[bool] = mapped_column(default=False, comment="row of the invented demo city", sort_order=95)


Short = String(64)
Name = String(255)


class Entered:
    """When and by whom a row was written by hand; nothing of this comes by import."""

    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="UTC", sort_order=80)
    recorded_by: Mapped[int | None] = mapped_column(
        Key, comment="account that wrote it; empty: the system", sort_order=81
    )
