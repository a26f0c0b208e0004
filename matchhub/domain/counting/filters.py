"""What a threshold takes of the records of its kind (``domain.goals.Filters``), as reasons for and against a record.

A filter that is not named says nothing. What a filter keeps out does not count literally either, for the clause itself
asks for it; only how well an implementation is proven is a question of the strict count. Which counter knows which
filter stands in ``domain.goals.FILTERS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from matchhub.domain.counting.atoms import Reason, counts, not_literal
from matchhub.domain.counting.facts import DealFacts, DealPatentFact, EnterpriseFacts, PatentFacts
from matchhub.domain.counting.presence import filled
from matchhub.domain.counting.proof import IMPLEMENTATION, proof_reason
from matchhub.domain.goals import Filters
from matchhub.domain.identifiers import patent_type_of, patent_type_of_publication
from matchhub.domain.industries import fitting_industries, patent_classes
from matchhub.domain.records import PatentType
from matchhub.domain.rules import RulePack
from matchhub.errors import IdentifierInvalid


def deal_reasons(deal: DealFacts, filters: Filters, pack: RulePack, as_of: date) -> Iterator[Reason]:
    """What the filters say of a deal as a whole; of each of its patents ``deal_patent_reasons`` says it."""
    if filters.deal_types:
        wanted = deal.deal_type in filters.deal_types
        yield counts("deal_type_meets") if wanted else not_literal("deal_type_other")
    if filters.local:
        yield _local_reason(deal.buyer_local)
    yield from least_reasons(deal.amount_yuan, filters)
    if filters.implemented:
        yield from _implementation_reasons(deal, pack, as_of)


def deal_patent_reasons(patent: DealPatentFact, filters: Filters, pack: RulePack) -> Iterator[Reason]:
    """What the filters say of one patent of a deal. Its number must say its type, whatever the row calls it."""
    number = patent.application_number or ""
    if not filled(number):
        yield not_literal("deal_patent_number_missing")
    else:
        yield _deal_type_reason(number, filters)
    yield from class_reasons(patent.ipc, patent.locarno, filters, pack)


def _deal_type_reason(number: str, filters: Filters) -> Reason:
    try:
        kind = patent_type_of(number)
    except IdentifierInvalid:
        return not_literal("deal_patent_number_invalid", number=number)
    if filters.patent_types == {"invention"}:
        said = {"number": number}
        return counts("deal_on_invention", **said) if kind == "invention" else not_literal("deal_not_invention", **said)
    return _type_reason(kind, filters)


def patent_reasons(fact: PatentFacts, filters: Filters, pack: RulePack) -> Iterator[Reason]:
    """What the filters say of a patent of the base: its type by its number, its industries by its classes."""
    if filters.patent_types:
        yield _type_reason(type_of(fact.application_number, fact.publication_number), filters)
    yield from class_reasons(fact.ipc, fact.locarno, filters, pack)


def number_reasons(number: str | None, filters: Filters) -> Iterator[Reason]:
    """Whether the patent that an offer or a licence is about is of a type that the threshold takes."""
    if filters.patent_types:
        yield _type_reason(type_of(number), filters)


def type_of(application_number: str | None, publication_number: str | None = None) -> PatentType | None:
    """Type that the application number states, else the publication number; None where neither can be read."""
    for number, stated in ((application_number, patent_type_of), (publication_number, patent_type_of_publication)):
        try:
            if filled(number):
                return stated(number or "")
        except IdentifierInvalid:
            continue
    return None


def _type_reason(kind: PatentType | None, filters: Filters) -> Reason:
    if kind is None:
        return not_literal("patent_type_unknown")
    if filters.patent_types and kind not in filters.patent_types:
        return not_literal("patent_type_other")
    return counts("patent_type_meets")


def class_reasons(ipc: Iterable[str], locarno: Iterable[str], filters: Filters, pack: RulePack) -> Iterator[Reason]:
    """Whether a class of the patent serves one of the industries that the threshold takes."""
    if filters.industries:
        fitting = fitting_industries(patent_classes(ipc, locarno), pack.industries.values())
        served = next((each for each in fitting if each.key in filters.industries), None)
        yield not_literal("industry_other") if served is None else counts("industry_meets", industry=served.zh)


def least_reasons(yuan: Decimal | None, filters: Filters) -> Iterator[Reason]:
    """Whether the agreed amount is as much as the threshold asks; one that is not on record is not."""
    if filters.least_yuan is None:
        return
    least = f"{filters.least_yuan:,.2f}"
    if yuan is None:
        yield not_literal("amount_unknown", least=least)
    elif yuan < filters.least_yuan:
        yield not_literal("amount_below", amount=f"{yuan:,.2f}", least=least)
    else:
        yield counts("amount_reached", amount=f"{yuan:,.2f}", least=least)


def enterprise_reasons(fact: EnterpriseFacts, filters: Filters) -> Iterator[Reason]:
    """What the filters say of an enterprise besides its categories, of which the counter looks at those wanted only."""
    if filters.local:
        yield _local_reason(fact.local)


def _local_reason(local: bool | None) -> Reason:
    if local is None:
        return not_literal("firm_locality_undecided")
    return counts("firm_local") if local else not_literal("firm_not_local")


def _implementation_reasons(deal: DealFacts, pack: RulePack, as_of: date) -> Iterator[Reason]:
    days = [day for day in deal.implemented_on if day <= as_of]
    if not days:
        yield not_literal("deal_not_implemented")
        return
    if deal.signed_on is not None and min(days) < deal.signed_on:
        yield not_literal("deal_implemented_too_early", implemented_on=min(days))
        return
    yield counts("deal_implemented", implemented_on=min(days))
    proof = proof_reason(pack.proof.needs["deals"]["implementation"], IMPLEMENTATION, deal.evidence)
    yield from filter(None, (proof,))
