"""Reading a few records as facts: the same gatherers as for a whole count, over a session that shows part of the base.

Rows of the tables named here are cut to those of the chosen records; a table that is not named is read as a whole,
which is slower and never wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Table, and_, false, or_, select
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql import visitors

from matchhub.db.base import Base
from matchhub.services.counting.reach import RECORDS, TooMuch, among
from matchhub.services.kernel.unit import Unit

Ids = Mapping[str, Collection[int]]
# Table -> the column that says whose row it is. Tables of records are cut by their own key. Parties of deals are not
# cut: those outside the base bind others by their code, wherever they stand.
OWNED_BY = {
    "patent_holders": ("patent_id", "patents"),
    "patent_classes": ("patent_id", "patents"),
    "patent_statuses": ("patent_id", "patents"),
    "enterprise_categories": ("enterprise_id", "enterprises"),
    "demand_events": ("demand_id", "demands"),
    "push_items": ("push_id", "pushes"),
    "push_deliveries": ("push_id", "pushes"),
    "platform_events": ("patent_id", "patents"),
    "deal_patents": ("deal_id", "deals"),
    "deal_events": ("deal_id", "deals"),
    "deal_payments": ("deal_id", "deals"),
}
_NAMED = {"confirmations": ("subject_kind", "subject_id"), "revisions": ("kind", "record_id")}


@dataclass(frozen=True, slots=True)
class PartOfSession:
    """A session whose statements see the rows of the chosen records only."""

    whole: Session
    cut: Mapping[str, Any]  # by table
    known: frozenset[str]

    def execute(self, statement: Any, *more: Any, **named: Any) -> Any:
        """As ``Session.execute``. Raises ``TooMuch`` when a table is read that nobody foresaw."""
        read = tables_in(statement)
        if read - self.known:
            raise TooMuch(f"nobody foresaw that {sorted(read - self.known)} are read")
        cut = (self.cut[name] for name in sorted(read) if name in self.cut)
        return self.whole.execute(statement.options(*cut), *more, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


def tables_in(statement: Any) -> set[str]:
    """Names of the tables a statement reads."""
    return {each.name for each in visitors.iterate(statement) if isinstance(each, Table)}


def part_of(unit: Unit, ids: Ids, tables: Iterable[str]) -> Unit:
    """The unit for reading facts of the records ``ids``, by kind, from ``tables``; kinds left out show nothing.

    Whoever calls this names every record whose rows the facts draw on: with a deal its patents and parties, with a
    demand its firm.
    """
    known = frozenset(tables)
    clauses = _clauses(unit, ids, known)
    criteria = {name: with_loader_criteria(_class(name), clause) for name, clause in clauses if name in known}
    return replace(unit, session=PartOfSession(unit.session, criteria, known))  # type: ignore[arg-type]


def _clauses(unit: Unit, ids: Ids, known: Collection[str]) -> Iterator[tuple[str, Any]]:
    tables = Base.metadata.tables
    for kind in RECORDS:
        yield kind, among(tables[kind].c.id, ids.get(kind, ()))
    for name, (column, kind) in OWNED_BY.items():
        yield name, among(tables[name].c[column], ids.get(kind, ()))
    items = select(tables["push_items"].c.id).where(among(tables["push_items"].c.push_id, ids.get("pushes", ())))
    yield "push_answers", tables["push_answers"].c.item_id.in_(items)
    for name, (kind, number) in _NAMED.items():
        yield name, _named(tables[name], kind, number, ids)
    if "evidence_files" not in known:
        return
    files = tables["evidence_files"]
    yield "evidence_files", or_(_named(files, "subject_kind", "subject_id", ids), among(files.c.id, _files(unit, ids)))


def _named(table: Any, kind: str, number: str, ids: Ids) -> Any:
    each = [and_(table.c[kind] == name, among(table.c[number], found)) for name, found in ids.items() if found]
    return or_(*each) if each else false()


def _files(unit: Unit, ids: Ids) -> set[int]:
    """Files that the chosen records name though they were handed in elsewhere, and the ones that look like theirs."""
    tables = Base.metadata.tables
    found: set[int] = set()
    for name, column, owner, kind in (
        ("deal_payments", "evidence_id", "deal_id", "deals"),
        ("licences", "payment_evidence_id", "id", "licences"),
    ):
        table = tables[name]
        if ids.get(kind):
            chosen = select(table.c[column]).where(among(table.c[owner], ids[kind]), table.c[column].is_not(None))
            found |= set(unit.session.execute(chosen).scalars())
    pairs = tables["evidence_repetitions"]
    for first, second in unit.session.execute(select(pairs.c.first_id, pairs.c.second_id)):
        found |= {first, second}
    return found


@cache
def _class(name: str) -> Any:
    return next(each.class_ for each in Base.registry.mappers if each.local_table is Base.metadata.tables[name])
