"""Coded answers to pushes as the matcher reads them: per demand, and only from the enterprise that owns it.

An answer moves nothing of anybody else: the matcher is told, demand by demand, what its own enterprise said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Demand, Push, PushAnswer, PushItem
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit

WORTH = {
    "fits": 1.0,
    "contact": 1.0,
    "too_expensive": 0.5,  # the matter was right, the terms were not
    "too_early": 0.5,
    "owned_or_known": 0.5,
    "already_solved": 0.0,
    "benefit_unclear": -0.25,
    "description_unclear": -0.25,
    "not_my_field": -1.0,
}
"""What an answer says of the patent's matter, -1..1 (``recommender.feedback``)."""
WANTED = frozenset({"fits", "contact"})
"""Answers that say the enterprise wants to talk about the patent; every other one says it does not."""
DONE = frozenset({"not_my_field", "already_solved", "owned_or_known"})
"""Answers after which the patent is not shown or pushed to that enterprise again."""
OTHER_DEMAND = 0.3
"""Part of its worth that an answer keeps for the enterprise's other demands, which have none of that sign."""
_NEWEST = 60  # answers read per demand; older ones say little that these do not


@dataclass(frozen=True, slots=True)
class CodedAnswer:
    """The newest answer of one enterprise to one patent of one push."""

    answer_id: int
    enterprise_id: int
    demand_id: int | None
    patent_id: int
    item_id: int
    code: str
    score: float
    model: str
    pushed_at: datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one demand's enterprise has said: ``worth`` patent id -> -1..1, ``done`` patents not to be shown again."""

    worth: dict[str, float] = field(default_factory=dict)
    done: frozenset[str] = frozenset()


def spoken(unit: Unit, enterprise_ids: Collection[int] | None = None) -> list[CodedAnswer]:
    """The newest answer to every pushed patent, oldest first; of all enterprises or of these."""
    chosen = (
        select(PushAnswer.id, Push, PushItem, PushAnswer.code)
        .join(PushItem, PushItem.id == PushAnswer.item_id)
        .join(Push, Push.id == PushItem.push_id)
        .order_by(PushAnswer.id)
    )
    asked = [chosen] if enterprise_ids is None else [
        chosen.where(Push.enterprise_id.in_(part)) for part in parts(sorted(enterprise_ids))
    ]  # fmt: skip
    newest: dict[int, CodedAnswer] = {}
    for statement in asked:
        for answer_id, push, item, code in unit.session.execute(statement):
            at = push.delivered_at or push.recorded_at
            newest[item.id] = CodedAnswer(
                answer_id, push.enterprise_id, push.demand_id, item.patent_id, item.id, code, item.score, push.model, at
            )
    return sorted(newest.values(), key=lambda each: each.answer_id)


def lessons(unit: Unit, demands: Sequence[Demand]) -> dict[int, Lesson]:
    """What the matcher learns for each of these demands; demands whose enterprise never answered are left out."""
    by_firm: dict[int, list[CodedAnswer]] = {}
    for each in spoken(unit, {demand.enterprise_id for demand in demands}):
        by_firm.setdefault(each.enterprise_id, []).append(each)
    return {
        demand.id: _lesson(by_firm[demand.enterprise_id], demand.id)
        for demand in demands
        if demand.enterprise_id in by_firm
    }


def done_with(unit: Unit) -> frozenset[tuple[int, int]]:
    """(enterprise, patent) pairs whose newest answer says that the patent is not to be pushed there again."""
    return frozenset(pair for pair, code in _newest_per_pair(spoken(unit)).items() if code in DONE)


def _newest_per_pair(said: Iterable[CodedAnswer]) -> dict[tuple[int, int], str]:
    return {(each.enterprise_id, each.patent_id): each.code for each in said}


def _lesson(said: Sequence[CodedAnswer], demand_id: int) -> Lesson:
    own = {str(each.patent_id): WORTH.get(each.code, 0.0) for each in said if each.demand_id == demand_id}
    other = {
        str(each.patent_id): OTHER_DEMAND * WORTH.get(each.code, 0.0) for each in said if each.demand_id != demand_id
    }
    worth = dict(list(own.items())[-_NEWEST:])
    for sign in (1, -1):  # what the demand's own answers say on a side, those to other demands do not water down
        if not any(value * sign > 0 for value in own.values()):
            fresh = [(key, value) for key, value in other.items() if value * sign > 0 and key not in own]
            worth |= dict(fresh[-_NEWEST:])
    done = {str(patent) for (_, patent), code in _newest_per_pair(said).items() if code in DONE}
    return Lesson({key: value for key, value in worth.items() if value}, frozenset(done))
