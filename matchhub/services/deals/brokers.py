"""Agencies that brought deals about (二(二)), and finding an agency by its name."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Agency, DealAgency
from matchhub.errors import Conflict, NotFound
from matchhub.services.deals.access import deal_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


def name_agency(unit: Unit, deal_id: int, agency_id: int) -> int:
    """Say that an agency brought a deal about (二(二)). ``Conflict("agency_named")`` when that is on record."""
    unit.require("deal.name_agency")
    deal = deal_of(unit, deal_id)
    agency = unit.session.get(Agency, agency_id)
    if agency is None or agency.withdrawn_at is not None:
        raise NotFound("agency_not_found")
    same = select(DealAgency.id).where(
        DealAgency.deal_id == deal.id, DealAgency.agency_id == agency.id, DealAgency.withdrawn_at.is_(None)
    )
    if unit.session.execute(same).first():
        raise Conflict("agency_named")
    row = DealAgency(deal_id=deal.id, agency_id=agency.id, recorded_at=unit.now, recorded_by=unit.actor.account_id)
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "deal.agency_named", "deals", deal.id, agency=agency.id)
    return row.id


def agencies_of_deal(unit: Unit, deal_id: int) -> tuple[str, ...]:
    """Names of the agencies that brought a deal about."""
    chosen = (
        select(Agency.name)
        .join(DealAgency, DealAgency.agency_id == Agency.id)
        .where(DealAgency.deal_id == deal_id, DealAgency.withdrawn_at.is_(None))
    )
    return tuple(unit.session.execute(chosen.order_by(DealAgency.id)).scalars())


def agencies_named(unit: Unit, words: str, most: int = 20) -> tuple[tuple[int, str], ...]:
    """Agencies whose name holds what was typed, for choosing one."""
    unit.require("deal.name_agency")
    if not words.strip():
        return ()
    chosen = select(Agency.id, Agency.name).where(
        Agency.name.contains(words.strip(), autoescape=True), Agency.withdrawn_at.is_(None)
    )
    return tuple(unit.session.execute(chosen.order_by(Agency.name, Agency.id).limit(most)).all())
