"""Which deals bear which contract and registration numbers already."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent
from matchhub.domain.counting.facts import RecordId
from matchhub.services.kernel.unit import Unit

_NUMBERED = ("TR01", "EE01", "contract_registered")


def numbers_in_use(unit: Unit, asked: Iterable[str | None], except_deal: int | None = None) -> dict[str, RecordId]:
    """Of the numbers asked for those that a standing deal bears, each with the first such deal.

    ``except_deal``: the deal that is being entered; a number it bears itself is free for it unless another has it too.
    """
    numbers = sorted({number for number in asked if number})
    found: dict[str, RecordId] = {}
    if not numbers:
        return found
    own = except_deal or 0
    for column in (Deal.contract_number, Deal.contract_register_number):
        chosen = select(column, Deal.id).where(column.in_(numbers), Deal.id != own, Deal.withdrawn_at.is_(None))
        for number, deal_id in unit.session.execute(chosen.order_by(Deal.id)):
            found.setdefault(number or "", deal_id)
    entries = (
        select(DealEvent.number, DealEvent.deal_id)
        .join(Deal, Deal.id == DealEvent.deal_id)
        .where(
            DealEvent.number.in_(numbers),
            DealEvent.event.in_(_NUMBERED),
            DealEvent.withdrawn_at.is_(None),
            Deal.id != own,
            Deal.withdrawn_at.is_(None),
        )
    )
    for number, deal_id in unit.session.execute(entries.order_by(DealEvent.id)):
        found.setdefault(number or "", deal_id)
    return found
