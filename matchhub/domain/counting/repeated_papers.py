"""Two records whose papers seem to be one paper: until a person has decided, one of them counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import Atom, Reason, counts, id_order, not_strict, with_reason
from matchhub.domain.counting.facts import DealFacts, Facts, LicenceFacts, RecordId, RepeatedPaper

DEALS, LICENCES = "deals", "licences"
Owner = tuple[str, RecordId]  # kind and record


def judge_repeated_papers(
    judged: Mapping[str, Sequence[Atom]], facts: Facts, same_bargain: Iterable[tuple[Owner, Owner]]
) -> dict[Owner, Reason]:
    """The reason for each record that shares a paper with another one, by record; ``judged``: verdicts by kind.

    Of those that would count, the one recorded first keeps counting and says so (``evidence_alike_kept``); the others
    wait for the decision (``evidence_alike``), and stay out when it was "the same paper". A deal and the open licence
    of the same bargain may share their papers.
    """
    sharing = {owner: fact for owner, fact in _owners(facts) if fact.repeats}
    strict = {(key, atom.record_id) for key in judged for atom in judged[key] if atom.strict}
    allowed = {frozenset(pair) for pair in same_bargain}
    found: dict[Owner, Reason] = {}
    keeping: dict[Owner, RepeatedPaper] = {}
    for owner in sorted(sharing, key=lambda each: _order(each, sharing[each])):
        others = [each for each in sharing[owner].repeats if frozenset((owner, _owner(each))) not in allowed]
        ahead = next((each for each in others if _owner(each) in keeping), None)
        if ahead is not None:
            found[owner] = not_strict("evidence_alike", kind=ahead.kind, other=ahead.record_id)
        elif others and owner in strict:
            keeping[owner] = others[0]
    for owner, other in keeping.items():
        found[owner] = counts("evidence_alike_kept", kind=other.kind, other=other.record_id)
    return found


def add_reasons(atoms: Sequence[Atom], kind: str, reasons: Mapping[Owner, Reason]) -> list[Atom]:
    """The atoms of a threshold over records of ``kind``, each with the reason of its record."""
    return [
        with_reason(atom, reasons[kind, atom.record_id]) if (kind, atom.record_id) in reasons else atom
        for atom in atoms
    ]


def _owners(facts: Facts) -> Iterable[tuple[Owner, DealFacts | LicenceFacts]]:
    yield from (((DEALS, deal.record_id), deal) for deal in facts.deals)
    yield from (((LICENCES, licence.record_id), licence) for licence in facts.licences)


def _owner(repeated: RepeatedPaper) -> Owner:
    return repeated.kind, repeated.record_id


def _order(owner: Owner, fact: DealFacts | LicenceFacts) -> tuple[bool, datetime | None, str, tuple[bool, int, str]]:
    at = as_utc(fact.recorded_at) if fact.recorded_at else None
    return at is None, at, owner[0], id_order(owner[1])
