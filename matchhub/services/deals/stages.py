"""How far a deal has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealPayment
from matchhub.domain.counting.facts import DealFacts, PaymentFact, RegistrationFact
from matchhub.domain.deals import REGISTER_EVENTS, Stage, stage_of
from matchhub.domain.records import DealType
from matchhub.services.deals.access import deal_of, standing_rows
from matchhub.services.kernel.unit import Unit


def deal_stages(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    """How far each deal has come by today (``domain.deals.stage_of``)."""
    deals = unit.session.execute(select(Deal).where(Deal.id.in_(ids))).scalars().all()
    return {deal.id: stage_of(fact, unit.today) for deal, fact in zip(deals, _facts(unit, deals), strict=True)}


def outline_of(unit: Unit, deal_id: int) -> DealFacts:
    """Of one deal only what its stage and its next steps depend on; parties and patents are left out."""
    return _facts(unit, [deal_of(unit, deal_id)])[0]


def stage_of_deal(unit: Unit, deal_id: int) -> Stage:
    """How far one deal has come, with the stages that events alone tell: interested, implemented."""
    entered = (row.event for row in standing_rows(unit, DealEvent, [deal_id]).get(deal_id, ()))
    return stage_told(outline_of(unit, deal_id), entered, unit.today)


def stage_told(deal: DealFacts, events: Iterable[str], today: date) -> Stage:
    """How far a deal has come by its facts and the standing events of its record."""
    known, entered = stage_of(deal, today), set(events)
    if known == "negotiating" and "negotiating" not in entered and "interested" in entered:
        return "interested"
    if known != "cancelled" and "implemented" in entered:
        return "implemented"
    return known


def _facts(unit: Unit, deals: Sequence[Deal]) -> list[DealFacts]:
    ids = [deal.id for deal in deals]
    events, payments = standing_rows(unit, DealEvent, ids), standing_rows(unit, DealPayment, ids)
    return [_fact(deal, events.get(deal.id, []), payments.get(deal.id, [])) for deal in deals]


def _fact(deal: Deal, events: Sequence[DealEvent], payments: Sequence[DealPayment]) -> DealFacts:
    cancelled = [event.occurred_on for event in events if event.event == "cancelled"]
    return DealFacts(
        record_id=deal.id,
        deal_type=cast(DealType, deal.deal_type),
        contract_number=deal.contract_number,
        signed_on=deal.signed_on,
        contract_register_number=deal.contract_register_number,
        payments=tuple(PaymentFact(paid_on=each.paid_on) for each in payments),
        registrations=tuple(
            RegistrationFact(event=event.event, registered_on=event.occurred_on, number=event.number)
            for event in events
            if event.event in REGISTER_EVENTS
        ),
        cancelled_on=min(cancelled, default=None),
    )
