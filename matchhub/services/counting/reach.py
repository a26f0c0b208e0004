"""From rows that were written to the records whose facts they may have changed.

The columns say it: a row belongs to the records its foreign keys name (or ``kind`` and ``record_id``), and a changed
record is read for those that refer to it and for those it refers to. So a new table is followed without being named
here; one that tells nobody, and a row that is gone, make the answer "everything".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, select

from matchhub.db.base import Base
from matchhub.db.tables import DealParty, PartyRelation
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.unit import Unit

RECORDS = frozenset(
    {"patents", "enterprises", "experts", "agencies", "demands", "pushes", "deals", "offers", "licences"}
)
Rows = Mapping[str, Collection[int]]
# Of a kind named in the row itself; pairs name two.
_NAMED = (("subject_kind", "subject_id"), ("kind", "record_id"), ("kind", "left_id"), ("kind", "right_id"),
          ("kind", "kept_id"), ("kind", "merged_id"))  # fmt: skip
# Written anew as a whole with a revision of their patent, which tells of them when they are gone.
_TOLD_BY_REVISIONS = frozenset({"patent_holders", "patent_classes"})
# Rows by name only: they bind parties to one another (``firms``), not records.
BY_NAME = frozenset({PartyRelation.__tablename__})
# Referred to, but nothing of what refers to them is a fact: an import's rows are touched by the import itself.
_BATCH = "import_batches"
# Of a record that is written, these rows of it matter to others as well.
_CARRIED = {"pushes": ("push_items", "push_id")}
_MOST = 5000  # from here on counting everything is the cheaper way
_PART = 5000


class TooMuch(Exception):
    """The rows may have changed nearly anything: count everything."""


def among(column: Any, ids: Iterable[int]) -> Any:
    """``column IN (…)`` with the numbers in the text of the statement, which every engine takes in any number."""
    return column.in_(bindparam(None, sorted(ids), expanding=True, literal_execute=True))


class Reach:
    """The records that a set of written rows may have changed, by kind; see ``records``."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.records: dict[str, set[int]] = defaultdict(set)
        self.relations: set[int] = set()
        self.parties: set[int] = set()
        self._seen: dict[str, set[int]] = defaultdict(set)

    def follow(self, rows: Rows) -> None:
        """Note all records that ``rows`` concern, and those that read them. Raises ``TooMuch``."""
        waiting = [(name, set(ids)) for name, ids in rows.items()]
        while waiting:
            name, ids = waiting.pop()
            ids -= self._seen[name]
            self._seen[name] |= ids
            if ids:
                waiting += [(target, set(found)) for target, found in self._of_rows(name, ids).items()]
            self._limit()
        for kind, changed in self.records.items():
            kept = kept_records(self._unit, kind)
            changed |= {kept[each] for each in changed if each in kept}
        readers = self._readers()
        for kind, ids in list(self.records.items()):
            self._note_named(Base.metadata.tables[kind], ids)
        for table, column, ids in readers:
            self._note_readers(table, column, ids)
        self._limit()

    def _limit(self) -> None:
        if any(len(ids) > _MOST for ids in (*self.records.values(), *self._seen.values())):
            raise TooMuch("many records")

    def _of_rows(self, name: str, ids: set[int]) -> dict[str, set[int]]:
        """What rows of one table name; records among it are noted, other tables are to be followed."""
        table = Base.metadata.tables[name]
        if name in RECORDS:
            self.records[name] |= ids
        if name in BY_NAME:
            self.relations |= ids
            return {}
        if name == _BATCH or name in _DECIDE_NOTHING:
            return {}
        if name == DealParty.__tablename__:
            self.parties |= ids
        found: dict[str, set[int]] = defaultdict(set)
        if name in RECORDS:
            if name in _CARRIED:
                carried, column = _CARRIED[name]
                found[carried] |= self._ids(Base.metadata.tables[carried], column, ids)
            return found
        if not names_somebody(table) and name not in _BATCHES:
            raise TooMuch(f"{name} does not say whose its rows are")
        there = self._rows(table, ids)
        if len(there) < len(ids) and name not in _TOLD_BY_REVISIONS:
            raise TooMuch(f"rows of {name} are gone")  # nobody knows any more of whom they told
        for row in there:
            for target, value in self._named(table, row):
                if target != _BATCH:
                    found[target].add(value)
        if name in _BATCHES:
            for batch in {row["batch_id"] for row in there}:
                self._of_batch(found, batch)
        for other, column in _referring(name):
            if other.name not in RECORDS:
                found[other.name] |= self._ids(other, column, ids)
            else:
                self.records[other.name] |= self._ids(other, column, ids)
        return found

    def _named(self, table: Table, row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
        for column, target in _references(table):
            if row[column] is not None:
                yield target, row[column]
        for kind, number in _NAMED:
            if kind in row and number in row:
                if row[kind] not in Base.metadata.tables:
                    raise TooMuch(f"{table.name} names {row[kind]}")
                yield row[kind], row[number]

    def _of_batch(self, found: dict[str, set[int]], batch: int) -> None:
        """All rows of an import whose source was named or which was taken back."""
        for name in BOUND:
            table = Base.metadata.tables[name]
            if "batch_id" in table.c and name not in _BATCHES:
                found[name] |= self._ids(table, "batch_id", {batch})

    def _readers(self) -> list[tuple[Table, str, set[int]]]:
        return [
            (table, column, set(ids))
            for kind, ids in list(self.records.items())
            for table, column in _referring(kind)
            if ids
        ]

    def _note_named(self, table: Table, ids: set[int]) -> None:
        """Records that changed ones refer to: no rule of today looks that way, one of tomorrow may."""
        targets = [each for each in _references(table) if each[1] in RECORDS]
        if targets and ids:
            for row in self._rows(table, set(ids)):
                for name, target in targets:
                    if row[name] is not None:
                        self.records[target].add(row[name])

    def _note_readers(self, table: Table, column: str, ids: set[int]) -> None:
        """Records that refer to changed ones, themselves or by a row of theirs; nobody reads over two steps."""
        if table.name in RECORDS:
            self.records[table.name] |= self._ids(table, column, ids)
            return
        others = [each for each in _references(table) if each[1] in RECORDS and each[0] != column]
        if others:
            for row in self._rows(table, ids, column):
                for name, target in others:
                    if row[name] is not None:
                        self.records[target].add(row[name])

    def _ids(self, table: Table, column: str, values: set[int]) -> set[int]:
        found: set[int] = set()
        for part in _parts(values):
            found |= set(self._unit.session.execute(select(table.c.id).where(among(table.c[column], part))).scalars())
        return found

    def _rows(self, table: Table, values: set[int], column: str = "id") -> list[dict[str, Any]]:
        wanted = {name for name, _ in _references(table)}
        wanted |= {each for pair in _NAMED if pair[0] in table.c and pair[1] in table.c for each in pair}
        chosen = select(*(table.c[name] for name in sorted(wanted | {"id"})))
        rows: list[dict[str, Any]] = []
        for part in _parts(values):
            found = self._unit.session.execute(chosen.where(among(table.c[column], part)))
            rows += [dict(row) for row in found.mappings()]
        return rows


_BATCHES = frozenset({"batch_sources", "batch_undos", "source_decisions"})
# What a sample found and who was given work decide no count: no gatherer reads these tables.
_DECIDE_NOTHING = frozenset({"samples", "sampled_records", "sampled_findings", "work_items"})


def _parts(values: set[int]) -> Iterator[list[int]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _PART):
        yield ordered[start : start + _PART]


def names_somebody(table: Table) -> bool:
    """Whether a row tells of which record it is."""
    named = any(kind in table.c and number in table.c for kind, number in _NAMED)
    return table.name in RECORDS or named or any(target in BOUND for _, target in _references(table))


@cache
def _references(table: Table) -> tuple[tuple[str, str], ...]:
    """Foreign keys as column and table; those to imports and to who acted say nothing of a fact."""
    found = []
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if target == _BATCH and table.name not in _BATCHES:
                continue
            if target in BOUND and target not in _DECIDE_NOTHING:
                found.append((column.name, target))
    return tuple(found)


@cache
def _referring(name: str) -> tuple[tuple[Table, str], ...]:
    """Bound tables with a column that refers to the table ``name``."""
    return tuple(
        (table, column)
        for table in (Base.metadata.tables[each] for each in sorted(BOUND))
        for column, target in _references(table)
        if target == name
    )
