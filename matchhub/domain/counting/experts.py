"""Counter ``experts``: distinct persons of the base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from matchhub.domain.counting.atoms import (
    Atom,
    Reason,
    counts,
    judged,
    mark_doubtful,
    mark_duplicates,
    not_literal,
    not_strict,
)
from matchhub.domain.counting.facts import ExpertFacts
from matchhub.domain.counting.presence import filled, needed, source_reasons, stock_reasons
from matchhub.domain.counting.proof import CONSENT, proof_reason
from matchhub.domain.goals import Threshold
from matchhub.domain.identifiers import plain
from matchhub.domain.rules import RulePack

KIND = "experts"


def count_experts(facts: Iterable[ExpertFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 收录专家 500 名以上(含): distinct persons, a person being a name at an organisation.

    Strict: field, title or qualification named by a source that the pack accepts, and the person's consent on file and
    not withdrawn (PIPL art. 13): the paper itself, or in a list of consents whose source the pack accepts. Of two that
    may be one person one counts until a person has decided.
    """
    listed = list(facts)
    atoms = mark_duplicates(
        judged(fact.record_id, _unit(fact), _reasons(fact, pack, as_of), fact.entered_on) for fact in listed
    )
    return mark_doubtful(atoms, {fact.record_id: fact.doubts for fact in listed}, "expert_in_doubt")


def _unit(fact: ExpertFacts) -> str:
    if filled(fact.name) and filled(fact.organisation):
        return f"{plain(fact.name or '')}|{plain(fact.organisation or '')}"
    return f"record:{fact.record_id}"


def _reasons(fact: ExpertFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    yield from stock_reasons(fact.entered_on, fact.withdrawn_on, fact.confirmations, as_of)
    if not (filled(fact.name) and filled(fact.organisation)):
        yield not_literal("expert_identity_missing")
    yield needed(filled(fact.field), "expert_field_present", "expert_field_missing")
    qualified = filled(fact.title) or filled(fact.qualification)
    yield needed(qualified, "expert_standing_present", "expert_standing_missing")
    if qualified:
        yield from source_reasons(
            "expert_standing", fact.standing_sources, pack, "expert_standing_proven", "expert_standing_unproven"
        )
    yield from _consent_reasons(fact, pack, as_of)


def _consent_reasons(fact: ExpertFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    if fact.consent_on is None or fact.consent_on > as_of or not filled(fact.consent_evidence):
        yield not_strict("expert_consent_missing")
        return
    if fact.consent_withdrawn_on is not None and fact.consent_withdrawn_on <= as_of:
        yield not_strict("expert_consent_withdrawn", withdrawn_on=fact.consent_withdrawn_on)
        return
    yield counts("expert_consent_on_file", consent_on=fact.consent_on)
    need = pack.proof.needs[KIND]["consent"]
    paper = proof_reason(need, CONSENT, fact.evidence)
    if paper is not None and paper.effect == "counts":
        yield paper
    elif paper is not None:
        yield from source_reasons("expert_consent", fact.consent_sources, pack, CONSENT.proven, CONSENT.unproven)
