"""Judging everything, or only what changed and what is bound to it, into the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.links import LINKS
from matchhub.domain.counting.progress import Part, ThresholdProgress, UnitCount, burn_up, part_of_progress
from matchhub.domain.counting.signals import Signal
from matchhub.domain.goals import Threshold
from matchhub.domain.rules import RulePack
from matchhub.services.counting.awards.trades import trades_said
from matchhub.services.counting.firms import FIRMS, Firms, keys_of
from matchhub.services.counting.gather import gather_facts
from matchhub.services.counting.kept_facts import kept_texts
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
        facts = gather_facts(unit, Moment(), pack)
        judged = count_all(facts, pack, as_of)
        for threshold, atoms in judged.items():
            store.put_atoms(threshold, None, atoms)
            _put_sum(store, pack, as_of, threshold, atoms)
        for kind, linking in LINKS.items():
            held = {fact.record_id: _marks(kind, fact) for fact in getattr(facts, kind)}
            store.add_keys(kind, held, linking.space)
        store.add_keys(FIRMS, keys_of(unit))
        store.put_trades(None, trades_said(facts.deals, pack))
        store.put_deal_facts(None, kept_texts(facts.deals))


def judge_changed(
    unit: Unit, store: Store, reach: Reach, pack: RulePack, as_of: date, written_back: WrittenBack
) -> None:
    """Judge again what ``reach`` concerns, in a store that was up to date before. Raises ``TooMuch``.

    ``written_back``: the rows that were written while the clock was set back.
    """
    dirty: Ids = defaultdict(set)
    for kind, ids in reach.records.items():
        dirty[kind] |= ids
    firms = Firms(unit, store)
    for kind, ids in firms.concerned(reach).items():
        dirty[kind] |= ids
    with garbage_collection_paused():
        again = _Again(unit, store, firms, dirty, written_back)
        judged = count_all(again.facts, pack, as_of)
        for kind, ids in again.judged.items():
            for threshold in pack.thresholds_of(kind):
                new = [atom for atom in judged[threshold.key] if atom.record_id in ids]
                if new != store.atoms_of(threshold.key, ids):
                    store.put_atoms(threshold.key, ids, new)
                    _put_sum(store, pack, as_of, threshold.key, store.atoms_without_data(threshold.key))
        if deals := again.judged.get("deals"):
            judged_deals = [each for each in again.facts.deals if each.record_id in deals]
            store.put_trades(deals, trades_said(judged_deals, pack))
            store.put_deal_facts(deals, kept_texts(judged_deals))
        again.keep_links()


class _Again:
    """The records to be judged again: ``judged`` by kind, and ``facts`` of them and of what they are bound to."""

    def __init__(self, unit: Unit, store: Store, firms: Firms, dirty: Ids, written_back: WrittenBack) -> None:
        self._unit, self._store, self._firms = unit, store, firms
        self._written_back = written_back
        self._set_back = records_written_back(unit, written_back) if written_back else {}
        self._dirty: Ids = {kind: set(ids) for kind, ids in dirty.items() if ids}
        if self._dirty.keys() - LINKS.keys():
            raise TooMuch("what binds them is not known")
        self._wanted: Ids = {kind: set(ids) for kind, ids in self._dirty.items()}
        self._gathered: dict[str, tuple[frozenset[int], tuple[Any, ...]]] = {}
        self.facts = self._gather()
        while self._grow():
            self.facts = self._gather()
        near = {kind for kind, linking in LINKS.items() if not linking.far}
        self.judged: Ids = {kind: set(ids) for kind, ids in self._wanted.items()}
        if near & self._wanted.keys():  # what surrounds them is not judged, only looked at
            for kind in near & self._wanted.keys():
                linked = self._bound(LINKS[kind].space, kind, self._wanted[kind])
                self._wanted[kind] |= linked[kind]
            self.facts = self._gather()

    def _gather(self) -> Facts:
        for kind, ids in self._wanted.items():
            if len(ids) > _MOST:
                raise TooMuch(f"many {kind}")
            if self._gathered.get(kind, (frozenset(), ()))[0] != ids:
                self._gathered[kind] = frozenset(ids), self._facts_of(kind, ids)
        return Facts(**{kind: facts for kind, (_, facts) in self._gathered.items()}, set_back=self._set_back)

    def _facts_of(self, kind: str, ids: set[int]) -> tuple[Any, ...]:
        return facts_of(self._unit, kind, ids, self._firms, self._written_back)

    def _grow(self) -> bool:
        """Take in what is bound to the records so far; whether there was anything new. Near ones grow by one step."""
        grown = False
        for kind, ids in list(self._wanted.items()):
            linking = LINKS[kind]
            start = ids if linking.far else self._dirty.get(kind, set())
            for other, found in self._bound(linking.space, kind, start).items():
                held = self._wanted.setdefault(other, set())
                grown = grown or not found <= held
                held |= found
        return grown

    def _bound(self, space: str, kind: str, ids: set[int]) -> Ids:
        keys = {key for held in self._store.keys_of(kind, ids).values() for key in held}
        for fact in getattr(self.facts, kind):
            if fact.record_id in ids:
                keys |= _marks(kind, fact)
        return self._store.linked(space, keys)

    def keep_links(self) -> None:
        """Renew the keys of what changed."""
        for kind, ids in self._dirty.items():
            new = {int(fact.record_id): _marks(kind, fact) for fact in getattr(self.facts, kind)
                   if fact.record_id in ids}  # fmt: skip
            old = self._store.keys_of(kind, ids)
            for record in ids:
                if new.get(record, set()) != old.get(record, set()):
                    self._store.put_keys(kind, record, new.get(record, set()), LINKS[kind].space)


def _marks(kind: str, fact: Any) -> set[int]:
    return {mark(key) for key in LINKS[kind].keys(fact)}


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
