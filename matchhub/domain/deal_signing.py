"""Deals (交易): what is checked when one is opened or signed: parties, numbers, patents and what lies on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from matchhub.domain.counting.facts import DealFacts, DealPatentFact, EncumbranceFact, RecordId
from matchhub.domain.deals import Finding, check_dates
from matchhub.domain.identifiers import check_contract_register_number, patent_type_of
from matchhub.domain.licensing import LICENCE_KINDS, licence_kinds_allowed
from matchhub.domain.records import DealType
from matchhub.domain.rules import RulePack
from matchhub.domain.validity import encumbrances_on, ended_on, life_on
from matchhub.errors import IdentifierInvalid


def check_signing(
    deal: DealFacts,
    pack: RulePack,
    today: date,
    *,
    encumbrances: Mapping[RecordId, tuple[EncumbranceFact, ...]] | None = None,
    numbers_in_use: Mapping[str, RecordId] | None = None,
) -> tuple[Finding, ...]:
    """Everything that is checked at once when a deal is entered or signed.

    ``encumbrances`` by patent id; ``numbers_in_use`` maps contract and registration numbers to the deal that already
    bears them. Findings that block come with the same words as the count; the others warn.
    """
    signed = deal.signed_on or today
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: iter(check_dates(deal, today)),
        lambda: _party_findings(deal),
        lambda: _number_findings(deal, numbers_in_use or {}),
        lambda: (
            found
            for patent in deal.patents
            for found in _patent_findings(deal, patent, (encumbrances or {}).get(patent.patent_id, ()), signed)
        ),
        lambda: _attribution_findings(deal, pack),
    )
    return tuple(finding for check in checks for finding in check())


def _party_findings(deal: DealFacts) -> Iterator[Finding]:
    if not deal.sellers or not deal.buyers:
        yield Finding("blocks", "parties_missing")
    if set(deal.sellers) & set(deal.buyers):
        yield Finding("blocks", "parties_identical")
    elif deal.affiliations and deal.affiliation_overruled_by is None:
        link = deal.affiliations[0]
        yield Finding("warns", "parties_affiliated", {"kind": link.kind, "shared": link.shared, "source": link.source})
    if not deal.patents:
        yield Finding("blocks", "deal_without_patent")


def _number_findings(deal: DealFacts, in_use: Mapping[str, RecordId]) -> Iterator[Finding]:
    numbers = (deal.contract_number, deal.contract_register_number, *(entry.number for entry in deal.registrations))
    for number in filter(None, numbers):
        if in_use.get(number, deal.record_id) != deal.record_id:
            yield Finding("blocks", "deal_number_in_use", {"number": number, "other": in_use[number]})
    if deal.contract_register_number and check_contract_register_number(deal.contract_register_number):
        yield Finding("warns", "contract_register_number_odd", {"value": deal.contract_register_number})


def _patent_findings(
    deal: DealFacts, patent: DealPatentFact, encumbrances: tuple[EncumbranceFact, ...], signed: date
) -> Iterator[Finding]:
    number = patent.application_number or ""
    try:
        if patent_type_of(number) != "invention":
            yield Finding("warns", "deal_not_invention", {"number": number})
    except IdentifierInvalid:
        yield Finding("warns", "deal_patent_number_invalid", {"number": number})
    life = life_on(
        signed,
        patent.statuses,
        patent.granted_on,
        ended_on(patent.application_number, patent.filed_on, patent.expires_on),
    )
    if life == "dead":
        yield Finding("blocks", "deal_patent_dead", {"on": signed, "number": number})
    elif life != "in_force":
        code = "deal_patent_not_granted" if life == "not_granted" else "deal_patent_status_unknown"
        yield Finding("warns", code, {"on": signed, "number": number})
    if patent.owned_by_seller is False:
        yield Finding("blocks", "deal_seller_not_owner", {"number": number})
    yield from _burden_findings(deal, number, encumbrances, signed)


def _burden_findings(
    deal: DealFacts, number: str, encumbrances: tuple[EncumbranceFact, ...], signed: date
) -> Iterator[Finding]:
    for encumbrance in encumbrances_on(encumbrances, signed):
        data = {"encumbrance": encumbrance.kind, "number": number}
        if encumbrance.kind == "preservation" or (encumbrance.kind == "pledge" and not encumbrance.consented):
            # Civil Code art. 444: a pledged patent is neither transferred nor licensed without the pledgee's consent.
            yield Finding("blocks", "deal_patent_bound", data)
        elif deal.deal_type in LICENCE_KINDS - licence_kinds_allowed([encumbrance.kind]):
            open_licence = encumbrance.kind == "open_licence"
            yield Finding("blocks", "deal_open_licence_running" if open_licence else "deal_licence_excluded", data)
        else:
            yield Finding("warns", "deal_patent_burdened", data)


def check_kind(
    deal_type: DealType, encumbrances: Mapping[str, tuple[EncumbranceFact, ...]], on: date
) -> tuple[Finding, ...]:
    """Whether this kind of deal may be opened at all while such licences run on the patents (by their number)."""
    asked = DealFacts(record_id=0, deal_type=deal_type)
    found = (each for number, held in encumbrances.items() for each in _burden_findings(asked, number, held, on))
    return tuple(each for each in found if each.code in ("deal_open_licence_running", "deal_licence_excluded"))


def _attribution_findings(deal: DealFacts, pack: RulePack) -> Iterator[Finding]:
    touched = {
        event.patent_id
        for event in deal.platform_events
        if event.kind in pack.deals.attributing_events and event.party_id in deal.buyers
    }
    for patent in deal.patents:
        if patent.patent_id not in touched:
            yield Finding("warns", "deal_without_platform_event", {"number": patent.application_number})
