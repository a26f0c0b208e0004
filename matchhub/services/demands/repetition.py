"""Demands that repeat an earlier one with small edits, found over the whole base."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Demand
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from recommender import near_duplicates


def find_duplicates(unit: Unit, demand_ids: list[int]) -> int:
    """Compare these demands with every earlier one and note the nearest; returns how many look like repetitions.

    Masked digits, character 2-4-grams (PROMISES.md): from ``duplicate_review`` on the twin is stored, the counting
    rule holds or questions the demand.
    """
    columns = select(Demand.id, Demand.title, Demand.text).order_by(Demand.id)
    rows = unit.session.execute(columns).all()
    wanted = set(demand_ids)
    pairs = near_duplicates(
        [f"{title}\n{text}" for _, title, text in rows],
        threshold=unit.pack.demands.duplicate_review,
        of=[at for at, (key, _, _) in enumerate(rows) if key in wanted],
    )
    changes = []
    for at, earlier, likeness in pairs:
        demand = unit.session.get(Demand, rows[at][0])
        assert demand is not None
        new = {"duplicate_of_id": rows[earlier][0], "duplicate_score": round(likeness, 4)}
        demand.duplicate_of_id, demand.duplicate_score = rows[earlier][0], round(likeness, 4)
        changes.append(Change(demand.id, None, new))
    write_revisions(unit, "demands", None, changes)
    return len(changes)
