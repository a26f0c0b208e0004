"""The counts. Of what is known now as of today they are kept per record (``kept``); any other is a full recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from matchhub.db.tables import LogEntry, PlatformEvent, PushDelivery
from matchhub.domain.counting.acts import lack_of
from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import Explanation, count_all, explain
from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.counting.progress import Progress, assembled, burn_up, progress
from matchhub.domain.rules import RulePack
from matchhub.errors import NotFound
from matchhub.policy import load_pack, pack_keys
from matchhub.services.counting.gather import gather_facts
from matchhub.services.counting.judging import part_kept
from matchhub.services.counting.kept import kept_verdicts, verdicts_held
from matchhub.services.counting.rule_packs import pack_is_confirmed
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.once import once
from matchhub.services.kernel.unit import Unit

Atoms = dict[str, list[Atom]]
_KEPT = 12

# What the platform sees by itself (views, attempts at delivery) makes no entry in the log of acts.
_GROWING = (LogEntry, PlatformEvent, PushDelivery)
_kept: dict[tuple[Any, ...], Atoms] = {}


@dataclass(frozen=True, slots=True)
class Question:
    """The four that a count depends on, records apart: pack, as of (events up to that day), known at."""

    pack: RulePack
    as_of: date
    known_at: datetime | None


def question(
    unit: Unit, as_of: date | None = None, known_at: datetime | None = None, policy: str | None = None
) -> Question:
    """Defaults filled in: today, everything known, the pack in force here."""
    return Question(load_pack(policy, unit.home) if policy else unit.pack, as_of or unit.today, known_at)


def known_policies(unit: Unit) -> tuple[str, ...]:
    """Keys of the rule packs that can be asked."""
    return pack_keys(unit.home)


def count_key(unit: Unit, asked: Question) -> tuple[Any, ...]:
    """What tells whether a count is still the same: installation, what was recorded, and the question."""
    stamp = once(unit, "what was recorded last", lambda: tuple(_newest(unit, table) for table in _GROWING))
    where = str(unit.session.get_bind().engine.url)
    return where, str(unit.home), stamp, asked.pack.digest, asked.as_of, asked.known_at


def _newest(unit: Unit, table: Any) -> int | None:
    return unit.session.execute(select(func.max(table.id))).scalar()


def count_atoms(unit: Unit, asked: Question) -> Atoms:
    """Every record judged anew, by threshold: the recount that kept verdicts must equal.

    Held in memory until something is recorded, for questions of other days that are asked over several pages.
    """
    key = count_key(unit, asked)
    if key not in _kept:
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)))
        with garbage_collection_paused():
            _kept[key] = count_all(gather_facts(unit, Moment(asked.known_at), asked.pack), asked.pack, asked.as_of)
    return _kept[key]


def is_kept(unit: Unit, asked: Question) -> bool:
    """Whether the verdicts of this question are kept: everything known, today, by the pack in force."""
    return asked.known_at is None and asked.as_of == unit.today and asked.pack.digest == unit.pack.digest


@contextmanager
def in_one_state(unit: Unit, *asked: Question) -> Iterator[None]:
    """Whatever is counted for these questions within the block is of one state of the base, that of the unit."""
    with ExitStack() as stack:
        for each in asked:
            if is_kept(unit, each):
                stack.enter_context(verdicts_held(unit, each.pack, each.as_of))
                break  # there is one such question
        yield


def atoms_of(unit: Unit, threshold: str, asked: Question, records: Collection[int] | None = None) -> list[Atom]:
    """The verdicts of one threshold, or of some of its records."""
    if is_kept(unit, asked):
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            return store.atoms(threshold) if records is None else store.atoms_of(threshold, records)
    found = count_atoms(unit, asked)[threshold]
    wanted = None if records is None else set(records)
    return found if wanted is None else [atom for atom in found if atom.record_id in wanted]


def strict_units(unit: Unit, threshold: str, asked: Question) -> list[tuple[int, str]]:
    """Record and unit of everything that counts strictly for one threshold."""
    return [(record, counts_as) for record, counts_as, _ in strict_days(unit, threshold, asked)]


def strict_days(unit: Unit, threshold: str, asked: Question) -> list[tuple[int, str, date | None]]:
    """Record, unit and day of the event of everything that counts strictly for one threshold."""
    if is_kept(unit, asked):
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            return store.strict_days(threshold)
    atoms = count_atoms(unit, asked)[threshold]
    return [(int(atom.record_id), atom.unit, atom.occurred_on) for atom in atoms if atom.strict]


def bare_atoms(unit: Unit, asked: Question) -> Atoms:
    """The verdicts of every threshold, their reasons perhaps without data: for whoever looks at all of them."""
    if not is_kept(unit, asked):
        return count_atoms(unit, asked)
    with kept_verdicts(unit, asked.pack, asked.as_of) as store:
        keys = [each.key for each in asked.pack.thresholds]
        return {key: list(store.atoms_without_data(key)) for key in keys}


def count_progress(unit: Unit, asked: Question) -> Progress:
    """Both goals, literal and strict (CONTRACT.md, ``matchhub progress``)."""
    if is_kept(unit, asked):
        said = _sums(unit, asked)
        parts = {each.key: part_kept(each, said[each.key]) for goal in asked.pack.goals for each in goal.thresholds}
        counted = assembled(parts, asked.pack, asked.as_of)
    else:
        counted = progress(count_atoms(unit, asked), asked.pack, asked.as_of, asked.known_at)
    return replace(counted, policy_confirmed=pack_is_confirmed(unit, asked.pack))


def count_growth(unit: Unit, asked: Question) -> dict[str, list[dict[str, object]]]:
    """Growth by month for every threshold, for the burn-up charts."""
    if is_kept(unit, asked):
        return {threshold: said["growth"] for threshold, said in _sums(unit, asked).items()}
    return burn_up(count_atoms(unit, asked), asked.pack)


def _sums(unit: Unit, asked: Question) -> dict[str, Any]:
    with kept_verdicts(unit, asked.pack, asked.as_of) as store:
        return store.sums()


def explain_record(unit: Unit, kind: str, record_id: int, asked: Question) -> Explanation:
    """Why one record counts or not, for the first threshold that counts its kind (``explain_all`` gives each).

    ``NotFound`` for an unknown kind or record, ``kind_uncounted`` where the pack counts none of the kind.
    """
    found = explain_all(unit, kind, record_id, asked)
    if not found:
        raise NotFound("kind_uncounted", kind=kind, policy=asked.pack.key)
    return next(iter(found.values()))


def explain_all(unit: Unit, kind: str, record_id: int, asked: Question) -> dict[str, Explanation]:
    """Why one record counts or not, by the key of every threshold that counts its kind, in the order of the pack.

    ``NotFound`` for an unknown kind or record; empty where the pack counts none of the kind.
    """
    if kind not in KINDS:
        raise NotFound("kind_unknown", kind=kind)
    keys = [each.key for each in asked.pack.thresholds_of(kind)]
    return {key: explain(atoms_of(unit, key, asked, {record_id}), record_id) for key in keys}


@dataclass(frozen=True, slots=True)
class AtomPage:
    """Some rows of one threshold, the filter they passed, and how many pass it in all."""

    threshold: str
    total: int
    atoms: tuple[Atom, ...]


def drill_down(
    unit: Unit,
    threshold: str,
    asked: Question,
    *,
    show: str = "all",
    code: str | None = None,
    only: Collection[int] | None = None,
    start: int = 0,
    most: int | None = 50,
) -> AtomPage:
    """The rows behind one number. ``show``: all, strict, literal, literal_only or out; ``code`` keeps rows with that
    reason, ``only`` those records; ``most`` None gives all. Raises ``NotFound`` for an unknown threshold."""
    if threshold not in [each.key for each in asked.pack.thresholds]:
        raise NotFound("threshold_not_found", threshold=threshold)
    if is_kept(unit, asked):
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            return AtomPage(threshold, *store.page(threshold, show, code, only, start, most))
    counted = count_atoms(unit, asked)
    chosen = [atom for atom in counted[threshold] if _shown(atom, show) and (code is None or _has(atom, code))]
    if only is not None:
        chosen = [atom for atom in chosen if atom.record_id in only]
    return AtomPage(threshold, len(chosen), tuple(chosen[start : None if most is None else start + most]))


class Found(NamedTuple):
    """Where a verdict stands: its record, its place among the verdicts on that record, the day it happened."""

    record_id: int
    place: int
    day: str


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which verdicts are wanted (``drill_down`` has the filters). ``lacks``: the one thing that keeps them from strict
    is among these (``domain.counting.acts.lack_of``)."""

    show: str = "all"
    code: str | None = None
    only: Collection[int] | None = None
    lacks: Collection[str] | None = None


def find_verdicts(unit: Unit, threshold: str, asked: Question, wanted: Sieve) -> list[Found]:
    """The verdicts that pass, by record, without reading what they say."""
    if is_kept(unit, asked):
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            return list(map(Found._make, store.found(threshold, *_parts(wanted))))
    only, places, found = None if wanted.only is None else set(wanted.only), Counter[int](), []
    for atom in sorted(count_atoms(unit, asked)[threshold], key=lambda each: int(each.record_id)):
        record = int(atom.record_id)
        passes = _shown(atom, wanted.show) and (wanted.code is None or _has(atom, wanted.code))
        passes = passes and (wanted.lacks is None or lack_of(atom.reasons) in wanted.lacks)
        if passes and (only is None or record in only):
            found.append(Found(record, places[record], atom.occurred_on.isoformat() if atom.occurred_on else ""))
        places[record] += 1
    return found


def page_of_verdicts(
    unit: Unit, threshold: str, asked: Question, wanted: Sieve, page: int, size: int
) -> tuple[int, int, list[Found]]:
    """How many verdicts pass, the number of the page (the last one where fewer are there), and those of the page, by
    record."""
    if not is_kept(unit, asked):
        found = find_verdicts(unit, threshold, asked, wanted)
        number = max(1, min(page, -(-len(found) // size)))
        return len(found), number, found[(number - 1) * size : number * size]
    with kept_verdicts(unit, asked.pack, asked.as_of) as store:
        total = store.number_found(threshold, *_parts(wanted))
        number = max(1, min(page, -(-total // size)))
        rows = store.found(threshold, *_parts(wanted), part=((number - 1) * size, size))
    return total, number, list(map(Found._make, rows))


def _parts(wanted: Sieve) -> tuple[str, str | None, Collection[int] | None, Collection[str] | None]:
    return wanted.show, wanted.code, wanted.only, wanted.lacks


def count_lacks(unit: Unit, threshold: str, asked: Question) -> dict[str, int]:
    """By the one thing that records lack (``domain.counting.acts.lack_of``), how many lack just that."""
    if is_kept(unit, asked):
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            return store.lacks(threshold)
    told = {(lack_of(atom.reasons), atom.record_id) for atom in count_atoms(unit, asked)[threshold]}
    return dict(Counter(lack for lack, _ in told if lack))


def _shown(atom: Atom, show: str) -> bool:
    return {
        "strict": atom.strict,
        "literal": atom.literal,
        "literal_only": atom.literal and not atom.strict,
        "out": not atom.literal,
    }.get(show, True)


def _has(atom: Atom, code: str) -> bool:
    return any(reason.code == code for reason in atom.reasons)


def records_of(atoms: Sequence[Atom]) -> list[int]:
    """Record ids of atoms, in order, each once."""
    return list(dict.fromkeys(int(atom.record_id) for atom in atoms))
