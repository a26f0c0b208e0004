"""What counted at an earlier moment, when a claim may have been handed in, and counts no longer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from matchhub.domain.counting.signals import Signal, loss_signals
from matchhub.errors import Refusal
from matchhub.services.counting.counts import Atoms, Question, atoms_of, count_atoms, records_of
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Loss:
    """A threshold that lost strictly counted units: the signal, and the records they stood on then."""

    signal: Signal
    kind: str
    records: tuple[int, ...]


def usual_claim_at(unit: Unit, asked: Question) -> datetime:
    """The beginning of the day the pack's days for signals before the moment asked about (``pack.signals.days``)."""
    known = (asked.known_at or unit.now).astimezone(unit.zone)
    return datetime.combine(known.date() - timedelta(days=asked.pack.signals.days), time.min, unit.zone)


def count_losses(unit: Unit, asked: Question, claimed_at: datetime) -> tuple[Loss, ...]:
    """Units that a claim made at ``claimed_at`` would have counted strictly and that are not counted now.

    The claim counts up to its own day, with what was recorded by its moment; now is what ``asked`` asks. Raises
    ``Refusal("claim_moment_not_before")`` when the claim is not before the moment asked about.
    """
    unit.require("progress.read")
    if claimed_at >= (asked.known_at or unit.now):
        raise Refusal("claim_moment_not_before")
    day = min(asked.as_of, unit.day_of(claimed_at))
    claim = count_atoms(unit, replace(asked, as_of=day, known_at=claimed_at))
    present = {key: atoms_of(unit, key, asked) for key in claim}
    return tuple(
        Loss(signal, asked.pack.threshold(key).counter, _lost_records(claim, present, key))
        for key in claim
        for signal in loss_signals(key, claim[key], present[key])
    )


def _lost_records(claim: Atoms, present: Atoms, key: str) -> tuple[int, ...]:
    kept = {atom.unit for atom in present[key] if atom.strict}
    return tuple(records_of([atom for atom in claim[key] if atom.strict and atom.unit not in kept]))
