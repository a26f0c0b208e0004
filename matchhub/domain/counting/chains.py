"""Patents that go round in circles: round trips, resales and licences granted twice (deals of one patent in order)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matchhub.domain.counting.atoms import Atom, Reason, id_order, not_strict, with_reason
from matchhub.domain.counting.facts import DealFacts, FormerOwnerFact, RecordId

PASSES_OWNERSHIP = frozenset({"transfer", "contribution"})


@dataclass(frozen=True, slots=True)
class Step:
    """One patent in one deal, already judged by itself; it ``stands`` when it passes the patent on or licenses it,
    whatever the threshold takes."""

    patent: str
    deal: DealFacts
    atom: Atom
    stands: bool


def judge_chains(steps: Iterable[Step]) -> list[Atom]:
    """The atoms of ``steps`` in their order, with a reason against those that only move a patent around.

    A deal whose buyer had sold that patent before is a round trip, whatever became of the earlier deal; so is one
    whose buyer belongs together with such a seller, unless the bureau overruled the tie. A second
    transfer of a patent is a resale, a second licence between the same parties a repetition: both only fail when the
    earlier deal counts strictly, so that one deal of each chain counts.
    """
    listed = list(steps)
    earlier: defaultdict[str, list[Step]] = defaultdict(list)
    found: dict[tuple[RecordId, str], Atom] = {}
    for step in sorted(listed, key=_order):
        atom = step.atom
        if atom.literal:
            for reason in _against(step, earlier[step.patent]):
                atom = with_reason(atom, reason)
        if step.stands:
            earlier[step.patent].append(replace(step, atom=atom))
        found[step.deal.record_id, step.patent] = atom
    return [found[step.deal.record_id, step.patent] for step in listed]


def _order(step: Step) -> tuple[date, tuple[bool, int, str], str]:
    return (step.deal.signed_on or date.max, id_order(step.deal.record_id), step.patent)


def _against(step: Step, earlier: Sequence[Step]) -> list[Reason]:
    deal = step.deal
    others = [past for past in earlier if past.deal.record_id != deal.record_id]
    passed_on = [past for past in others if past.deal.deal_type in PASSES_OWNERSHIP]
    reasons = []
    if back := [past for past in passed_on if set(past.deal.sellers) & set(deal.buyers)]:
        reasons.append(not_strict("deal_round_trip", other=back[0].deal.record_id))
    elif (tie := _tie_to_former_owner(deal, passed_on)) is not None:
        reasons.append(
            not_strict(
                "deal_round_trip_affiliated",
                other=tie.deal_id,
                kind=tie.link.kind,
                shared=tie.link.shared,
                source=tie.link.source,
            )
        )
    if deal.deal_type in PASSES_OWNERSHIP:
        same = [past for past in passed_on if past.atom.strict]
    else:
        same = [
            past
            for past in others
            if past.atom.strict
            and past.deal.deal_type not in PASSES_OWNERSHIP
            and set(past.deal.buyers) & set(deal.buyers)
            and set(past.deal.sellers) & set(deal.sellers)
        ]
    if same:
        code = "deal_resale" if deal.deal_type in PASSES_OWNERSHIP else "deal_repeated"
        reasons.append(not_strict(code, other=same[0].deal.record_id))
    return reasons


def _tie_to_former_owner(deal: DealFacts, passed_on: Sequence[Step]) -> FormerOwnerFact | None:
    """The first tie that binds the buyer to who sold the patent in a deal of this chain; none once overruled."""
    if deal.affiliation_overruled_by is not None:
        return None
    chain = {past.deal.record_id for past in passed_on}
    return next((tie for tie in deal.former_owners if tie.deal_id in chain), None)
