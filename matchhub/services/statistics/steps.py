"""On which day each demand was matched, pushed for, answered, led to contact and to a deal, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import (
    Deal,
    DealOrigin,
    DealParty,
    DealPatent,
    Match,
    MatchRun,
    PlatformEvent,
    Push,
    PushAnswer,
    PushItem,
    Thread,
)
from matchhub.domain.statistics import STEPS, Days
from matchhub.services.counting.counts import Question
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

_Pair = tuple[int, int]  # enterprise, patent


def deal_demands(unit: Unit, asked: Question) -> dict[int, int]:
    """By deal the demand it came of: the one it names, else that of the conversation it grew out of, else the first
    demand for which its buyer was pushed, asked or met its patent before signing."""
    moment = Moment(asked.known_at)
    named = select(Deal.id, Deal.demand_id).where(Deal.demand_id.is_not(None))
    found: dict[int, int] = dict(unit.session.execute(moment.limit(named, Deal)).all())
    grown = select(DealOrigin.deal_id, Thread.demand_id).join(Thread, Thread.id == DealOrigin.thread_id)
    for deal, demand in unit.session.execute(moment.limit(grown.where(Thread.demand_id.is_not(None)), DealOrigin)):
        found.setdefault(deal, demand)
    touched = _touches(unit, moment)
    for deal, firm, patent, signed_on in unit.session.execute(_bought(moment)):
        near = [(day, demand) for day, demand in touched.get((firm, patent), ()) if signed_on and day <= signed_on]
        if near:
            found.setdefault(deal, min(near)[1])
    return found


def _bought(moment: Moment) -> Any:
    chosen = select(Deal.id, DealParty.enterprise_id, DealPatent.patent_id, Deal.signed_on)
    joined = chosen.join(DealParty, DealParty.deal_id == Deal.id).join(DealPatent, DealPatent.deal_id == Deal.id)
    return moment.limit(joined.where(DealParty.role == "buyer", DealParty.enterprise_id.is_not(None)), Deal).order_by(
        Deal.id, DealPatent.id
    )


def _touches(unit: Unit, moment: Moment) -> dict[_Pair, list[tuple[date, int]]]:
    """Days on which a firm met a patent because of one of its demands, with the demand."""
    found: dict[_Pair, list[tuple[date, int]]] = {}
    for statement in _meetings(moment):
        for firm, patent, demand, at in unit.session.execute(statement):
            found.setdefault((firm, patent), []).append((unit.day_of(at), demand))
    return found


def _meetings(moment: Moment) -> Iterator[Any]:
    pushed = select(Push.enterprise_id, PushItem.patent_id, Push.demand_id, Push.delivered_at)
    pushed = pushed.join(PushItem, PushItem.push_id == Push.id)
    yield moment.limit(pushed.where(Push.demand_id.is_not(None), Push.delivered_at.is_not(None)), Push)
    met = select(Thread.enterprise_id, Thread.patent_id, Thread.demand_id, Thread.recorded_at)
    yield moment.limit(met.where(Thread.demand_id.is_not(None)), Thread)
    seen = select(
        PlatformEvent.enterprise_id, PlatformEvent.patent_id, PlatformEvent.demand_id, PlatformEvent.occurred_at
    )
    yield moment.limit(seen.where(PlatformEvent.demand_id.is_not(None)), PlatformEvent)


def ways(unit: Unit, asked: Question, demands: Mapping[int, date | None], deals: Mapping[int, int]) -> dict[int, Days]:
    """Of each demand, with the day it was posted, the first day of every step up to the day asked about.

    ``deals`` are those of ``deal_demands``.
    """
    moment = Moment(asked.known_at)
    firsts: dict[str, dict[int, date]] = {step: {} for step in STEPS}
    firsts[STEPS[0]] = {key: day or asked.as_of for key, day in demands.items()}
    for told in (_matched(unit, moment), _pushed(unit, moment), _spoken(unit, moment), _signed(unit, moment, deals)):
        for step, demand, at in told:
            day = unit.day_of(at) if isinstance(at, datetime) else at
            if day is not None and day <= asked.as_of:
                firsts[step][demand] = min(day, firsts[step].get(demand, day))
    return {key: tuple(firsts[step].get(key) for step in STEPS) for key in demands}


_Told = Iterator[tuple[str, int, date | datetime | None]]  # step, demand, when


def _matched(unit: Unit, moment: Moment) -> _Told:
    """Demands matched by a run whose results are kept (those of the last runs)."""
    until = () if moment.known_at is None else (MatchRun.finished_at <= moment.known_at,)
    found = select(Match.demand_id, func.min(MatchRun.finished_at)).join(MatchRun, MatchRun.id == Match.run_id)
    for demand, at in unit.session.execute(
        found.where(MatchRun.finished_at.is_not(None), *until).group_by(Match.demand_id)
    ):
        yield "match", demand, at


def _pushed(unit: Unit, moment: Moment) -> _Told:
    """Demands pushed for; a push tells of the run that it was chosen from for ever."""
    chosen = select(Push.demand_id, Push.delivered_at, MatchRun.finished_at).outerjoin(
        MatchRun, MatchRun.id == Push.run_id
    )
    for demand, delivered, matched in unit.session.execute(
        moment.limit(chosen.where(Push.demand_id.is_not(None)), Push)
    ):
        yield "match", demand, matched
        yield "push", demand, None if _after(delivered, moment) else delivered


def _after(at: datetime | None, moment: Moment) -> bool:
    return at is not None and moment.known_at is not None and at > moment.known_at


def answers(moment: Moment) -> Any:
    """Answers to pushes: (push item, push, demand, patent, moment, code), as they were given."""
    chosen = select(
        PushItem.id, Push.id, Push.demand_id, PushItem.patent_id, PushAnswer.recorded_at, PushAnswer.code
    ).select_from(PushAnswer)
    joined = chosen.join(PushItem, PushItem.id == PushAnswer.item_id).join(Push, Push.id == PushItem.push_id)
    return moment.limit(joined, PushAnswer).order_by(PushAnswer.id)


def _spoken(unit: Unit, moment: Moment) -> _Told:
    """Demands with an answer, and those that led to contact: asked for in the answer, on a page, or a conversation."""
    for _, _, demand, _, at, code in unit.session.execute(answers(moment)):
        if demand is not None:
            yield "answer", demand, at
            yield "contact", demand, at if code == "contact" else None
    met = select(Thread.demand_id, Thread.recorded_at).where(Thread.demand_id.is_not(None))
    asked = select(PlatformEvent.demand_id, PlatformEvent.occurred_at)
    asked = asked.where(PlatformEvent.demand_id.is_not(None), PlatformEvent.event == "contact")
    for statement in (moment.limit(met, Thread), moment.limit(asked, PlatformEvent)):
        for demand, at in unit.session.execute(statement):
            yield "contact", demand, at


def _signed(unit: Unit, moment: Moment, demands: Mapping[int, int]) -> _Told:
    chosen = select(Deal.id, Deal.signed_on, Deal.withdrawn_at).where(Deal.signed_on.is_not(None))
    for row in unit.session.execute(moment.limit(chosen, Deal)):
        if row.id in demands and not moment.withdrawn(row):
            yield "deal", demands[row.id], row.signed_on
