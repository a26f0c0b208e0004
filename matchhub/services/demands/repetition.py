"""Demands that repeat an earlier one with small edits, found over the whole base."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Revision
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from recommender import near_duplicates


@dataclass(frozen=True, slots=True)
class Compared:
    """What a text was found to resemble before its unit began, while nobody waited for it: the nearest demand at or
    above the threshold of review, if any, of those that stood in the base after the revision ``until``."""

    words: str
    until: int
    nearest: int | None
    likeness: float


def compare_before(unit: Unit, title: str, text: str) -> Compared | None:
    """Compare a text that is about to be posted, in a reading unit; ``None`` where that saves nobody a wait.

    On SQLite all writers stand in one line: what takes long is done before, and looked at again in the line only for
    demands that changed meanwhile. On PostgreSQL writers do not wait for one another.
    """
    if unit.session.get_bind().dialect.name != "sqlite":
        return None
    last = unit.session.execute(select(func.max(Revision.id))).scalar() or 0
    rows = unit.session.execute(select(Demand.id, Demand.title, Demand.text).order_by(Demand.id)).all()
    words = _words(title, text)
    nearest = _nearest(unit, [(key, _words(*said)) for key, *said in rows], words)
    return Compared(words, last, *nearest)


def find_duplicates(unit: Unit, demand_ids: list[int], before: Compared | None = None) -> int:
    """Compare these demands with every earlier one and note the nearest; returns how many look like repetitions.

    Masked digits, character 2-4-grams (PROMISES.md): from ``duplicate_review`` on the twin is stored, the counting
    rule holds or questions the demand. ``before``: what one new demand was compared with before the unit began.
    """
    pairs = _brought_up(unit, demand_ids, before) if before is not None else None
    if pairs is None:
        pairs = _compared_with_all(unit, demand_ids)
    changes = []
    for key, earlier, likeness in pairs:
        demand = unit.session.get(Demand, key)
        assert demand is not None
        new = {"duplicate_of_id": earlier, "duplicate_score": round(likeness, 4)}
        demand.duplicate_of_id, demand.duplicate_score = earlier, round(likeness, 4)
        changes.append(Change(demand.id, None, new))
    write_revisions(unit, "demands", None, changes)
    return len(changes)


def _compared_with_all(unit: Unit, demand_ids: list[int]) -> list[tuple[int, int, float]]:
    rows = unit.session.execute(select(Demand.id, Demand.title, Demand.text).order_by(Demand.id)).all()
    wanted = set(demand_ids)
    pairs = near_duplicates(
        [_words(title, text) for _, title, text in rows],
        threshold=unit.pack.demands.duplicate_review,
        of=[at for at, (key, _, _) in enumerate(rows) if key in wanted],
    )
    return [(rows[at][0], rows[earlier][0], likeness) for at, earlier, likeness in pairs]


def _brought_up(unit: Unit, demand_ids: list[int], before: Compared) -> list[tuple[int, int, float]] | None:
    """What was found before, brought up to the moment: every demand whose revisions came later is compared again.

    ``None`` where it does not hold any more: the demand was kept in other words, or what it resembled changed or went.
    """
    (key,) = demand_ids
    own = unit.session.get_one(Demand, key)
    later = select(Revision.record_id).where(Revision.kind == "demands", Revision.id > before.until)
    changed = set(unit.session.execute(later).scalars()) - {key}
    stands = before.nearest is None or unit.session.get(Demand, before.nearest) is not None
    if _words(own.title, own.text) != before.words or before.nearest in changed or not stands:
        return None
    columns = select(Demand.id, Demand.title, Demand.text).where(Demand.id.in_(changed), Demand.id < key)
    rows = unit.session.execute(columns.order_by(Demand.id)).all()
    nearest, likeness = _nearest(unit, [(other, _words(*said)) for other, *said in rows], before.words)
    found = [(before.likeness, before.nearest), (likeness, nearest)]
    ranked = sorted((-round(value, 9), other, value) for value, other in found if other is not None)
    return [(key, other, value) for _, other, value in ranked[:1]]


def _nearest(unit: Unit, rows: list[tuple[int, str]], words: str) -> tuple[int | None, float]:
    texts = [*(said for _, said in rows), words]
    pairs = near_duplicates(texts, unit.pack.demands.duplicate_review, of=[len(rows)])
    return next(((rows[earlier][0], likeness) for _, earlier, likeness in pairs), (None, 0.0))


def _words(title: str, text: str) -> str:
    return f"{title}\n{text}"
