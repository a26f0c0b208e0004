"""The file in the home that keeps verdicts: derived from the base like the index of matching, never part of it.

One SQLite file whatever engine the base has, in WAL, so that many read while one writes. It holds one count: that of a
day by a pack, at an entry of the chain. Losing it costs a recount.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any

from matchhub.domain.counting.acts import lack_of
from matchhub.domain.counting.atoms import Atom, Reason

NAME = "verdicts.db"
_WAIT_SECONDS = 300.0  # while another process counts everything
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS verdicts (
    threshold TEXT NOT NULL, record_id INTEGER NOT NULL, place INTEGER NOT NULL, unit TEXT NOT NULL, other_unit TEXT,
    literal INTEGER NOT NULL, strict INTEGER NOT NULL, occurred_on TEXT, codes TEXT NOT NULL, reasons TEXT NOT NULL,
    lack TEXT NOT NULL,
    PRIMARY KEY (threshold, record_id, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (
    space TEXT NOT NULL, key INTEGER NOT NULL, kind TEXT NOT NULL, record_id INTEGER NOT NULL,
    PRIMARY KEY (space, key, kind, record_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_of_record ON links (kind, record_id);
CREATE TABLE IF NOT EXISTS trades (deal_id INTEGER PRIMARY KEY, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deal_facts (deal_id INTEGER PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sums (threshold TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_LAYOUT = 4  # grows with every change of a table; a file of another layout is begun anew
_TABLES = ("verdicts", "links", "trades", "deal_facts", "sums", "meta")


def mark(key: str) -> int:
    """A key as 64 bits."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


class Store:
    """An open file of verdicts, within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    # --- what the verdicts are of ------------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """What was written by ``put_meta``; empty for a new file."""
        return dict(self._db.execute("SELECT name, value FROM meta"))

    def put_meta(self, values: Mapping[str, str]) -> None:
        """State what the verdicts are of."""
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def begin_writing(self) -> None:
        """Let nobody else write until this transaction ends; what is read from now on is the newest."""
        self._db.execute("ROLLBACK")
        self._db.execute("BEGIN IMMEDIATE")

    def clear(self) -> None:
        """Forget everything."""
        for table in _TABLES:
            self._db.execute(f"DELETE FROM {table}")  # nosec B608

    def end(self, *, keep: bool) -> None:
        """End the transaction."""
        self._db.execute("COMMIT" if keep else "ROLLBACK")
        self._db.execute("BEGIN")

    # --- links -------------------------------------------------------------------------------------------------------

    def keys_of(self, kind: str, records: Collection[int]) -> dict[int, set[int]]:
        """Keys of records, those without any left out."""
        found: dict[int, set[int]] = defaultdict(set)
        for part in _parts(records):
            text = f"SELECT record_id, key FROM links WHERE kind = ? AND record_id IN ({part})"  # nosec B608
            for record, key in self._db.execute(text, (kind,)):
                found[record].add(key)
        return found

    def records_with(self, space: str, keys: Collection[int]) -> set[int]:
        """Records of a space and the kind of its name that have one of the keys."""
        return {record for found in self.linked(space, keys).values() for record in found}

    def linked(self, space: str, keys: Collection[int]) -> dict[str, set[int]]:
        """Records that have one of the keys, by kind."""
        found: dict[str, set[int]] = defaultdict(set)
        for part in _parts(keys):
            text = f"SELECT kind, record_id FROM links WHERE space = ? AND key IN ({part})"  # nosec B608
            for kind, record in self._db.execute(text, (space,)):
                found[kind].add(record)
        return found

    def put_keys(self, kind: str, record: int, keys: Iterable[int], space: str | None = None) -> None:
        """Replace the keys of one record."""
        self._db.execute("DELETE FROM links WHERE kind = ? AND record_id = ?", (kind, record))
        self.add_keys(kind, {record: set(keys)}, space)

    def add_keys(self, kind: str, keys: Mapping[int, Collection[int]], space: str | None = None) -> None:
        """Keys of records that have none yet."""
        rows = ((space or kind, key, kind, record) for record, held in keys.items() for key in held)
        self._db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", rows)

    # --- verdicts ----------------------------------------------------------------------------------------------------

    def put_atoms(self, threshold: str, records: Collection[int] | None, atoms: Iterable[Atom]) -> None:
        """Replace the verdicts of ``records`` (None: there are none yet)."""
        for part in _parts(records or ()):
            text = f"DELETE FROM verdicts WHERE threshold = ? AND record_id IN ({part})"  # nosec B608
            self._db.execute(text, (threshold,))
        places = ",".join("?" * 11)
        self._db.executemany(f"INSERT INTO verdicts VALUES ({places})", _rows_of(threshold, atoms))  # nosec B608

    def atoms(self, threshold: str, where: str = "1", values: Collection[Any] = (), most: int = -1,
              start: int = 0) -> list[Atom]:  # fmt: skip
        """Verdicts that pass a condition over the columns, by record."""
        text = (
            "SELECT record_id, unit, other_unit, literal, strict, occurred_on, reasons FROM verdicts "  # nosec B608
            f"WHERE threshold = ? AND {where} ORDER BY record_id, place LIMIT ? OFFSET ?"
        )
        return [
            Atom(record, unit, bool(literal), bool(strict), _reasons(said), _day(day), other)
            for record, unit, other, literal, strict, day, said in self._db.execute(
                text, (threshold, *values, most, start)
            )
        ]

    def atoms_of(self, threshold: str, records: Collection[int]) -> list[Atom]:
        """Verdicts of some records, by record."""
        return [atom for part in _parts(records) for atom in self.atoms(threshold, f"record_id IN ({part})")]

    def atoms_without_data(self, threshold: str) -> Iterator[Atom]:
        """All verdicts of a threshold, their reasons without data: enough to add them up."""
        seen: dict[str, tuple[Reason, ...]] = {}
        days: dict[str | None, date | None] = {}
        text = (
            "SELECT record_id, unit, other_unit, literal, strict, occurred_on, codes FROM verdicts WHERE threshold = ?"
        )
        for record, unit, other, literal, strict, day, codes in self._db.execute(text, (threshold,)):
            if codes not in seen:
                seen[codes] = tuple(_bare(each) for each in codes.strip("|").split("|") if each)
            if day not in days:
                days[day] = _day(day)
            yield Atom(record, unit, bool(literal), bool(strict), seen[codes], days[day], other)

    def strict_days(self, threshold: str) -> list[tuple[int, str, date | None]]:
        """Record, unit and day of the event of what counts strictly."""
        text = "SELECT record_id, unit, occurred_on FROM verdicts WHERE threshold = ? AND strict"
        return [(record, unit, _day(day)) for record, unit, day in self._db.execute(text, (threshold,))]

    def page(
        self, threshold: str, show: str, code: str | None, only: Collection[int] | None, start: int, most: int | None
    ) -> tuple[int, tuple[Atom, ...]]:
        """How many verdicts pass a filter (``counts.drill_down``), and a page of them."""
        where, values = self._where(show, code, only)
        total = self.how_many(threshold, where, values)
        return total, tuple(self.atoms(threshold, where, values, -1 if most is None else most, start))

    def found(self, threshold: str, show: str, code: str | None, only: Collection[int] | None,
              lacks: Collection[str] | None, part: tuple[int, int] = (0, -1),
              ) -> list[tuple[int, int, str]]:  # fmt: skip
        """Record, place and day (or ``""``) of the verdicts that pass a filter, by record; ``lacks``: the one thing
        they lack is among these; ``part``: from which one on, and how many (-1: all)."""
        where, values = self._where(show, code, only, lacks)
        columns = "record_id, place, coalesce(occurred_on, '')"
        order = "ORDER BY record_id, place LIMIT ? OFFSET ?"
        text = f"SELECT {columns} FROM verdicts WHERE threshold = ? AND {where} {order}"  # nosec B608
        return self._db.execute(text, (threshold, *values, part[1], part[0])).fetchall()

    def number_found(self, threshold: str, show: str, code: str | None, only: Collection[int] | None,
                     lacks: Collection[str] | None) -> int:  # fmt: skip
        """How many verdicts pass a filter (``found``)."""
        return self.how_many(threshold, *self._where(show, code, only, lacks))

    def lacks(self, threshold: str) -> dict[str, int]:
        """By the one thing that verdicts lack, how many records lack just that."""
        text = "SELECT lack, count(DISTINCT record_id) FROM verdicts WHERE threshold = ? AND lack <> '' GROUP BY lack"
        return dict(self._db.execute(text, (threshold,)).fetchall())

    def _where(
        self, show: str, code: str | None, only: Collection[int] | None, lacks: Collection[str] | None = None
    ) -> tuple[str, list[Any]]:
        where = _SHOWN.get(show, "1")
        values: list[Any] = []
        if lacks is not None:
            where += f" AND lack IN ({','.join('?' * len(lacks))})"
            values += lacks
        if code is not None:
            where += " AND (instr(codes, ?) OR instr(codes, ?) OR instr(codes, ?) OR instr(codes, ?))"
            values += [f"|{letter}{code}|" for letter in _EFFECTS]
        if only is not None:
            where += f" AND record_id IN ({','.join(map(str, sorted(only)))})"
        return where, values

    def how_many(self, threshold: str, where: str, values: Collection[Any]) -> int:
        """Number of verdicts that pass a condition."""
        text = f"SELECT count(*) FROM verdicts WHERE threshold = ? AND {where}"  # nosec B608
        return int(self._db.execute(text, (threshold, *values)).fetchone()[0])

    # --- what deals say to the clauses that reward trade -------------------------------------------------------------

    def put_trades(self, deals: Collection[int] | None, said: Mapping[int, Mapping[str, Any]]) -> None:
        """Replace what ``deals`` say (None: nothing is kept yet); values as reasons have them."""
        for part in _parts(deals or ()):
            self._db.execute(f"DELETE FROM trades WHERE deal_id IN ({part})")  # nosec B608
        self._db.executemany("INSERT INTO trades VALUES (?, ?)", [(deal, _said(each)) for deal, each in said.items()])

    def trades(self) -> dict[int, dict[str, Any]]:
        """What every deal says, by deal."""
        return {deal: _heard(said) for deal, said in self._db.execute("SELECT deal_id, said FROM trades")}

    # --- what was judged of deals ------------------------------------------------------------------------------------

    def put_deal_facts(self, deals: Collection[int] | None, facts: Mapping[int, str]) -> None:
        """Replace the facts of ``deals`` (None: nothing is kept yet), each as text (``kept_facts``)."""
        for part in _parts(deals or ()):
            self._db.execute(f"DELETE FROM deal_facts WHERE deal_id IN ({part})")  # nosec B608
        self._db.executemany("INSERT INTO deal_facts VALUES (?, ?)", facts.items())

    def deal_facts(self, deal: int) -> str | None:
        """The facts of one deal as text; ``None`` for one that is not on record."""
        found = self._db.execute("SELECT facts FROM deal_facts WHERE deal_id = ?", (deal,)).fetchone()
        return str(found[0]) if found else None

    # --- sums --------------------------------------------------------------------------------------------------------

    def sums(self) -> dict[str, Any]:
        """Sums by threshold."""
        return {name: json.loads(value) for name, value in self._db.execute("SELECT threshold, value FROM sums")}

    def put_sum(self, threshold: str, value: Any) -> None:
        """Replace the sum of a threshold."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        self._db.execute("INSERT OR REPLACE INTO sums VALUES (?, ?)", (threshold, text))


@contextmanager
def opened(home: Path | None) -> Iterator[Store]:
    """The file of an installation, made when it is not there; without a home verdicts that last for the block."""
    connection = sqlite3.connect(home / NAME if home else ":memory:", timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
            _begin_anew(connection)
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        yield Store(connection)
    finally:
        connection.close()


def _begin_anew(connection: sqlite3.Connection) -> None:
    """Drop tables of another layout; two processes may come here at once."""
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(f"PRAGMA user_version={_LAYOUT}")
    connection.execute("COMMIT")


def forget(home: Path) -> None:
    """Keep no verdict any more: the next count is a full one."""
    try:
        with opened(home) as store:
            store.begin_writing()
            store.clear()
            store.end(keep=True)
    except sqlite3.DatabaseError:
        remove(home)


def remove(home: Path) -> None:
    """Take the file away, for it cannot be read."""
    for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
        (home / name).unlink(missing_ok=True)


def _parts(numbers: Collection[int], size: int = 10_000) -> Iterator[str]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), size):
        yield ",".join(map(str, ordered[start : start + size]))


# --- one verdict as a row --------------------------------------------------------------------------------------------

_SHOWN = {"strict": "strict", "literal": "literal", "literal_only": "literal AND NOT strict", "out": "NOT literal"}
_LETTERS = {"counts": "+", "flagged": "~", "not_literal": "!", "not_strict": "-"}
_EFFECTS = {letter: effect for effect, letter in _LETTERS.items()}


def _rows_of(threshold: str, atoms: Iterable[Atom]) -> Iterator[tuple[Any, ...]]:
    places: dict[Any, int] = defaultdict(int)
    for atom in atoms:
        place = places[atom.record_id]
        places[atom.record_id] = place + 1
        codes = "|".join(f"{_LETTERS[each.effect]}{each.code}" for each in atom.reasons)
        day = atom.occurred_on.isoformat() if atom.occurred_on else None
        yield (
            threshold, atom.record_id, place, atom.unit, atom.other_unit, atom.literal, atom.strict, day,
            f"|{codes}|", _said([(each.code, each.effect, each.data) for each in atom.reasons]), lack_of(atom.reasons),
        )  # fmt: skip


def _bare(coded: str) -> Reason:
    return Reason(coded[1:], _EFFECTS[coded[0]])  # type: ignore[arg-type]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_TYPES: dict[str, Any] = {"date": date.fromisoformat, "datetime": datetime.fromisoformat, "Decimal": Decimal}


def _plain(value: Any) -> Any:
    """What JSON has no word for, with the name of its type."""
    if isinstance(value, date | datetime):
        return {"~": type(value).__name__, "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {"~": "Decimal", "v": str(value)}
    raise TypeError(f"a reason's data hold a {type(value).__name__}: teach the store to keep it")


_said = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
_heard = json.JSONDecoder(object_hook=lambda found: _TYPES[found["~"]](found["v"]) if "~" in found else found).decode


def _reasons(text: str) -> tuple[Reason, ...]:
    return tuple(Reason(code, effect, data) for code, effect, data in _heard(text))
