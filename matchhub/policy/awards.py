"""The part of a rule pack that composes the other clauses: ``[awards.KEY]`` what it counts, one kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from matchhub.domain.award_rules import MONEY, PAYEES, AwardClause, Each, Needs, Rule, Share, Stages, Tiers
from matchhub.domain.papers import PAPER_KINDS
from matchhub.policy.section import Section

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "agents": ("contract_years", "service_years"),
    "entries": ("least_agents", "least_cases", "least_top", "top_of"),
}


def awards_of(top: Section) -> tuple[AwardClause, ...]:
    """The checked ``[awards]`` table, clauses as written; ``PackFault`` with the place of the first fault."""
    return tuple(_clause(key, top.table(key)) for key in top.names())


def _clause(key: str, section: Section) -> AwardClause:
    counts = section.among("counts", tuple(PAYEES))
    kinds = ("share", "tiers") if counts in MONEY else ("each", "stages") if counts == "entries" else ("each",)
    rule = _READERS[section.among("rule", kinds)](section)
    clause = AwardClause(
        key=key,
        clause=section.words("clause"),
        title_zh=section.words("title_zh"),
        title_en=section.words("title_en"),
        counts=counts,
        rule=rule,
        needs=Needs(**{name: section.positive(name) for name in _NEEDS.get(counts, ())}),
        papers=frozenset(section.texts("papers", PAPER_KINDS)),
    )
    section.done()
    return clause


def _share(section: Section) -> Rule:
    rate = section.take("rate", Decimal)
    if not 0 < rate < 1:
        raise section.wrong("pack_range", "rate", least=0, most=1, value=rate)
    cap = section.positive("cap_yuan")
    names = ("above_yuan", "least_paid_yuan", "least_implemented")
    return Share(rate, cap, *(_optional(section, name) for name in names))


def _optional(section: Section, name: str) -> int | None:
    return section.positive(name) if name in section.names() else None


def _tiers(section: Section) -> Rule:
    least, amounts = section.take("least_yuan", list), section.take("amount_yuan", list)
    whole = all(type(each) is int and each > 0 for each in (*least, *amounts))
    if not whole or not least or len(least) != len(amounts) or least != sorted(set(least)):
        raise section.wrong("pack_tiers", "least_yuan")
    return Tiers(tuple(zip(least, amounts, strict=True)))


def _each(section: Section) -> Rule:
    return Each(section.positive("amount_yuan"), section.take("once", bool, False))


def _stages(section: Section) -> Rule:
    return Stages(*(section.positive(name) for name in ("first_yuan", "after_yuan", "after_years")))


_READERS: Mapping[str, Callable[[Section], Rule]] = {
    "share": _share,
    "tiers": _tiers,
    "each": _each,
    "stages": _stages,
}
