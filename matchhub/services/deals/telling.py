"""The parties of a deal are told of whatever is done to it, and asked (``evidence.party_words``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealParty
from matchhub.services.evidence.party_words import Party, ask_parties
from matchhub.services.kernel.once import once
from matchhub.services.kernel.unit import Unit


def parties_of(unit: Unit, deal_id: int) -> tuple[Party, ...]:
    """The parties of a deal."""
    rows = once(unit, ("parties of deal", deal_id), lambda: _rows(unit, deal_id))
    return tuple(Party(row.role, row.name, row.uscc, row.enterprise_id) for row in rows)


def _rows(unit: Unit, deal_id: int) -> Sequence[DealParty]:
    chosen = select(DealParty).where(DealParty.deal_id == deal_id).order_by(DealParty.id)
    return unit.session.execute(chosen).scalars().all()


def tell_parties(unit: Unit, deal: Deal, act: str, **said: Any) -> None:
    """Tell the parties of a deal what was done; ``said`` fills the sentence of the act."""
    ask_parties(unit, ("deals", deal.id), parties_of(unit, deal.id), act, **said)
