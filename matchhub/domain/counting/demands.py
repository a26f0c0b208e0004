"""Counter ``demands``: valid demands of local enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    judged,
    mark_repeats,
    not_literal,
    not_strict,
    with_reason,
)
from matchhub.domain.counting.facts import DemandFacts, RecordId
from matchhub.domain.counting.filters import least_reasons
from matchhub.domain.counting.presence import event_reasons, filled
from matchhub.domain.counting.proof import (
    AUTHORISATION,
    VERIFICATION,
    Recording,
    has_paper,
    proof_reason,
    recording_reason,
)
from matchhub.domain.demands import assess_demand, repetition_code
from matchhub.domain.goals import Threshold
from matchhub.domain.likeness import masked_sentences
from matchhub.domain.organisations import ENTERPRISE
from matchhub.domain.rules import RulePack

KIND = "demands"
_NOT_LOCAL = frozenset({"demand_enterprise_not_local", "demand_locality_undecided"})
_REPEATED = frozenset({"demand_repetition", "demand_repetition_review"})


def count_demands(facts: Iterable[DemandFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 征集本地企业有效需求 1000 条以上(含): demands of local enterprises, posted inside the window.

    Literal: the enterprise is local, there is a text, nobody withdrew it. Strict: the eight tests of a valid demand
    (``domain.demands``) hold on the as-of day, it was recorded in time, the operator verified it and the enterprise
    authorised it, both as it reads now. Of texts whose sentences are equal once their numbers are masked, in whatever
    order they stand, one counts, whoever posted them, unless a person decided that they differ; so does one of demands
    that are alike (``duplicate_of``). One that does not count holds nobody back.
    """
    listed = list(facts)
    atoms = [_atom(fact, tuple(_reasons(fact, pack, threshold, as_of)), threshold) for fact in listed]
    keys = [None if fact.duplicate_decision == "different" else _wording(fact) for fact in listed]
    return _mark_alike(mark_repeats(atoms, keys, "demand_same_text", "not_strict"), listed, pack)


def _atom(fact: DemandFacts, reasons: tuple[Reason, ...], threshold: Threshold) -> Atom:
    """By demand, or by the enterprise that has it, as the pack counts."""
    demand = f"demand:{fact.record_id}"
    firm = demand if fact.enterprise_id is None else f"enterprise:{fact.enterprise_id}"
    keys = {"demand": demand, ENTERPRISE: firm}
    return judged(fact.record_id, keys[threshold.unit], reasons, fact.posted_on, keys.get(threshold.other_unit))


def _wording(fact: DemandFacts) -> tuple[str, ...] | None:
    return masked_sentences(fact.text or "", fact.targets or "") or None


def _mark_alike(atoms: Sequence[Atom], facts: Sequence[DemandFacts], pack: RulePack) -> list[Atom]:
    """Of demands that resemble one another, directly or through others, the best judged one counts strictly; the others
    say which.

    A demand names only the earlier one that is nearest to it, so a withdrawn one still ties those like it together.
    """
    codes = {fact.record_id: code for fact in facts if (code := repetition_code(fact, pack.demands))}
    if not codes:
        return list(atoms)
    group = _Groups()
    for fact in facts:
        if fact.record_id in codes and fact.duplicate_of is not None:
            group.join(fact.record_id, fact.duplicate_of)
    marked = mark_repeats(
        atoms,
        [group.of(atom.record_id) for atom in atoms],
        "demand_repetition",
        "not_strict",
    )
    by_id = {fact.record_id: fact for fact in facts}
    return [_told(atom, held, codes, by_id) for atom, held in zip(atoms, marked, strict=True)]


def _told(atom: Atom, held: Atom, codes: dict[RecordId, str], facts: dict[RecordId, DemandFacts]) -> Atom:
    if held is atom:
        return atom
    fact = facts[atom.record_id]
    other = held.reasons[-1].data["other"]
    code = codes.get(atom.record_id, "demand_repetition_review")
    return with_reason(atom, not_strict(code, other=other, similarity=round(fact.duplicate_similarity or 0.0, 3)))


class _Groups:
    """Records tied together, by the number that stands for their group."""

    def __init__(self) -> None:
        self._up: dict[RecordId, RecordId] = {}

    def of(self, record: RecordId) -> RecordId:
        while (up := self._up.get(record, record)) != record:
            record = up
        return record

    def join(self, one: RecordId, other: RecordId) -> None:
        self._up[self.of(one)] = self.of(other)


def _reasons(fact: DemandFacts, pack: RulePack, threshold: Threshold, as_of: date) -> Iterator[Reason]:
    yield from event_reasons(threshold, fact.posted_on, fact.withdrawn_on, fact.confirmations, pack, as_of)
    yield recording_reason(Recording(fact.posted_on, fact.recorded_on, fact.evidence, fact.confirmations), pack)
    if not (filled(fact.text) or filled(fact.title)):
        yield not_literal("demand_wordless")
    yield from least_reasons(fact.budget_yuan, threshold.filters)
    if threshold.filters.local and fact.enterprise_local is not True:
        undecided = fact.enterprise_local is None
        yield not_literal(
            "demand_locality_undecided" if undecided else "demand_enterprise_not_local",
            decided_by=fact.local_decided_by,
        )
    for test in assess_demand(fact, pack.demands, as_of).tests:
        if test.passed:
            yield counts(test.code, **test.data)
        elif test.code not in _NOT_LOCAL | _REPEATED:  # said already, and more strongly; or said of all that are alike
            yield not_strict(test.code, **test.data)
    yield from proof_of_words(fact, pack)


def proof_of_words(fact: DemandFacts, pack: RulePack) -> Iterator[Reason]:
    """Whether the operator verified the demand and its enterprise authorised it, both as it reads now."""
    needs = pack.proof.needs[KIND]
    seen, own = fact.verification, fact.own_word
    verified = proof_reason(needs["verification"], VERIFICATION, (), seen is not None and seen.stands)
    if verified is not None:
        stale = seen is not None and not seen.stands
        yield not_strict("demand_changed_since_verified", on=seen.on) if stale and seen else verified
    current = [paper for paper in fact.evidence if paper.digest not in fact.outdated]
    need = needs["authorisation"]
    authorised = proof_reason(need, AUTHORISATION, current, own is not None and own.stands)
    if authorised is None:
        return
    outdated = own is not None or has_paper(fact.evidence, need.papers)
    yield not_strict("demand_changed_since_authorised") if authorised.effect != "counts" and outdated else authorised
