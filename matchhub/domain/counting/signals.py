"""What a reviewer should look at although every record may be in order: sudden growth, and losses after a claim.

Signals never change a count; they are told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.facts import RecordId
from matchhub.domain.rules import SignalRules


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation about a threshold: code and data of its sentence, the records it is about, and what tells it
    from others of its code (a day, an account)."""

    threshold: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)
    records: tuple[RecordId, ...] = ()
    key: str = ""

    def to_json(self) -> dict[str, object]:
        """``{"threshold", "code", "data"}``."""
        return {"threshold": self.threshold, "code": self.code, "data": dict(self.data)}


def growth_signals(threshold: str, atoms: Sequence[Atom], rules: SignalRules, as_of: date) -> list[Signal]:
    """``grown_suddenly`` when the share of strict units that came within the last days reaches the pack's limit."""
    first: dict[str, date] = {}
    for atom in atoms:
        if atom.strict and atom.occurred_on is not None:
            first[atom.unit] = min(atom.occurred_on, first.get(atom.unit, atom.occurred_on))
    since = as_of - timedelta(days=rules.days)
    fresh = sum(day > since for day in first.values())
    if len(first) < rules.minimum or fresh < rules.share * len(first):
        return []
    new = (atom.record_id for atom in atoms if atom.strict and first.get(atom.unit, since) > since)
    records = tuple(dict.fromkeys(new))
    return [Signal(threshold, "grown_suddenly", {"fresh": fresh, "total": len(first), "days": rules.days}, records)]


def loss_signals(threshold: str, claimed: Sequence[Atom], present: Sequence[Atom]) -> list[Signal]:
    """``lost_since_claim`` when units that a claim counted strictly no longer count: how many, and of how many."""
    before = {atom.unit for atom in claimed if atom.strict}
    after = {atom.unit for atom in present if atom.strict}
    lost = len(before - after)
    return [Signal(threshold, "lost_since_claim", {"lost": lost, "claimed": len(before)})] if lost else []
