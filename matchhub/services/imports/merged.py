"""Which record stands for one that was merged away: what a source says of the one is said of the other."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Merge
from matchhub.services.unit import Unit


def kept_records(unit: Unit, kind: str) -> dict[int, int]:
    """Merged record -> the record that stands for it now, over chains of merges."""
    chosen = select(Merge.merged_id, Merge.kept_id).where(Merge.kind == kind, Merge.undone_at.is_(None))
    direct = dict(unit.session.execute(chosen).all())
    found = {}
    for merged, kept in direct.items():
        while kept in direct:
            kept = direct[kept]
        found[merged] = kept
    return found
