"""How far a deal has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealPayment
from matchhub.domain.counting.facts import DealFacts, PaymentFact, RegistrationFact
from matchhub.domain.deals import stage_of
from matchhub.services.kernel.unit import Unit


def deal_stages(unit: Unit, ids: Sequence[int]) -> dict[int, str]:
    """How far each deal has come by today (``domain.deals.stage_of``)."""
    deals = unit.session.execute(select(Deal).where(Deal.id.in_(ids))).scalars().all()
    events = _grouped(unit, DealEvent, ids)
    payments = _grouped(unit, DealPayment, ids)
    return {deal.id: stage_of(_fact(deal, events.get(deal.id, []), payments.get(deal.id, [])), unit.today)
            for deal in deals}  # fmt: skip


def _grouped(unit: Unit, table: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    chosen = select(table).where(table.deal_id.in_(ids), table.withdrawn_at.is_(None))
    for row in unit.session.execute(chosen.order_by(table.id)).scalars():
        found.setdefault(row.deal_id, []).append(row)
    return found


def _fact(deal: Deal, events: Sequence[DealEvent], payments: Sequence[DealPayment]) -> DealFacts:
    """Only what the stage depends on."""
    cancelled = [event.occurred_on for event in events if event.event == "cancelled"]
    return DealFacts(
        record_id=deal.id,
        signed_on=deal.signed_on,
        contract_register_number=deal.contract_register_number,
        payments=tuple(PaymentFact(paid_on=each.paid_on) for each in payments),
        registrations=tuple(
            RegistrationFact(event=event.event, registered_on=event.occurred_on)
            for event in events
            if event.event in ("TR01", "EE01")
        ),
        cancelled_on=min(cancelled, default=None),
    )
