"""What binds the verdicts of records to one another: keys of each fact, so that two that share none never meet.

A counter that lets one record speak for several, keeps caps or lays papers side by side looks across records. Here
stands by which values it does so, coarsely rather than finely: a key too many costs time, a key too few makes a kept
verdict wrong (``tests/services/counting/test_kept_properties.py`` compares). A kind that is not named here is always
counted in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matchhub.domain.counting.facts import (
    AgencyFacts,
    DealFacts,
    DemandFacts,
    EnterpriseFacts,
    ExpertFacts,
    LicenceFacts,
    OfferFacts,
    PatentFacts,
    PaymentFact,
    PushFacts,
    RecordId,
    RepeatedPaper,
)
from matchhub.domain.counting.licences import pair_unit, patent_unit
from matchhub.domain.counting.offers import offer_unit
from matchhub.domain.counting.patents import number_unit
from matchhub.domain.counting.patents import patent_unit as own_unit
from matchhub.domain.evidence import proof_key
from matchhub.domain.identifiers import normalise_publication_number, plain
from matchhub.domain.likeness import masked_sentences
from matchhub.domain.official_numbers import number_key
from matchhub.errors import IdentifierInvalid


@dataclass(frozen=True, slots=True)
class Linking:
    """How the records of a kind are bound, whatever thresholds count them: kinds of one ``space`` are judged together.

    ``far``: what is bound to a bound record matters too, over any number of steps; else only the next ones do.
    """

    space: str
    keys: Callable[[Any], Iterator[str]]
    far: bool = True


def _pairs(own: RecordId, others: tuple[RecordId, ...]) -> Iterator[str]:
    yield from (f"pair:{min(str(own), str(each))}|{max(str(own), str(each))}" for each in others)


def _patent(fact: PatentFacts) -> Iterator[str]:
    yield f"unit:{own_unit(fact, {})}"
    if fact.publication_number:
        yield f"published:{_published(fact.publication_number)}"
    if fact.title:
        yield f"like:{plain(fact.title)}|{'|'.join(sorted({plain(name) for name in fact.applicants}))}"


def _published(number: str) -> str:
    try:
        return normalise_publication_number(number)[:-1]
    except IdentifierInvalid:
        return plain(number)


def _enterprise(fact: EnterpriseFacts) -> Iterator[str]:
    if fact.uscc:
        yield f"code:{plain(fact.uscc)}"
    if fact.name_key:
        yield f"name:{fact.name_key}"
    for held in fact.categories:
        if held.certificate_number:
            yield f"certificate:{held.category}|{number_key(held.certificate_number)}"
    yield from _pairs(fact.record_id, fact.doubts)


def _expert(fact: ExpertFacts) -> Iterator[str]:
    yield f"person:{plain(fact.name or '')}|{plain(fact.organisation or '')}"
    yield from _pairs(fact.record_id, fact.doubts)


def _agency(fact: AgencyFacts) -> Iterator[str]:
    if fact.uscc:
        yield f"code:{plain(fact.uscc)}"
    if fact.licence_number:
        yield f"licence:{plain(fact.licence_number)}"
    yield from _pairs(fact.record_id, fact.doubts)


def _demand(fact: DemandFacts) -> Iterator[str]:
    yield f"text:{'|'.join(masked_sentences(fact.text or '', fact.targets or ''))}"
    yield f"alike:{fact.record_id}"
    if fact.duplicate_of is not None:
        yield f"alike:{fact.duplicate_of}"


def _push(fact: PushFacts) -> Iterator[str]:
    yield f"firm:{fact.enterprise_id}"
    yield from (f"patent:{item.patent_id}" for item in fact.items)


def _papers(own: str, payments: tuple[PaymentFact, ...], repeats: tuple[RepeatedPaper, ...]) -> Iterator[str]:
    yield from (key for payment in payments if (key := proof_key(payment)))
    for each in repeats:
        yield f"repeat:{'|'.join(sorted((own, f'{each.kind}:{each.record_id}')))}"


def _deal(fact: DealFacts) -> Iterator[str]:
    yield f"deal:{fact.record_id}"
    if fact.contract_number:
        yield f"contract:{number_key(fact.contract_number)}"
    yield from (f"patent:{number_unit(p.application_number or f'patent:{p.patent_id}')}" for p in fact.patents)
    yield from (f"patent-id:{p.patent_id}" for p in fact.patents)
    yield from _papers(f"deals:{fact.record_id}", fact.payments, fact.repeats)


def _licence(fact: LicenceFacts) -> Iterator[str]:
    yield f"pair:{pair_unit(fact)}"
    yield f"patent:{patent_unit(fact)}"
    if fact.deal_id is not None:
        yield f"deal:{fact.deal_id}"
    yield from _papers(f"licences:{fact.record_id}", fact.payments, fact.repeats)


def _offer(fact: OfferFacts) -> Iterator[str]:
    yield f"patent:{offer_unit(fact)}"


LINKS: Mapping[str, Linking] = {
    "patents": Linking("patents", _patent),
    "enterprises": Linking("enterprises", _enterprise),
    "experts": Linking("experts", _expert),
    "agencies": Linking("agencies", _agency),
    "demands": Linking("demands", _demand),
    "pushes": Linking("pushes", _push, far=False),
    "deals": Linking("bargains", _deal),
    "licences": Linking("bargains", _licence),
    "offers": Linking("offers", _offer),
}
