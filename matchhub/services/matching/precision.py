"""Precision at 5 over time: of the first five patents pushed for a demand, how many its enterprise wants to discuss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from matchhub.db.tables import Push, PushItem
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.feedback import WANTED, CodedAnswer, spoken
from recommender import wilson

FIRST = 5


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One month of delivery (``2025-06``, in the city).

    ``pushed``: patents among the first five of their demand; ``answered`` of them by ``firms`` enterprises; ``wanted``
    of those answered; ``precision`` = wanted / answered with Wilson's 95 % interval, ``None`` without answers.
    """

    month: str
    pushed: int
    answered: int
    wanted: int
    firms: int
    precision: float | None
    at_least: float
    at_most: float

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def precision_curve(unit: Unit) -> tuple[CurvePoint, ...]:
    """All months with delivered pushes, oldest first. Counts only, no firm and no demand: anybody may see it."""
    said = {each.item_id: each for each in spoken(unit)}
    months: dict[str, list[int]] = defaultdict(list)
    for month, item_id in _first_items(unit):
        months[month].append(item_id)
    return tuple(_point(month, items, said) for month, items in sorted(months.items()))


def _point(month: str, items: Sequence[int], said: Mapping[int, CodedAnswer]) -> CurvePoint:
    answers = [said[item] for item in items if item in said]
    wanted = sum(each.code in WANTED for each in answers)
    at_least, at_most = wilson(wanted, len(answers))
    return CurvePoint(
        month=month,
        pushed=len(items),
        answered=len(answers),
        wanted=wanted,
        firms=len({each.enterprise_id for each in answers}),
        precision=wanted / len(answers) if answers else None,
        at_least=at_least,
        at_most=at_most,
    )


def _first_items(unit: Unit) -> Iterator[tuple[str, int]]:
    """Month and item of the first five patents of each demand, in the order of delivery, the best score first."""
    chosen = (
        select(Push.enterprise_id, Push.demand_id, Push.delivered_at, PushItem.id)
        .join(PushItem, PushItem.push_id == Push.id)
        .where(Push.delivered_at.is_not(None), Push.withdrawn_at.is_(None))
        .order_by(Push.delivered_at, PushItem.score.desc(), PushItem.id)
    )
    given: dict[tuple[int, int | None], int] = defaultdict(int)
    for enterprise_id, demand_id, delivered_at, item_id in unit.session.execute(chosen):
        source = (enterprise_id, demand_id)
        given[source] += 1
        if given[source] <= FIRST and delivered_at is not None:
            yield delivered_at.astimezone(unit.zone).strftime("%Y-%m"), item_id
