"""Locks inside the database for acts that read much and then write: they hold until the transaction ends.

SQLite needs none: its writing units stand in one line anyway (``kernel.runtime``).
"""

from __future__ import annotations

from sqlalchemy import text

from matchhub.services.kernel.unit import Unit

_IDENTITY = 5827  # advisory lock key on PostgreSQL: which records are one, and which stand


def hold_identities(unit: Unit, *, alone: bool) -> None:
    """Keep what record stands for what from changing until this transaction ends.

    Acts that change it (merging, taking back) hold the lock ``alone``; acts that link rows to records (imports) share
    it. So nobody links a row to a record that is being merged away, and two crosswise merges of one pair follow each
    other.
    """
    if unit.session.get_bind().dialect.name == "postgresql":
        call = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        unit.session.execute(text(f"SELECT {call}(:key)"), {"key": _IDENTITY})
        unit.session.expire_all()  # what was read before the wait may be old
