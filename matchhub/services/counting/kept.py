"""Verdicts kept per record and brought up to date by what changed (``docs/decisions/0075-verdicts-are-kept.md``).

What changed is read from the chain: every unit leaves there the keys of the bound rows it touched. From those
rows to the records that read them (``reach``), over what binds records to one another (``links``) to all that must be
judged again. Whatever is not understood leads to a full recount, never to a verdict kept too long.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select

from matchhub.db.engine import READ_ONLY
from matchhub.db.tables import BoundRows, LogEntry
from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import DealFacts
from matchhub.domain.rules import RulePack
from matchhub.errors import NotFound
from matchhub.services.counting.gather import gather_facts
from matchhub.services.counting.judging import count_everything, judge_changed
from matchhub.services.counting.kept_facts import deal_of_text
from matchhub.services.counting.reach import Reach, TooMuch
from matchhub.services.counting.store import Store, forget, opened, remove
from matchhub.services.facts.clocks import WrittenBack, tolerance_of, written_back
from matchhub.services.kernel.clock_spells import steps_back_since
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.once import once
from matchhub.services.kernel.row_digests import unpacked
from matchhub.services.kernel.touched import touched_in
from matchhub.services.kernel.unit import Unit

_ROWS_MOST = 20_000  # of one table; an import beyond that is counted anew as a whole
log = logging.getLogger("matchhub.counting")
_SOURCES = Path(__file__).parents[2]
_RULES = ("domain", "policy", "services/facts", "services/counting", "services/kernel")
_HELD = "verdicts held"


@dataclass(frozen=True, slots=True)
class End:
    """The last entry of the chain that a unit sees."""

    entry: int
    hash: str


@contextmanager
def kept_verdicts(unit: Unit, pack: RulePack, as_of: date) -> Iterator[Store]:
    """The verdicts of everything known now as of a day, up to date.

    Within ``verdicts_held`` they are those held. A unit that has written something itself sees it counted, and leaves
    the kept verdicts as they were. Where the file cannot be used (damaged, no room) everything is counted for this
    once.
    """
    held = unit.session.info.get(_HELD)
    if held is not None and held[0] == (pack.digest, as_of):
        yield held[1]
        return
    with ExitStack() as stack:
        try:
            store = stack.enter_context(opened(unit.home))
            _bring_up_to_date(unit, store, pack, as_of)
        except sqlite3.Error as fault:
            log.warning("kept verdicts cannot be used: %s", fault)
            stack.close()
            if not isinstance(fault, sqlite3.OperationalError):
                remove(unit.home)
            store = stack.enter_context(opened(None))
            _bring_up_to_date(unit, store, pack, as_of)
        try:
            yield store
        except sqlite3.DatabaseError:
            stack.close()
            remove(unit.home)  # damaged where nobody had read before: the next one counts anew
            raise


@contextmanager
def verdicts_held(unit: Unit, pack: RulePack, as_of: date) -> Iterator[None]:
    """Let every count of this pack and day within the block be of the state that the unit sees.

    Without it a count may be of what others committed since the unit began: right for one number, and wrong where
    several are read one after another and have to add up, while an import runs.
    """
    if _HELD in unit.session.info:
        yield
        return
    with ExitStack() as stack:
        store = stack.enter_context(kept_verdicts(unit, pack, as_of))
        end, said = end_of_chain(unit), store.meta()
        if (said["entry"], said["hash"]) != (str(end.entry), end.hash):
            store = stack.enter_context(opened(None))
            _bring_up_to_date(unit, store, pack, as_of)
        unit.session.info[_HELD] = ((pack.digest, as_of), store)
        stack.callback(unit.session.info.pop, _HELD)
        yield


def facts_of_deal(unit: Unit, deal_id: int) -> DealFacts:
    """The facts of one deal as they were judged today; nothing of the base is read for them.

    Raises ``NotFound`` for a deal that is not on record. Who may read them is asked by whoever calls this.
    """
    with kept_verdicts(unit, unit.pack, unit.today) as store:
        found = store.deal_facts(deal_id)
    if found is None:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal_of_text(found)


@dataclass(frozen=True, slots=True)
class Recount:
    """What a full recount found: whether anything had been kept, and the records judged otherwise, by threshold."""

    compared: bool
    differing: dict[str, tuple[int, ...]]


def recount(unit: Unit) -> Recount:
    """Compare the kept verdicts with a full recount of the day they are of, and count today anew.

    They never differ; the comparison is there for the day on which a rule looks across records that nobody foresaw.
    """
    pack, differing = unit.pack, {}
    with opened(unit.home) as store:
        meta = store.meta()
    day = date.fromisoformat(meta["as_of"]) if meta else unit.today
    compared = _same(meta, _wanted(unit, pack, day)) and _is_on_chain(unit, meta)
    if compared:
        full = count_all(gather_facts(unit, Moment(), pack), pack, day)
        with kept_verdicts(unit, pack, day) as store:
            for threshold, atoms in full.items():
                one, other = _by_record(atoms), _by_record(store.atoms(threshold))
                odd = {record for record in one.keys() | other.keys() if one.get(record) != other.get(record)}
                if odd:
                    differing[threshold] = tuple(sorted(odd))
    if differing:
        log.error("kept verdicts differ from a recount: %s", differing)
    forget(unit.home)
    with kept_verdicts(unit, pack, unit.today):
        return Recount(compared, differing)


def _by_record(atoms: Iterable[Atom]) -> dict[int, list[Atom]]:
    found: dict[int, list[Atom]] = defaultdict(list)
    for atom in atoms:
        found[int(atom.record_id)].append(atom)
    return found


def _bring_up_to_date(unit: Unit, store: Store, pack: RulePack, as_of: date) -> None:
    unit.session.flush()
    wanted = _wanted(unit, pack, as_of)
    own, end = _own_rows(unit), end_of_chain(unit)
    if not own and _is_current(unit, store.meta(), wanted, end):
        return
    store.begin_writing()
    meta = store.meta()
    if not own and _is_current(unit, meta, wanted, end):  # another one did it while we waited
        return
    try:
        if not _same(meta, wanted) or not _is_on_chain(unit, meta):
            raise TooMuch("another day, pack, base or program")
        if pack.local != unit.pack.local:
            raise TooMuch("who is local is on record for the place of the pack in force only")
        set_back = _written_back(unit, meta, pack)
        reach = Reach(unit)
        reach.follow(_rows_since(unit, int(meta["entry"]), own))
        judge_changed(unit, store, reach, pack, as_of, set_back)
    except TooMuch as why:
        log.info("everything is counted: %s", why)
        store.clear()
        count_everything(unit, store, pack, as_of)
        set_back = written_back(unit, Moment(), pack)
    store.put_meta(wanted | {"entry": str(end.entry), "hash": end.hash, "back": "1" if set_back else ""})
    if not own and _is_for_all(unit, end):
        store.end(keep=True)


def _written_back(unit: Unit, meta: Mapping[str, str], pack: RulePack) -> WrittenBack:
    """Rows written while the clock was set back; nothing is read where neither the kept state nor a new entry knows."""
    if not meta["back"] and not steps_back_since(unit, int(meta["entry"]), tolerance_of(pack)):
        return {}
    return written_back(unit, Moment(), pack)


def _wanted(unit: Unit, pack: RulePack, as_of: date) -> dict[str, str]:
    """What a count depends on besides the rows: the base, the pack, the day, and the rules as they are programmed."""
    url = unit.session.get_bind().engine.url
    return {
        "base": sha256(str(url).encode()).hexdigest(),
        "pack": pack.digest,
        "as_of": as_of.isoformat(),
        "rules": rules_digest(),
    }


@cache
def rules_digest() -> str:
    """Digest of the program text that decides counts; another version of the product counts anew."""
    digest = sha256()
    for file in sorted(path for folder in _RULES for path in (_SOURCES / folder).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _same(meta: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(meta.get(name) == value for name, value in wanted.items())


def _is_current(unit: Unit, meta: Mapping[str, str], wanted: Mapping[str, str], end: End) -> bool:
    """Whether the verdicts are of this very state, or of one that another unit committed since this one began."""
    if not _same(meta, wanted):
        return False
    if int(meta["entry"]) > end.entry:
        return _is_for_all(unit, End(int(meta["entry"]), meta["hash"]))
    return (meta["entry"], meta["hash"]) == (str(end.entry), end.hash)


def _is_on_chain(unit: Unit, meta: Mapping[str, str]) -> bool:
    """Whether the entry that was counted last is still part of the chain: after a restore it may not be."""
    entry = int(meta["entry"])
    if entry == 0:
        return True
    return unit.session.execute(select(LogEntry.hash).where(LogEntry.id == entry)).scalar() == meta["hash"]


def _is_for_all(unit: Unit, end: End) -> bool:
    """Whether an entry is committed, so that any other unit sees it too."""
    if not end.entry:
        return True
    with unit.session.get_bind().engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        found = connection.execute(select(LogEntry.hash).where(LogEntry.id == end.entry)).scalar()
        connection.rollback()
    return found == end.hash


def end_of_chain(unit: Unit) -> End:
    """The last entry of the chain, once for a reading unit."""
    return once(unit, "end of the chain", lambda: _end(unit))


def _end(unit: Unit) -> End:
    last = unit.session.execute(select(LogEntry.id, LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)).one_or_none()
    return End(last.id, last.hash) if last else End(0, "")


def _own_rows(unit: Unit) -> dict[str, set[int]]:
    """Rows that this unit has written and not yet bound."""
    noted = touched_in(unit.session)
    rows: dict[str, set[int]] = defaultdict(set)
    for name, ids in noted.rows.items():
        rows[name] |= ids
    for name, ids_packed, _ in noted.made:
        rows[name] |= set(unpacked(ids_packed))
    return {name: ids for name, ids in rows.items() if ids}


def _rows_since(unit: Unit, entry: int, own: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """Rows written since an entry, by table. Raises ``TooMuch``."""
    size = select(func.coalesce(func.sum(func.length(BoundRows.row_ids)), 0)).where(BoundRows.entry_id > entry)
    if int(unit.session.execute(size).scalar_one()) > 8 * _ROWS_MOST * 4:
        raise TooMuch("many rows")
    rows: dict[str, set[int]] = defaultdict(set)
    chosen = select(BoundRows.table_name, BoundRows.row_ids).where(BoundRows.entry_id > entry)
    for name, ids in unit.session.execute(chosen):
        rows[name] |= set(unpacked(ids))
    for name, mine in own.items():
        rows[name] |= mine
    if any(len(ids) > _ROWS_MOST for ids in rows.values()):
        raise TooMuch("many rows")
    return rows
