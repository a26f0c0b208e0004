"""The estimates of an installation, computed once per change: what was computed stands until a row is bound that they
read."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import Agency, BoundRows, Enterprise, LogEntry
from matchhub.domain.awards import Estimate, estimates
from matchhub.services.counting.awards.gathering import record_facts, trade_facts
from matchhub.services.counting.some import READS
from matchhub.services.kernel.touched import touched_in
from matchhub.services.kernel.unit import Unit

_READ = READS["deals"] | {"award_records", "agencies", "enterprises", "deal_agencies", "evidence_files",
                          "confirmations", "merges"}  # fmt: skip
_MOST = 24  # installations and days


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One estimate with the payee's name; ``key`` names it in addresses."""

    estimate: Estimate
    payee: str

    @property
    def key(self) -> str:
        """Clause, payee and year, as one word."""
        return f"{self.estimate.clause.key}-{self.estimate.payee}-{self.estimate.year}"


@dataclass(frozen=True, slots=True)
class AwardSum:
    """What all lines of one clause, payee or year come to."""

    key: str
    title: str
    lines: int
    amount_yuan: Decimal
    strict_yuan: Decimal


Stamp = tuple[int, str]
_kept: dict[tuple[str, str, date], tuple[Stamp, tuple[AwardLine, ...]]] = {}
_keeping = threading.Lock()


def estimate_awards(unit: Unit, as_of: date | None = None) -> tuple[AwardLine, ...]:
    """All estimates by clause, payee and year, as of a day (usually today). For the operator and the bureau."""
    unit.require("award.read")
    day = as_of or unit.today
    unit.session.flush()
    noted = touched_in(unit.session)
    if noted.rows or noted.made:
        return _computed(unit, day)  # what this unit wrote is seen by nobody else yet
    key = (f"{unit.session.get_bind().engine.url}|{unit.home}", unit.pack.digest, day)
    stamp = _stamp(unit)
    with _keeping:
        held = _kept.pop(key, None)
        if held is None or held[0] != stamp:
            held = (stamp, _computed(unit, day))
        _kept[key] = held
        while len(_kept) > _MOST:
            _kept.pop(next(iter(_kept)))
    return held[1]


def _stamp(unit: Unit) -> Stamp:
    """The entry of the chain that bound the last of the rows that are read, with its hash: a restored base differs."""
    last = unit.session.execute(
        select(func.max(BoundRows.entry_id)).where(BoundRows.table_name.in_(sorted(_READ)))
    ).scalar()
    if last is None:
        return 0, ""
    return last, unit.session.execute(select(LogEntry.hash).where(LogEntry.id == last)).scalar() or ""


def _computed(unit: Unit, day: date) -> tuple[AwardLine, ...]:
    trades = trade_facts(unit)
    found = estimates(unit.pack.awards, trades, record_facts(unit), unit.pack.window, day)
    names = {
        "enterprises": _names(unit, Enterprise, (each for each in found if each.clause.payee_kind == "enterprises")),
        "agencies": _names(unit, Agency, (each for each in found if each.clause.payee_kind == "agencies")),
    }
    return tuple(AwardLine(each, names[each.clause.payee_kind].get(each.payee, str(each.payee))) for each in found)


def _names(unit: Unit, table: type[Enterprise] | type[Agency], found: Iterable[Estimate]) -> dict[int, str]:
    ids = {each.payee for each in found}
    return dict(unit.session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())


def sums_by_clause(unit: Unit, lines: Iterable[AwardLine]) -> tuple[AwardSum, ...]:
    """One sum for every clause of the pack, those that pay nothing too; ``title`` is its number."""
    found = {each.key: AwardSum(each.key, each.clause, 0, Decimal(0), Decimal(0)) for each in unit.pack.awards}
    for line in lines:
        clause = line.estimate.clause
        found[clause.key] = _more(found[clause.key], line)
    return tuple(found.values())


def sums_by_year(lines: Iterable[AwardLine]) -> tuple[AwardSum, ...]:
    """One sum for every year, ascending."""
    found: dict[int, AwardSum] = {}
    for line in lines:
        year = line.estimate.year
        found[year] = _more(found.get(year, AwardSum(str(year), str(year), 0, Decimal(0), Decimal(0))), line)
    return tuple(found[year] for year in sorted(found))


def sums_by_payee(lines: Iterable[AwardLine]) -> tuple[AwardSum, ...]:
    """One sum for every payee that would be paid, the highest first; ``key`` is kind and number (``agencies 7``)."""
    found: dict[str, AwardSum] = {}
    for line in lines:
        key = f"{line.estimate.clause.payee_kind} {line.estimate.payee}"
        found[key] = _more(found.get(key, AwardSum(key, line.payee, 0, Decimal(0), Decimal(0))), line)
    paid = (each for each in found.values() if each.amount_yuan)
    return tuple(sorted(paid, key=lambda each: (-each.amount_yuan, each.key)))


def _more(held: AwardSum, line: AwardLine) -> AwardSum:
    one = line.estimate
    return AwardSum(
        held.key, held.title, held.lines + 1, held.amount_yuan + one.amount_yuan, held.strict_yuan + one.strict_yuan
    )
