"""Everything that is added up, each thing in its cell: what figures sum and rows open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import DealPatent
from matchhub.domain.statistics import STEPS, Days, Place, Told, days_between
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit
from matchhub.services.statistics.asking import KINDS, Asked, Counted, counted
from matchhub.services.statistics.placing import Map, made_map
from matchhub.services.statistics.steps import answers, deal_demands, ways


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is added up: its kind and record, its cell and day; ``days`` since the step before it, ``code``
    of an answer; ``key`` tells things of one record apart."""

    kind: str
    record: int
    key: int
    place: Place
    day: date | None
    days: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Lying:
    """What is added up: things by measure, and the way of each demand counted."""

    things: dict[str, list[Thing]]
    ways: dict[int, Days]


def lying(unit: Unit, asked: Asked) -> Lying:
    """Things of every measure, and the ways of the demands among them."""
    told, places, of_deals = counted(unit, asked), made_map(unit), deal_demands(unit, asked.question)
    found = {measure: _things(measure, told, places) for measure in _PLACED}
    found["answers"] = _answers(unit, asked, {each.record for each in told["answers"]}, places)
    found["deals"] = _deals(unit, told["deals"], of_deals, places)
    demands = {each.record: each.day for each in found["demands"]}
    return Lying(found, ways(unit, asked.question, demands, of_deals))


_PLACED: dict[str, Callable[[Map, int], Place]] = {
    "demands": lambda places, record: places.of_demand_or_patent(record, None),
    "supply": lambda places, record: places.of_demand_or_patent(None, record),
    "pushes": lambda places, record: places.of_push(record),
}


def _things(measure: str, told: Counted, places: Map) -> list[Thing]:
    where = _PLACED[measure]
    return [
        Thing(KINDS[measure], each.record, at, where(places, each.record), each.day)
        for at, each in enumerate(told[measure])
    ]


def _deals(unit: Unit, told: Sequence[Told], of_demand: Mapping[int, int], places: Map) -> list[Thing]:
    """A deal lies where the demand does that it came of, else where its first patent does."""
    chosen = select(DealPatent.deal_id, DealPatent.patent_id).order_by(DealPatent.id.desc())
    patents = dict(unit.session.execute(chosen).all())
    return [
        Thing("deals", deal, at, places.of_demand_or_patent(of_demand.get(deal), patents.get(deal)), day)
        for at, (deal, day) in enumerate(told)
    ]


def _answers(unit: Unit, asked: Asked, pushes: set[int], places: Map) -> list[Thing]:
    """The newest answer to each patent of the pushes, given in the days looked at."""
    found: dict[int, Thing] = {}
    for item, push, demand, patent, at, code in unit.session.execute(answers(Moment(asked.question.known_at))):
        day = unit.day_of(at)
        if push in pushes and day <= asked.question.as_of:
            place = places.of_demand_or_patent(demand, patent)
            found[item] = Thing("pushes", push, item, place, day, code=code)
    return [each for each in found.values() if asked.span.holds(each.day)]


def at_step(lies: Lying, key: str) -> list[Thing]:
    """The demands that reached a step, each with the day of it."""
    place = STEPS.index(key)
    return [
        replace(each, day=way[place], days=days_between(way, place))
        for each in lies.things["demands"]
        if (way := lies.ways[each.record])[place] is not None
    ]
