"""The part of a rule pack that fixes what the other clauses pay."""

from __future__ import annotations

from decimal import Decimal

from matchhub.domain.award_rules import AgencyRule, AwardRules, EventRule, PledgeRule, PurchaseRule, SalesRule
from matchhub.policy.section import Section


def awards_of(top: Section) -> AwardRules:
    """The checked ``[awards]`` table; ``PackFault`` with the place of the first fault."""
    purchase, agency, pledge = top.table("purchase"), top.table("agency"), top.table("pledge")
    event = top.table("event")
    rules = AwardRules(
        purchase=PurchaseRule(_rate(purchase), purchase.positive("cap_yuan")),
        agency=AgencyRule(
            _rate(agency),
            agency.positive("cap_yuan"),
            agency.positive("least_implemented"),
            agency.positive("least_paid_yuan"),
        ),
        pledge=PledgeRule(_rate(pledge), pledge.positive("cap_yuan"), pledge.positive("above_yuan")),
        sales=_sales(top.table("sales")),
        event=EventRule(event.positive("amount_yuan")),
    )
    for section in (purchase, agency, pledge, event, top):
        section.done()
    return rules


def _rate(section: Section) -> Decimal:
    rate = section.take("rate", Decimal)
    if not 0 < rate < 1:
        raise section.wrong("pack_range", "rate", least=0, most=1, value=rate)
    return rate


def _sales(section: Section) -> SalesRule:
    least, amounts = section.take("least_yuan", list), section.take("amount_yuan", list)
    section.done()
    whole = all(type(each) is int and each > 0 for each in (*least, *amounts))
    if not whole or not least or len(least) != len(amounts) or least != sorted(set(least)):
        raise section.wrong("pack_tiers", "least_yuan")
    return SalesRule(tuple(zip(least, amounts, strict=True)))
