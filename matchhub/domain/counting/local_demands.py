"""Threshold ``local_demands``: valid demands of local enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from matchhub.domain.counting.atoms import Atom, Reason, counts, judged, mark_repeats, not_literal, not_strict
from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.counting.presence import event_reasons, filled
from matchhub.domain.counting.proof import Recording, recording_reason
from matchhub.domain.demands import assess_demand
from matchhub.domain.likeness import masked_text
from matchhub.domain.rules import RulePack

KEY = "local_demands"
_NOT_LOCAL = frozenset({"demand_enterprise_not_local", "demand_locality_undecided"})


def count_local_demands(facts: Iterable[DemandFacts], pack: RulePack, as_of: date) -> list[Atom]:
    """四(二) 征集本地企业有效需求 1000 条以上(含): demands of local enterprises, posted inside the window.

    Literal: the enterprise is local, there is a text, nobody withdrew it. Strict: the eight tests of a valid demand
    (``domain.demands``) hold on the as-of day, and it was recorded in time. Texts that are equal once their numbers are
    masked count once, whoever posted them, unless a person decided that they differ; near-repetitions come in as
    ``duplicate_of``.
    """
    listed = list(facts)
    atoms = [judged(fact.record_id, f"demand:{fact.record_id}", _reasons(fact, pack, as_of), fact.posted_on)
             for fact in listed]
    keys = [None if fact.duplicate_decision == "different" else _wording(fact) for fact in listed]
    return mark_repeats(atoms, keys, "demand_same_text", "not_strict")


def _wording(fact: DemandFacts) -> str | None:
    parts = (fact.text, fact.targets) if filled(fact.targets) else (fact.text,)
    return masked_text(" ".join(part or "" for part in parts)) or None


def _reasons(fact: DemandFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    yield from event_reasons(KEY, fact.posted_on, fact.withdrawn_on, fact.confirmations, pack, as_of)
    yield recording_reason(Recording(fact.posted_on, fact.recorded_on, fact.evidence, fact.confirmations), pack)
    if not (filled(fact.text) or filled(fact.title)):
        yield not_literal("demand_wordless")
    if fact.enterprise_local is not True:
        undecided = fact.enterprise_local is None
        yield not_literal("demand_locality_undecided" if undecided else "demand_enterprise_not_local",
                          decided_by=fact.local_decided_by)
    for test in assess_demand(fact, pack.demands, as_of).tests:
        if test.passed:
            yield counts(test.code, **test.data)
        elif test.code not in _NOT_LOCAL:  # said already, and more strongly
            yield not_strict(test.code, **test.data)
