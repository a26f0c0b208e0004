"""What the checks at signing read: the deal as facts, burdens of its patents, numbers in use, earlier deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPatent, OfferDeclaration, PatentEncumbrance
from matchhub.db.tables import Offer as OfferRow
from matchhub.domain.counting.chains import PASSES_OWNERSHIP
from matchhub.domain.counting.facts import DealFacts, EncumbranceFact, RecordId
from matchhub.domain.deals import Finding, check_signing
from matchhub.errors import NotFound
from matchhub.services.deals import is_party
from matchhub.services.desk.people import masked
from matchhub.services.facts.deals import deal_facts, party_key
from matchhub.services.facts.history import Moment
from matchhub.services.facts.known import Known
from matchhub.services.unit import Unit


def facts_of_deal(unit: Unit, deal_id: int) -> DealFacts:
    """One deal as the counting rules see it, for its parties, operator and bureau; ``NotFound`` for anybody else."""
    foreign = unit.actor.role in ("enterprise", "institution", "visitor")
    if foreign and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    for fact in deal_facts(Known(unit, Moment())):
        if fact.record_id == deal_id:
            return fact
    raise NotFound("record_not_found", kind="deals", id=deal_id)


def discreet(unit: Unit, data: Mapping[str, object]) -> dict[str, object]:
    """Data of a sentence as the parties of a deal may read it: a shared telephone number only in part (PIPL)."""
    plain = dict(data)
    if unit.actor.role in ("enterprise", "institution") and plain.get("kind") == "phone":
        plain["shared"] = masked("phone", plain.get("shared"))
    return plain


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
        encumbrances=burdens_of(unit, patents, own_deal=int(deal.record_id)),
        numbers_in_use=numbers_in_use(unit),
    )
    return (*found, *_repetitions(unit, checked))


def burdens_of(
    unit: Unit, patent_ids: Iterable[int], own_deal: int | None = None
) -> dict[RecordId, tuple[EncumbranceFact, ...]]:
    """Burdens of patents: those on file, running open licences declared here, licences of other signed deals."""
    wanted = list(patent_ids)
    found: dict[RecordId, list[EncumbranceFact]] = {key: [] for key in wanted}
    held = select(PatentEncumbrance).where(
        PatentEncumbrance.patent_id.in_(wanted), PatentEncumbrance.withdrawn_at.is_(None)
    )
    for row in unit.session.execute(held).scalars():
        fact = EncumbranceFact(kind=row.encumbrance_type, from_on=row.from_on, to_on=row.to_on)  # type: ignore[arg-type]
        found[row.patent_id].append(fact)
    for offer in unit.session.execute(
        select(OfferRow).where(OfferRow.patent_id.in_(wanted), OfferRow.withdrawn_at.is_(None))
    ).scalars():
        last = min((day for day in (offer.valid_to_on, offer.ended_on) if day), default=None)
        found[offer.patent_id].append(
            EncumbranceFact(kind="open_licence", from_on=offer.valid_from_on or offer.declared_on, to_on=last)
        )
    for key, fact in _licences_signed(unit, wanted, own_deal):
        found[key].append(fact)
    return {key: tuple(values) for key, values in found.items()}


def _licences_signed(unit: Unit, wanted: list[int], own_deal: int | None) -> list[tuple[int, EncumbranceFact]]:
    cancelled = select(DealEvent.deal_id).where(DealEvent.event == "cancelled", DealEvent.withdrawn_at.is_(None))
    chosen = (
        select(DealPatent.patent_id, Deal.deal_type, Deal.signed_on)
        .join(Deal, Deal.id == DealPatent.deal_id)
        .where(
            DealPatent.patent_id.in_(wanted),
            Deal.deal_type.in_(("exclusive_licence", "sole_licence")),
            Deal.signed_on.is_not(None),
            Deal.withdrawn_at.is_(None),
            Deal.id != (own_deal or 0),
            Deal.id.not_in(cancelled),
        )
    )
    rows = unit.session.execute(chosen)
    return [(key, EncumbranceFact(kind=kind, from_on=signed_on)) for key, kind, signed_on in rows]  # type: ignore[arg-type]


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


def declaration_of(unit: Unit, offer_id: int) -> OfferDeclaration | None:
    """What the holder stated with a declaration made here."""
    return unit.session.execute(select(OfferDeclaration).where(OfferDeclaration.offer_id == offer_id)).scalar()
