"""Threshold ``experts``: distinct persons of the base."""

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
from matchhub.domain.counting.presence import filled, needed, source_reason, stock_reasons
from matchhub.domain.identifiers import plain
from matchhub.domain.rules import RulePack


def count_experts(facts: Iterable[ExpertFacts], pack: RulePack, as_of: date) -> list[Atom]:
    """四(二) 收录专家 500 名以上(含): distinct persons, a person being a name at an organisation.

    Strict: field, title or qualification named by a source that the pack accepts, and the person's consent on file and
    not withdrawn (PIPL art. 13). Of two that may be one person one counts until a person has decided.
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
        yield source_reason("expert_standing", fact.standing_sources, pack, "expert_standing_proven",
                            "expert_standing_unproven")
    yield _consent_reason(fact, as_of)


def _consent_reason(fact: ExpertFacts, as_of: date) -> Reason:
    if fact.consent_on is None or fact.consent_on > as_of or not filled(fact.consent_evidence):
        return not_strict("expert_consent_missing")
    if fact.consent_withdrawn_on is not None and fact.consent_withdrawn_on <= as_of:
        return not_strict("expert_consent_withdrawn", withdrawn_on=fact.consent_withdrawn_on)
    return counts("expert_consent_on_file", consent_on=fact.consent_on)
