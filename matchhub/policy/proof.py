"""The part of a rule pack that fixes the levels of proof."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from matchhub.domain.papers import PAPER_KINDS
from matchhub.domain.proof_rules import CONFIRMED_ONLY, PROOF_FACTS, ProofLevel, ProofNeed, ProofRules
from matchhub.policy.section import Section

_PROVING = tuple(kind for kind in PAPER_KINDS if kind != "other")


def proof_of(top: Section) -> ProofRules:
    """The checked ``[proof]`` table; ``PackFault`` with the place of the first fault.

    Every fact of ``PROOF_FACTS`` has its level; who asks for documents names the kinds of paper.
    """
    payment, late, needs = top.table("payments"), top.table("late"), top.table("needs")
    rules = ProofRules(
        needs={threshold: _needs(needs.table(threshold), facts) for threshold, facts in PROOF_FACTS.items()},
        least_yuan=payment.take("least_yuan", Decimal),
        least_share=payment.take("least_share", Decimal),
        late_record_days=late.positive("late_record_days"),
        late_papers=_papers(late),
    )
    if rules.least_yuan < 0:
        raise payment.wrong("pack_too_small", "least_yuan", least=0, value=rules.least_yuan)
    if not 0 <= rules.least_share <= 1:
        raise payment.wrong("pack_range", "least_share", least=0, most=1, value=rules.least_share)
    for section in (payment, late, needs, top):
        section.done()
    return rules


def _needs(section: Section, facts: tuple[str, ...]) -> dict[str, ProofNeed]:
    found = {fact: _need(section.table(fact), fact) for fact in facts}
    section.done()
    return found


def _need(section: Section, fact: str) -> ProofNeed:
    levels: tuple[ProofLevel, ...] = get_args(ProofLevel)
    level = section.among("level", levels)
    if level == "documented" and fact in CONFIRMED_ONLY:
        raise section.wrong("pack_no_paper", "level")
    papers = _papers(section) if level == "documented" else frozenset()
    section.done()
    return ProofNeed(next(each for each in levels if each == level), papers)


def _papers(section: Section) -> frozenset[str]:
    named = section.texts("papers", _PROVING)
    if not named:
        raise section.wrong("pack_empty", "papers")
    return frozenset(named)
