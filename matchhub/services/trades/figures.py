"""Figures of the trades: supply, open licences and demand, by class and year; what narrows a search to one trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, or_, select

from matchhub.db.tables import Demand, Offer, Patent, PatentClass
from matchhub.domain.industries import Industry
from matchhub.errors import NotFound
from matchhub.services.kernel.unit import Unit
from matchhub.services.trades.keeping import Kept, kept_lines

EXAMPLES = 6
Years = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Trade:
    """What the base holds for one trade today: rows on record, not the counts of any bonus.

    ``patents`` are those in force, ``demands`` those that everybody may know of, ``offers`` those that run today;
    ``by_class``: patents in force by subclass, the most first; by year: of filing, of posting, of declaration.
    """

    industry: Industry
    patents: int
    offers: int
    demands: int
    by_class: tuple[tuple[str, int], ...]
    patents_by_year: Years
    demands_by_year: Years
    offers_by_year: Years
    newest_demands: tuple[int, ...]
    newest_offers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trades:
    """All trades in the order of the pack, and the sums they are compared with: each record of any trade once."""

    trades: tuple[Trade, ...]
    patents: int
    offers: int
    demands: int

    def of(self, key: str) -> Trade:
        """One trade; ``NotFound``."""
        found = next((each for each in self.trades if each.industry.key == key), None)
        if found is None:
            raise NotFound()
        return found


@dataclass(slots=True)
class _Sums:
    patents: int = 0
    offers: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    filed: Counter[int] = field(default_factory=Counter)
    posted: Counter[int] = field(default_factory=Counter)
    declared: Counter[int] = field(default_factory=Counter)
    demand_ids: list[int] = field(default_factory=list)
    offer_ids: list[int] = field(default_factory=list)


def trades_today(unit: Unit) -> Trades:
    """The figures of every trade, added up once per day and change of the base."""
    held, day = kept_lines(unit), unit.today
    made = held.made.get(day)
    if made is None or made[0] != held.version:
        made = (held.version, _added_up(unit, held))
        held.made.clear()
        held.made[day] = made
    found: Trades = made[1]
    return found


def _added_up(unit: Unit, held: Kept) -> Trades:
    day, sums = unit.today, {key: _Sums() for key in unit.pack.industries}
    served = [line for line in held.patents.values() if line.trades and line.in_force(day)]
    for patent in served:
        for key in patent.trades:
            sums[key].patents += 1
            sums[key].classes.update(patent.subclasses)
            _note(sums[key].filed, patent.filed)
    running = [(number, line) for number, line in sorted(held.offers.items()) if line.trades and line.runs(day)]
    for number, offer in running:
        for key in offer.trades:
            sums[key].offers += 1
            sums[key].offer_ids.append(number)
            _note(sums[key].declared, offer.declared)
    asked = [(number, line) for number, line in sorted(held.demands.items()) if line.trades]
    for number, demand in asked:
        for key in demand.trades:
            sums[key].demand_ids.append(number)
            _note(sums[key].posted, demand.posted)
    trades = tuple(_trade(unit.pack.industries[key], each) for key, each in sums.items())
    return Trades(trades, len(served), len(running), len(asked))


def _note(counter: Counter[int], year: int | None) -> None:
    if year is not None:
        counter[year] += 1


def _trade(industry: Industry, sums: _Sums) -> Trade:
    own = [(symbol, number) for symbol, number in sums.classes.most_common() if _serves(symbol, industry)]
    return Trade(
        industry=industry,
        patents=sums.patents,
        offers=sums.offers,
        demands=len(sums.demand_ids),
        by_class=tuple(own),
        patents_by_year=dict(sums.filed),
        demands_by_year=dict(sums.posted),
        offers_by_year=dict(sums.declared),
        newest_demands=tuple(sums.demand_ids[::-1][:EXAMPLES]),
        newest_offers=tuple(sums.offer_ids[::-1][:EXAMPLES]),
    )


def _serves(symbol: str, industry: Industry) -> bool:
    """Whether a subclass is one of those that the table names, or a part or the whole of one."""
    named = industry.ipc | industry.locarno
    return any(symbol.startswith(each) or each.startswith(symbol) for each in named)


def patents_of_trade(unit: Unit, key: str) -> ColumnElement[bool]:
    """Condition of patents that a trade's classes name; nothing fits an unknown trade."""
    industry = unit.pack.industries.get(key)
    if industry is None:
        return false()
    starts = [PatentClass.symbol.startswith(each, autoescape=True) for each in sorted(_beginnings(industry))]
    return Patent.id.in_(select(PatentClass.patent_id).where(or_(*starts)))


def _beginnings(industry: Industry) -> Iterable[str]:
    """How symbols of the trade begin as they are recorded: a main group B29D35 as ``B29D 35/``."""
    for symbol in industry.ipc | industry.locarno:
        yield f"{symbol[:4]} {symbol[4:]}/" if len(symbol) > 4 and symbol[0].isalpha() else symbol


def offers_of_trade(unit: Unit, key: str) -> ColumnElement[bool]:
    """Condition of offers of a trade."""
    return _among(Offer.id, kept_lines(unit).offers, key)


def demands_of_trade(unit: Unit, key: str) -> ColumnElement[bool]:
    """Condition of demands of a trade that everybody may know of."""
    return _among(Demand.id, kept_lines(unit).demands, key)


def _among(column: Any, lines: Mapping[int, Any], key: str) -> ColumnElement[bool]:
    ids = sorted(number for number, line in lines.items() if key in line.trades)
    wanted: ColumnElement[bool] = column.in_(bindparam(None, ids, expanding=True, literal_execute=True))
    return wanted
