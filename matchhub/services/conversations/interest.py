"""Interest (意向) from either side: an enterprise asks from one of its demands, an institution offers a patent.

Both are platform events of one enterprise and one patent, so either can be the start of a deal's attribution, and
both open the thread of the pair. Names and telephones stay hidden on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Patent, PlatformEvent
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import NotFound, Refusal
from matchhub.services.conversations.asking import require_ready
from matchhub.services.conversations.threads import ensure_thread
from matchhub.services.demands.public import offered_demand
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.holders import own_patent
from matchhub.services.patents.page import ended_patents


@dataclass(frozen=True, slots=True)
class Told:
    """The thread that an interest opened or belongs to; ``fresh``: this pair was not on record before."""

    thread_id: int
    fresh: bool


def express_interest(unit: Unit, patent_id: int, demand_id: int | None) -> Told:
    """The actor's enterprise wants to be put in contact about a patent, for a demand that its holder can answer.

    Raises ``NotFound`` for a patent that is not in the base, ``Refusal("contact_patent_dead")`` for a patent whose
    right no longer exists, and what ``asking.require_ready`` does for the demand.
    """
    unit.require("patent.ask_contact")
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None or unit.actor.enterprise_id is None:
        raise NotFound("patent_not_in_base", id=patent_id)
    if ended_patents(unit, [patent.id]):
        raise Refusal("contact_patent_dead")
    demand = require_ready(unit, demand_id)
    fresh = _record(unit, unit.actor.enterprise_id, patent.id, demand.id, "contact")
    thread = ensure_thread(unit, unit.actor.enterprise_id, patent.id, demand.id, ENTERPRISE)
    return Told(thread.id, fresh)


def offer_patent(unit: Unit, patent_id: int, demand_id: int) -> Told:
    """The actor's institution would offer its own patent for a demand.

    Raises ``NotFound`` for a patent of somebody else and for a demand that is not shown to institutions.
    """
    unit.require("demand.answer")
    patent = own_patent(unit, patent_id)
    if ended_patents(unit, [patent.id]):
        raise Refusal("contact_patent_dead")
    demand = offered_demand(unit, demand_id)
    fresh = _record(unit, demand.enterprise_id, patent.id, demand.id, "interest")
    thread = ensure_thread(unit, demand.enterprise_id, patent.id, demand.id, "holder")
    return Told(thread.id, fresh)


def _record(unit: Unit, enterprise_id: int, patent_id: int, demand_id: int, event: str) -> bool:
    same = select(PlatformEvent.id).where(
        PlatformEvent.enterprise_id == enterprise_id,
        PlatformEvent.patent_id == patent_id,
        PlatformEvent.event == event,
        PlatformEvent.demand_id == demand_id,
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
