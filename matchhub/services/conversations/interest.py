"""Interest (意向) from either side: an enterprise asks for contact, an institution offers one of its patents.

Both are platform events of one enterprise and one patent, so either can be the start of a deal's attribution, and
both open the thread of the pair. Names and telephones stay hidden on both sides.
"""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Patent, PlatformEvent
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import NotFound, Refusal
from matchhub.services.conversations.threads import ensure_thread
from matchhub.services.demands.posting import own_demand
from matchhub.services.demands.public import offered_demand
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.holders import own_patent
from matchhub.services.patents.page import ended_patents


def express_interest(unit: Unit, patent_id: int, demand_id: int | None = None) -> bool:
    """The actor's enterprise wants to be put in contact about a patent; False when that is on record already.

    Raises ``NotFound`` for a patent that is not in the base and for a demand of somebody else,
    ``Refusal("contact_patent_dead")`` for a patent whose right no longer exists.
    """
    unit.require("patent.ask_contact")
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None or unit.actor.enterprise_id is None:
        raise NotFound("patent_not_in_base", id=patent_id)
    if ended_patents(unit, [patent.id]):
        raise Refusal("contact_patent_dead")
    if demand_id is not None:
        own_demand(unit, demand_id)
    fresh = _record(unit, unit.actor.enterprise_id, patent.id, demand_id, "contact")
    ensure_thread(unit, unit.actor.enterprise_id, patent.id, demand_id, ENTERPRISE)
    return fresh


def offer_patent(unit: Unit, patent_id: int, demand_id: int) -> bool:
    """The actor's institution would offer its own patent for a demand; False when that is on record already.

    Raises ``NotFound`` for a patent of somebody else and for a demand that is not shown to institutions.
    """
    unit.require("demand.answer")
    patent = own_patent(unit, patent_id)
    if ended_patents(unit, [patent.id]):
        raise Refusal("contact_patent_dead")
    demand = offered_demand(unit, demand_id)
    fresh = _record(unit, demand.enterprise_id, patent.id, demand.id, "interest")
    ensure_thread(unit, demand.enterprise_id, patent.id, demand.id, "holder")
    return fresh


def _record(unit: Unit, enterprise_id: int, patent_id: int, demand_id: int | None, event: str) -> bool:
    same = select(PlatformEvent.id).where(
        PlatformEvent.enterprise_id == enterprise_id,
        PlatformEvent.patent_id == patent_id,
        PlatformEvent.event == event,
        PlatformEvent.demand_id.is_(None) if demand_id is None else PlatformEvent.demand_id == demand_id,
    )
    if unit.session.execute(same.limit(1)).first():
        return False
    unit.session.add(
        PlatformEvent(
            enterprise_id=enterprise_id,
            patent_id=patent_id,
            demand_id=demand_id,
            event=event,
            occurred_at=unit.now,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
    )
    unit.session.flush()
    append_event(unit, f"interest.{event}", "patents", patent_id, enterprise=enterprise_id, demand=demand_id)
    return True
