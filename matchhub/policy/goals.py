"""The part of a rule pack that says what a measure asks for: its window, its goals and their thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import get_args

from matchhub.domain.counting.counters import UNITS
from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.goals import FILTERS, Citation, Filters, Goal, Threshold, Window
from matchhub.domain.records import DealType, PatentType, Regime
from matchhub.domain.rules import RulePack
from matchhub.policy.section import Faults, Section

_STOCK = ("patents", "enterprises", "experts", "agencies")  # what is held happened on no day
_WORDS: dict[str, tuple[str, ...]] = {
    "patent_types": get_args(PatentType),
    "deal_types": get_args(DealType),
    "regimes": get_args(Regime),
}


def window_of(section: Section) -> Window:
    """The checked ``[window]``; ``PackFault`` with the place of the first fault."""
    window = Window(section.take("from_on", date), section.take("formal_from_on", date), section.take("to_on", date))
    if not window.from_on <= window.formal_from_on <= window.to_on:
        raise section.wrong("pack_days", "to_on")
    section.done()
    return window


def goal_of(section: Section, document: str, faults: Faults) -> Goal:
    """One checked ``[[goals]]`` with its thresholds; ``faults`` takes those of its thresholds, of each its first."""
    clause = section.take("clause", str)
    goal = Goal(
        key=section.take("key", str),
        title_zh=section.words("title_zh"),
        title_en=section.words("title_en"),
        bonus_yuan=section.positive("bonus_yuan"),
        citation=Citation(document, clause, section.take("summary", str)),
        thresholds=tuple(
            read
            for each in section.tables("thresholds")
            if (read := faults.part(partial(_threshold, each, document, clause)))
        ),
    )
    section.done()
    return goal


def _threshold(section: Section, document: str, clause: str) -> Threshold:
    counter = section.among("counter", KINDS)
    units = UNITS[counter]
    unit = section.among("unit", units)
    others = tuple(each for each in units if each != unit)
    operator = section.among("operator", (">=", ">"), ">=")
    windowed = section.take("windowed", bool, counter not in _STOCK)
    if windowed and counter in _STOCK:
        raise section.wrong("pack_stock_windowed", "windowed", counter=counter)
    threshold = Threshold(
        key=section.name("key"),
        counter=counter,
        title_zh=section.words("title_zh"),
        title_en=section.words("title_en"),
        required=section.positive("required"),
        operator=">=" if operator == ">=" else ">",
        unit=unit,
        other_unit=section.among("other_unit", ("", *others), ""),
        windowed=windowed,
        citation=Citation(document, clause, section.take("summary", str)),
        filters=_filters(section.table("where"), counter) if "where" in section.names() else Filters(),
    )
    section.done()
    return threshold


def _filters(section: Section, counter: str) -> Filters:
    for name in section.names():
        if name not in FILTERS[counter]:
            known = ", ".join(FILTERS[counter]) or "—"
            raise section.wrong("pack_filter_unknown", name, value=name, counter=counter, allowed=known)
    first, last = _days(section)
    filters = Filters(
        patent_types=_listed(section, "patent_types"),
        industries=_listed(section, "industries"),
        categories=_listed(section, "categories"),
        deal_types=_listed(section, "deal_types"),
        regimes=_listed(section, "regimes"),
        local=section.take("local", bool, False),
        implemented=section.take("implemented", bool, False),
        least_yuan=_amount(section) if "least_yuan" in section.names() else None,
        from_on=first,
        to_on=last,
    )
    section.done()
    return filters


def _listed(section: Section, name: str) -> frozenset[str]:
    if name not in section.names():
        return frozenset()
    found = section.texts(name, _WORDS.get(name, ()))
    if not found:
        raise section.wrong("pack_empty", name)
    return frozenset(found)


def _amount(section: Section) -> Decimal:
    yuan = section.take("least_yuan", Decimal)
    if yuan <= 0:
        raise section.wrong("pack_too_small", "least_yuan", least="0.01", value=yuan)
    return yuan


def _days(section: Section) -> tuple[date | None, date | None]:
    given = section.names()
    if "year" in given:
        if {"from_on", "to_on"} & set(given):
            raise section.wrong("pack_year_and_days", "year")
        year = section.take("year", int)
        if not 1985 <= year <= 9998:  # the Patent Law came into force in 1985
            raise section.wrong("pack_range", "year", least=1985, most=9998, value=year)
        return date(year, 1, 1), date(year, 12, 31)
    first = section.take("from_on", date) if "from_on" in given else None
    last = section.take("to_on", date) if "to_on" in given else None
    if first is not None and last is not None and first > last:
        raise section.wrong("pack_days", "from_on")
    return first, last


def names_known(top: Section, pack: RulePack) -> None:
    """Refuse a threshold that names an industry or a category which the pack lacks, or days outside its window."""
    for at, goal in enumerate(pack.goals):
        for number, threshold in enumerate(goal.thresholds):
            where = f"goals[{at}].thresholds[{number}].where"
            filters = threshold.filters
            _among(top, f"{where}.industries", filters.industries, pack.industries)
            _among(top, f"{where}.categories", filters.categories, pack.categories)
            first, last = filters.from_on, filters.to_on
            outside = (first and first > pack.window.to_on) or (last and last < pack.window.from_on)
            if threshold.windowed and outside:
                raise top.wrong("pack_outside_window", where)


def _among(top: Section, where: str, named: Iterable[str], known: Iterable[str]) -> None:
    if unknown := sorted(set(named) - set(known)):
        raise top.wrong("pack_choice", where, value=unknown[0], allowed=", ".join(known))
