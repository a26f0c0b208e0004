"""Rows written while the machine's clock stood before an entry that the log already held: somebody set it back.

The log is one line: its entries stand in the order in which they were appended. One that bears an earlier moment than
an entry before it was written under a clock that had been set back, and with it every row that its unit touched.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchhub.db.tables import BoundRows, LogEntry
from matchhub.services.kernel.row_digests import unpacked
from matchhub.services.kernel.unit import Unit

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class BackEntry:
    """An entry under a clock that ran behind: what the clock said, and the moment that the log had reached by then."""

    entry_id: int
    recorded_at: datetime
    said_at: datetime
    reached_at: datetime


def log_ended_at(unit: Unit) -> datetime | None:
    """The latest moment that the log has reached; ``None`` while it is empty."""
    return unit.session.execute(select(func.max(LogEntry.appended_at))).scalar()


def back_entries(unit: Unit, tolerance: timedelta) -> list[BackEntry]:
    """Every entry that bears a moment more than ``tolerance`` before one that the log had reached, in their order."""
    before = func.max(LogEntry.appended_at).over(order_by=LogEntry.id, rows=(None, -1)).label("reached_at")
    line = select(LogEntry.id, LogEntry.recorded_at, LogEntry.appended_at, before).subquery()
    chosen = select(line).where(line.c.appended_at < line.c.reached_at).order_by(line.c.id)
    found = (BackEntry(*row) for row in unit.session.execute(chosen))
    return [each for each in found if each.reached_at - each.said_at > tolerance]


def steps_back_since(unit: Unit, entry_id: int, tolerance: timedelta) -> bool:
    """Whether an entry after ``entry_id`` bears a moment more than ``tolerance`` before one reached until then."""
    reached = unit.session.execute(select(func.max(LogEntry.appended_at)).where(LogEntry.id <= entry_id)).scalar()
    moments = select(LogEntry.appended_at).where(LogEntry.id > entry_id).order_by(LogEntry.id)
    for said_at in unit.session.execute(moments).scalars():
        if reached is not None and reached - said_at > tolerance:
            return True
        reached = said_at if reached is None else max(reached, said_at)
    return False


def rows_written_back(
    unit: Unit, tolerance: timedelta, known_at: datetime | None = None
) -> dict[str, dict[int, BackEntry]]:
    """Table and key of every bound row that such an entry touched, with the last such entry."""
    entries = {each.entry_id: each for each in back_entries(unit, tolerance)}
    if known_at is not None:
        entries = {key: each for key, each in entries.items() if each.recorded_at <= known_at}
    found: dict[str, dict[int, BackEntry]] = {}
    keys = sorted(entries)
    for start in range(0, len(keys), _AT_ONCE):
        for entry_id, table_name, row_ids in _parts(unit, keys[start : start + _AT_ONCE]):
            rows = found.setdefault(table_name, {})
            rows.update((row, entries[entry_id]) for row in unpacked(row_ids))
    return found


def _parts(unit: Unit, entry_ids: Collection[int]) -> list[tuple[int, str, bytes]]:
    chosen = select(BoundRows.entry_id, BoundRows.table_name, BoundRows.row_ids)
    rows = unit.session.execute(chosen.where(BoundRows.entry_id.in_(entry_ids)).order_by(BoundRows.id))
    return [(row.entry_id, row.table_name, row.row_ids) for row in rows]
