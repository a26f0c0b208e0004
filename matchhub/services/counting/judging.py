"""Judging everything, or only what changed and what is bound to it, into the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.kinds import THRESHOLD_OF
from matchhub.domain.counting.links import LINKS
from matchhub.domain.counting.progress import Part, ThresholdProgress, UnitCount, burn_up, part_of_progress
from matchhub.domain.counting.signals import Signal
from matchhub.domain.rules import RulePack, Threshold
from matchhub.services.counting.firms import FIRMS, Firms, keys_of
from matchhub.services.counting.gather import by_threshold, gather_facts
from matchhub.services.counting.reach import Reach, TooMuch
from matchhub.services.counting.some import Ids, facts_of
from matchhub.services.counting.store import Store, mark
from matchhub.services.facts.clocks import WrittenBack, records_written_back
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

_MOST = 10_000  # records of one threshold; beyond that counting everything is no slower


def count_everything(unit: Unit, store: Store, pack: RulePack, as_of: date) -> None:
    """Judge the whole base into an empty store."""
    with garbage_collection_paused():
        facts = gather_facts(unit, Moment())
        judged = count_all(facts, pack, as_of)
        for threshold, atoms in judged.items():
            store.put_atoms(threshold, None, atoms)
            _put_sum(store, pack, as_of, threshold, atoms)
        for threshold, linking in LINKS.items():
            held = {fact.record_id: _marks(threshold, fact) for fact in getattr(facts, threshold)}
            store.add_keys(threshold, held, linking.space)
        store.add_keys(FIRMS, keys_of(unit))


def judge_changed(
    unit: Unit, store: Store, reach: Reach, pack: RulePack, as_of: date, written_back: WrittenBack
) -> None:
    """Judge again what ``reach`` concerns, in a store that was up to date before. Raises ``TooMuch``.

    ``written_back``: the rows that were written while the clock was set back.
    """
    dirty: Ids = defaultdict(set)
    for kind, ids in reach.records.items():
        dirty[THRESHOLD_OF[kind]] |= ids
    firms = Firms(unit, store)
    for kind, ids in firms.concerned(reach).items():
        dirty[THRESHOLD_OF[kind]] |= ids
    with garbage_collection_paused():
        again = _Again(unit, store, firms, dirty, written_back)
        judged = count_all(again.facts, pack, as_of)
        for threshold, ids in again.judged.items():
            new = [atom for atom in judged.get(threshold, ()) if atom.record_id in ids]
            if new != store.atoms_of(threshold, ids):
                store.put_atoms(threshold, ids, new)
                if threshold in judged:
                    _put_sum(store, pack, as_of, threshold, store.atoms_without_data(threshold))
        again.keep_links()


class _Again:
    """The records to be judged again: ``judged`` by threshold, and ``facts`` of them and of what they are bound to."""

    def __init__(self, unit: Unit, store: Store, firms: Firms, dirty: Ids, written_back: WrittenBack) -> None:
        self._unit, self._store, self._firms = unit, store, firms
        self._written_back = written_back
        self._set_back = by_threshold(records_written_back(unit, written_back)) if written_back else {}
        self._dirty: Ids = {threshold: set(ids) for threshold, ids in dirty.items() if ids}
        if self._dirty.keys() - LINKS.keys():
            raise TooMuch("what binds them is not known")
        self._wanted: Ids = {threshold: set(ids) for threshold, ids in self._dirty.items()}
        self._gathered: dict[str, tuple[frozenset[int], tuple[Any, ...]]] = {}
        self.facts = self._gather()
        while self._grow():
            self.facts = self._gather()
        near = {threshold for threshold, linking in LINKS.items() if not linking.far}
        self.judged: Ids = {threshold: set(ids) for threshold, ids in self._wanted.items()}
        if near & self._wanted.keys():  # what surrounds them is not judged, only looked at
            for threshold in near & self._wanted.keys():
                linked = self._bound(LINKS[threshold].space, threshold, self._wanted[threshold])
                self._wanted[threshold] |= linked[threshold]
            self.facts = self._gather()

    def _gather(self) -> Facts:
        for threshold, ids in self._wanted.items():
            if len(ids) > _MOST:
                raise TooMuch(f"many {threshold}")
            if self._gathered.get(threshold, (frozenset(), ()))[0] != ids:
                self._gathered[threshold] = frozenset(ids), self._facts_of(threshold, ids)
        return Facts(**{threshold: facts for threshold, (_, facts) in self._gathered.items()}, set_back=self._set_back)

    def _facts_of(self, threshold: str, ids: set[int]) -> tuple[Any, ...]:
        return facts_of(self._unit, threshold, ids, self._firms, self._written_back)

    def _grow(self) -> bool:
        """Take in what is bound to the records so far; whether there was anything new. Near ones grow by one step."""
        grown = False
        for threshold, ids in list(self._wanted.items()):
            linking = LINKS[threshold]
            start = ids if linking.far else self._dirty.get(threshold, set())
            for other, found in self._bound(linking.space, threshold, start).items():
                held = self._wanted.setdefault(other, set())
                grown = grown or not found <= held
                held |= found
        return grown

    def _bound(self, space: str, threshold: str, ids: set[int]) -> Ids:
        keys = {key for held in self._store.keys_of(threshold, ids).values() for key in held}
        for fact in getattr(self.facts, threshold):
            if fact.record_id in ids:
                keys |= _marks(threshold, fact)
        return self._store.linked(space, keys)

    def keep_links(self) -> None:
        """Renew the keys of what changed."""
        for threshold, ids in self._dirty.items():
            new = {int(fact.record_id): _marks(threshold, fact) for fact in getattr(self.facts, threshold)
                   if fact.record_id in ids}  # fmt: skip
            old = self._store.keys_of(threshold, ids)
            for record in ids:
                if new.get(record, set()) != old.get(record, set()):
                    self._store.put_keys(threshold, record, new.get(record, set()), LINKS[threshold].space)


def _marks(threshold: str, fact: Any) -> set[int]:
    return {mark(key) for key in LINKS[threshold].keys(fact)}


# --- sums ------------------------------------------------------------------------------------------------------------


def _put_sum(store: Store, pack: RulePack, as_of: date, threshold: str, atoms: Iterable[Atom]) -> None:
    listed = list(atoms)
    counted, signals = part_of_progress(listed, pack.threshold(threshold), pack, as_of)
    store.put_sum(
        threshold,
        {
            "count": [counted.count.literal, counted.count.strict],
            "other": [counted.other.literal, counted.other.strict] if counted.other else None,
            "reasons": dict(counted.reasons),
            "unseen": counted.unseen_sources,
            "signals": [[each.code, dict(each.data)] for each in signals],
            "growth": burn_up({threshold: listed}, pack)[threshold],
        },
    )


def part_kept(threshold: Threshold, said: dict[str, Any]) -> Part:
    """What one threshold adds to the progress, from its kept sum."""
    other = UnitCount(threshold.other_unit, *said["other"]) if threshold.other_unit and said["other"] else None
    count = UnitCount(threshold.unit, *said["count"])
    counted = ThresholdProgress(threshold, count, other, said["reasons"], said["unseen"])
    return counted, tuple(Signal(threshold.key, code, data) for code, data in said["signals"])
