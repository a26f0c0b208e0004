"""All counters by the kind of record they judge, and the one call that counts everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchhub.domain.counting.agencies import count_agencies
from matchhub.domain.counting.atoms import Atom, Reason
from matchhub.domain.counting.clocks import add_clock_reasons
from matchhub.domain.counting.crossing import settle
from matchhub.domain.counting.deals import count_deals
from matchhub.domain.counting.demands import count_demands
from matchhub.domain.counting.enterprises import count_enterprises
from matchhub.domain.counting.experts import count_experts
from matchhub.domain.counting.facts import Facts, RecordId
from matchhub.domain.counting.licences import count_licences
from matchhub.domain.counting.offers import count_offers
from matchhub.domain.counting.patents import count_patents
from matchhub.domain.counting.pushes import count_pushes
from matchhub.domain.goals import Threshold
from matchhub.domain.organisations import ENTERPRISE
from matchhub.domain.rules import RulePack
from matchhub.errors import NotFound

Counter = Callable[[Any, RulePack, Threshold, date], list[Atom]]

COUNTERS: Mapping[str, Counter] = {
    "patents": count_patents,
    "enterprises": count_enterprises,
    "experts": count_experts,
    "agencies": count_agencies,
    "demands": count_demands,
    "pushes": count_pushes,
    "deals": count_deals,
    "offers": count_offers,
    "licences": count_licences,
}
"""Counter of each kind of record; the facts it takes are the field of the same name of ``Facts``."""

UNITS: Mapping[str, tuple[str, ...]] = {
    "patents": ("patent",),
    "enterprises": (ENTERPRISE,),
    "experts": ("expert",),
    "agencies": ("agency",),
    "demands": ("demand", ENTERPRISE),
    "pushes": ("message", "pair"),
    "deals": ("contract", "patent", "buyer"),
    "offers": ("patent",),
    "licences": ("pair", "patent", "licensee"),
}
"""Units in which each counter can count; a threshold names the headline and perhaps another one beside it."""


def count_threshold(facts: Facts, pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """Atoms of one threshold, before what arises between thresholds is settled."""
    return COUNTERS[threshold.counter](getattr(facts, threshold.counter), pack, threshold, as_of)


def count_all(facts: Facts, pack: RulePack, as_of: date) -> dict[str, list[Atom]]:
    """Atoms of every threshold of the pack, with what arises between thresholds settled.

    A pure function of its arguments: the order of the facts does not matter, nothing is remembered.
    """
    counted = {each.key: count_threshold(facts, pack, each, as_of) for each in pack.thresholds}
    return settle(add_clock_reasons(counted, facts, pack), facts, pack, as_of)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one record counts or not: the verdict over all its atoms and every reason once, against it first."""

    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, object]:
        """Shape of ``matchhub explain`` in the contract."""
        return {
            "counts": {"literal": self.literal, "strict": self.strict},
            "reasons": [reason.to_json() for reason in self.reasons],
        }


def explain(atoms: list[Atom], record_id: RecordId) -> Explanation:
    """The explanation of one record from the atoms of its threshold; ``NotFound`` when none of them is of it."""
    mine = [atom for atom in atoms if atom.record_id == record_id]
    if not mine:
        raise NotFound(record=record_id)
    mine.sort(key=lambda atom: (not atom.strict, not atom.literal, atom.unit, atom.other_unit or ""))
    ranks = {"not_literal": 0, "not_strict": 1, "flagged": 2, "counts": 3}
    seen: list[Reason] = []
    for atom in mine:
        seen += [reason for reason in atom.reasons if reason not in seen]
    ordered = sorted(seen, key=lambda reason: ranks[reason.effect])
    return Explanation(any(a.literal for a in mine), any(a.strict for a in mine), tuple(ordered))
