"""Merges as they stood at an earlier moment, so that a past count stays what it was (PROMISES.md P14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Merge, MergeMove
from matchhub.services.kernel.unit import Unit


def owners_then(unit: Unit, table_name: str, known_at: datetime | None) -> dict[int, int]:
    """Rows of a table whose reference a merge moved after ``known_at`` -> the record they referred to then."""
    if known_at is None:
        return {}
    chosen = select(MergeMove.row_id, MergeMove.from_id).where(
        MergeMove.table_name == table_name, MergeMove.moved_at > known_at
    )
    found: dict[int, int] = {}
    for row_id, earlier in unit.session.execute(chosen.order_by(MergeMove.id)):
        found.setdefault(row_id, earlier)
    return found


def merged_then(unit: Unit, kind: str, known_at: datetime) -> dict[int, datetime]:
    """Records that were merged away at ``known_at`` though they may stand again now -> since when."""
    chosen = select(Merge.merged_id, Merge.merged_at, Merge.undone_at).where(
        Merge.kind == kind, Merge.merged_at <= known_at
    )
    return {key: since for key, since, until in unit.session.execute(chosen) if until is None or until > known_at}


def kept_records(unit: Unit, kind: str) -> dict[int, int]:
    """Merged record -> the record that stands for it now, over chains of merges."""
    return kept_then(unit, kind, None)


def kept_then(unit: Unit, kind: str, known_at: datetime | None) -> dict[int, int]:
    """Merged record -> the record that stood for it at ``known_at`` (None: now), over chains of merges."""
    chosen = select(Merge.merged_id, Merge.kept_id).where(Merge.kind == kind)
    if known_at is None:
        chosen = chosen.where(Merge.undone_at.is_(None))
    else:
        chosen = chosen.where(Merge.merged_at <= known_at, Merge.undone_at.is_(None) | (Merge.undone_at > known_at))
    direct = {row[0]: row[1] for row in unit.session.execute(chosen)}
    found = {}
    for merged, kept in direct.items():
        while kept in direct:
            kept = direct[kept]
        found[merged] = kept
    return found
