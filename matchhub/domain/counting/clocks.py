"""Records written while the clock was set back: they prove no day, so they wait for the bureau's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import Atom, Reason, flagged, not_strict, with_reason
from matchhub.domain.counting.facts import ClockFact, ConfirmationFact, Facts, RecordId
from matchhub.domain.evidence import latest_confirmations
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.domain.rules import RulePack


def add_clock_reasons(atoms: Mapping[str, Sequence[Atom]], facts: Facts, pack: RulePack) -> dict[str, list[Atom]]:
    """The atoms, those of records that a clock set back touched with ``clock_set_back`` against strict.

    The bureau's confirmation, given once the clock had passed the moment that the log had reached, lets the record
    count; it stays flagged (``clock_set_back_accepted``).
    """
    return {key: _told(judged, _reasons(pack.threshold(key).counter, facts, pack)) for key, judged in atoms.items()}


def _told(atoms: Sequence[Atom], reasons: Mapping[RecordId, Reason]) -> list[Atom]:
    if not reasons:
        return list(atoms)
    return [with_reason(atom, reasons[atom.record_id]) if atom.record_id in reasons else atom for atom in atoms]


def _reasons(kind: str, facts: Facts, pack: RulePack) -> dict[RecordId, Reason]:
    touched = facts.set_back.get(kind, {})
    if not touched:
        return {}
    by_id = {fact.record_id: fact for fact in getattr(facts, kind)}
    return {
        record_id: _reason(clock, by_id[record_id].confirmations, pack)
        for record_id, clock in touched.items()
        if record_id in by_id
    }


def _reason(clock: ClockFact, confirmations: Sequence[ConfirmationFact], pack: RulePack) -> Reason:
    said = latest_confirmations(confirmations)
    after = [
        word
        for word in said
        if word.role == CONFIRMING_BUREAU and word.decision == "confirmed" and as_utc(word.at) > clock.reached_at
    ]
    zone = pack.local.time_zone
    moments = {
        "said_at": f"{clock.said_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "reached_at": f"{clock.reached_at.astimezone(zone):%Y-%m-%d %H:%M}",
    }
    return flagged("clock_set_back_accepted", **moments) if after else not_strict("clock_set_back", **moments)
