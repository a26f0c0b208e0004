"""What the checks at signing read: the deal as facts, encumbrances of its patents, numbers in use, earlier deals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent
from matchhub.domain.counting.chains import PASSES_OWNERSHIP
from matchhub.domain.counting.facts import DealFacts, RecordId
from matchhub.domain.deals import Finding, check_signing
from matchhub.errors import NotFound
from matchhub.services.deals.entries import is_party
from matchhub.services.deals.gone_parties import gone_parties
from matchhub.services.facts.deals import deal_facts, party_key
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.facts.known import Known
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit


def facts_of_deal(unit: Unit, deal_id: int) -> DealFacts:
    """One deal as the counting rules see it, for its parties, operator and bureau; ``NotFound`` for anybody else."""
    foreign = unit.actor.role in ("enterprise", "institution", "visitor")
    if foreign and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    for fact in deal_facts(Known(unit, Moment())):
        if fact.record_id == deal_id:
            return fact
    raise NotFound("record_not_found", kind="deals", id=deal_id)




def findings_on(
    unit: Unit, facts: DealFacts, signed_on: date | None = None, contract_number: str | None = None
) -> tuple[Finding, ...]:
    """Everything that is checked at once, as if the deal were signed on ``signed_on`` under ``contract_number``."""
    deal = replace(
        facts, signed_on=signed_on or facts.signed_on, contract_number=contract_number or facts.contract_number
    )
    patents = [int(each.patent_id) for each in deal.patents]
    asked_on = deal.signed_on or unit.today
    # Before a day is set nothing can be out of order: the checks are made as of today.
    checked = deal if deal.signed_on else replace(deal, signed_on=asked_on)
    found = check_signing(
        checked,
        unit.pack,
        unit.today,
        encumbrances=encumbrances_of(unit, patents, own_deal=int(deal.record_id)),
        numbers_in_use=numbers_in_use(unit),
    )
    return (*found, *gone_parties(unit, int(deal.record_id), asked_on), *_repetitions(unit, checked))






def numbers_in_use(unit: Unit) -> dict[str, RecordId]:
    """Contract and registration numbers, each with the deal that bears it first."""
    found: dict[str, RecordId] = {}
    for column in (Deal.contract_number, Deal.contract_register_number):
        chosen = select(column, Deal.id).where(column.is_not(None), Deal.withdrawn_at.is_(None)).order_by(Deal.id)
        for number, deal_id in unit.session.execute(chosen):
            found.setdefault(number or "", deal_id)
    entries = (
        select(DealEvent.number, DealEvent.deal_id)
        .join(Deal, Deal.id == DealEvent.deal_id)
        .where(
            DealEvent.number.is_not(None),
            DealEvent.event.in_(("TR01", "EE01", "contract_registered")),
            DealEvent.withdrawn_at.is_(None),
            Deal.withdrawn_at.is_(None),
        )
    )
    for number, deal_id in unit.session.execute(entries.order_by(DealEvent.id)):
        found.setdefault(number or "", deal_id)
    return found


def _repetitions(unit: Unit, deal: DealFacts) -> list[Finding]:
    """Round trips and resales among the signed deals of the same patents; the count judges them again."""
    if deal.deal_type not in PASSES_OWNERSHIP:
        return []
    patents = [int(each.patent_id) for each in deal.patents]
    earlier = (
        select(Deal.id)
        .join(DealPatent, DealPatent.deal_id == Deal.id)
        .where(
            DealPatent.patent_id.in_(patents),
            Deal.id != deal.record_id,
            Deal.deal_type.in_(PASSES_OWNERSHIP),
            Deal.signed_on.is_not(None),
            Deal.signed_on <= (deal.signed_on or unit.today),
            Deal.withdrawn_at.is_(None),
        )
        .order_by(Deal.id)
    )
    found = []
    for other in dict.fromkeys(unit.session.execute(earlier).scalars()):
        sellers = select(DealParty).where(DealParty.deal_id == other, DealParty.role == "seller")
        back = {party_key(row) for row in unit.session.execute(sellers).scalars()} & set(deal.buyers)
        found.append(_repetition(deal, other, bool(back)))
    return found


def _repetition(deal: DealFacts, other: int, back: bool) -> Finding:
    if back:
        return Finding("warns", "deal_round_trip", {"other": other})
    tie = next((tie.link for tie in deal.former_owners if tie.deal_id == other), None)
    if tie is None:
        return Finding("warns", "deal_resale", {"other": other})
    told = {"other": other, "kind": tie.kind, "shared": tie.shared, "source": tie.source}
    return Finding("warns", "deal_round_trip_affiliated", told)


