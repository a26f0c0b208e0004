"""Deals (交易): their stages, the order of their days, and what is checked when one is signed.

Affiliation of the parties lives in ``domain.affiliation`` and is offered here too, because every deal asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from matchhub.domain.affiliation import PartyTraits, affiliation_groups, affiliations_between
from matchhub.domain.counting.facts import DealFacts, DealPatentFact, EncumbranceFact, RecordId
from matchhub.domain.identifiers import check_contract_register_number, patent_type_of
from matchhub.domain.rules import RulePack
from matchhub.domain.validity import encumbrances_on, ended_on, life_on
from matchhub.errors import Conflict, IdentifierInvalid

__all__ = [
    "Finding",
    "PartyTraits",
    "affiliation_groups",
    "affiliations_between",
    "check_dates",
    "check_signing",
    "check_step",
    "next_stages",
    "stage_of",
]

Stage = Literal[
    "interested", "negotiating", "signed", "registered", "contract_registered", "paid", "implemented", "cancelled"
]
_AFTER_SIGNING: frozenset[Stage] = frozenset({"registered", "contract_registered", "paid", "implemented"})
_NEXT: Mapping[Stage, frozenset[Stage]] = {
    "interested": frozenset({"negotiating", "signed", "cancelled"}),
    "negotiating": frozenset({"signed", "cancelled"}),
    "signed": _AFTER_SIGNING | {"cancelled"},
    # Registration, the technical contract's registration and payments come in any order, payments more than once.
    "registered": _AFTER_SIGNING | {"cancelled"},
    "contract_registered": _AFTER_SIGNING | {"cancelled"},
    "paid": _AFTER_SIGNING | {"cancelled"},
    "implemented": frozenset({"paid", "registered", "contract_registered", "cancelled"}),
    "cancelled": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found when a deal is entered: ``blocks`` it, or ``warns`` whoever reads it."""

    level: Literal["warns", "blocks"]
    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


def next_stages(stage: Stage) -> frozenset[Stage]:
    """Stages that may follow ``stage``."""
    return _NEXT[stage]


def check_step(stage: Stage, to: Stage) -> None:
    """Raise ``Conflict`` ``deal_step_not_allowed`` when a deal at ``stage`` cannot go to ``to``."""
    if to not in _NEXT[stage]:
        raise Conflict("deal_step_not_allowed", stage=stage, to=to)


def stage_of(deal: DealFacts, as_of: date) -> Stage:
    """How far a recorded deal has come by ``as_of``: cancelled, else the furthest of paid, registered and signed."""
    if deal.cancelled_on is not None and deal.cancelled_on <= as_of:
        return "cancelled"
    if deal.signed_on is None or deal.signed_on > as_of:
        return "negotiating"
    if any(payment.paid_on <= as_of for payment in deal.payments):
        return "paid"
    if deal.contract_register_number:
        return "contract_registered"
    return "registered" if any(entry.registered_on <= as_of for entry in deal.registrations) else "signed"


def check_dates(deal: DealFacts, today: date) -> tuple[Finding, ...]:
    """Whether the days of a deal are in order: none in the future, none of registration before signing."""
    return tuple(_date_findings(deal, today))


def _date_findings(deal: DealFacts, today: date) -> Iterator[Finding]:
    signed = deal.signed_on
    if signed is None:
        yield Finding("blocks", "deal_signing_day_missing")
        return
    days = [signed, *(entry.registered_on for entry in deal.registrations), *(paid.paid_on for paid in deal.payments)]
    if late := [day for day in days if day > today]:
        yield Finding("blocks", "deal_day_in_future", {"day": max(late)})
    if any(entry.registered_on < signed for entry in deal.registrations):
        yield Finding(
            "blocks",
            "deal_registered_before_signing",
            {"registered_on": min(entry.registered_on for entry in deal.registrations)},
        )
    if deal.cancelled_on is not None and deal.cancelled_on < signed:
        yield Finding("blocks", "deal_cancelled_before_signing", {"cancelled_on": deal.cancelled_on})
    if any(paid.paid_on < signed for paid in deal.payments):
        yield Finding("warns", "deal_paid_before_signing", {"signed_on": signed})


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
        lambda: _date_findings(deal, today),
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
    transfers = deal.deal_type in ("transfer", "contribution")
    for encumbrance in encumbrances_on(encumbrances, signed):
        data = {"encumbrance": encumbrance.kind, "number": number}
        if encumbrance.kind == "preservation" or (encumbrance.kind == "pledge" and not encumbrance.consented):
            # Civil Code art. 444: a pledged patent is neither transferred nor licensed without the pledgee's consent.
            yield Finding("blocks", "deal_patent_bound", data)
        elif encumbrance.kind in ("exclusive_licence", "sole_licence") and not transfers:
            yield Finding("blocks", "deal_licence_excluded", data)
        elif encumbrance.kind == "open_licence" and deal.deal_type in ("exclusive_licence", "sole_licence"):
            yield Finding("blocks", "deal_open_licence_running", data)
        else:
            yield Finding("warns", "deal_patent_burdened", data)


def _attribution_findings(deal: DealFacts, pack: RulePack) -> Iterator[Finding]:
    touched = {
        event.patent_id
        for event in deal.platform_events
        if event.kind in pack.deals.attributing_events and event.party_id in deal.buyers
    }
    for patent in deal.patents:
        if patent.patent_id not in touched:
            yield Finding("warns", "deal_without_platform_event", {"number": patent.application_number})
