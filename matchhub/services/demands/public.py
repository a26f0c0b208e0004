"""What of a demand others than its enterprise and the desk may know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select

from matchhub.db.tables import Demand
from matchhub.errors import NotFound
from matchhub.services.demands.confidentiality import listed
from matchhub.services.kernel.unit import Unit

SHOWN_STATE = "verified"


def shown_demands(unit: Unit, ids: Collection[int] | None = None) -> list[Demand]:
    """Demands that the actor's institution is shown today (of ``ids``, where given), by id: verified, term not passed,
    not for invited others only."""
    chosen = select(Demand).where(*_shown(unit))
    chosen = chosen if ids is None else chosen.where(Demand.id.in_(ids))
    return list(unit.session.execute(chosen.order_by(Demand.id)).scalars())


def shown_changes(unit: Unit) -> dict[int, datetime]:
    """When each demand that the actor's institution is shown last changed, by id: enough to see what is new."""
    rows = unit.session.execute(select(Demand.id, Demand.updated_at).where(*_shown(unit)).order_by(Demand.id))
    return {row.id: row.updated_at for row in rows}


def _shown(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    in_term = or_(Demand.valid_until_on.is_(None), Demand.valid_until_on >= unit.today)
    return Demand.state == SHOWN_STATE, in_term, listed(unit)


def offered_demand(unit: Unit, demand_id: int) -> Demand:
    """A demand that institutions are shown; ``NotFound("demand_not_found")`` for any other."""
    unit.require("demand.answer")
    demand = unit.session.get(Demand, demand_id)
    if demand is None or demand.id not in {row.id for row in shown_demands(unit, [demand.id])}:
        raise NotFound("demand_not_found", id=demand_id)
    return demand


# A demand is public once a person has verified it; its text, its firm and its contact stay with the platform.
PUBLIC_STATES = ("verified", "solved")


@dataclass(frozen=True, slots=True)
class DemandPublic:
    """What everybody may know of a demand; ``enterprise_name`` is filled for its enterprise and the desk alone."""

    id: int
    title: str
    technical_field: str
    posted_on: date
    valid_until_on: date | None
    state: str
    mine: bool = False
    enterprise_name: str = ""


def newest_public(unit: Unit, most: int) -> list[DemandPublic]:
    """The newest demands that everybody may know of."""
    chosen = (
        select(Demand)
        .where(Demand.state.in_(PUBLIC_STATES), Demand.confidentiality != "invited")
        .order_by(Demand.posted_on.desc(), Demand.id.desc())
        .limit(most)
    )
    return [_public(demand) for demand in unit.session.execute(chosen).scalars()]


def demand_public(unit: Unit, demand_id: int) -> DemandPublic:
    """The public part of one demand; raises ``NotFound`` unless it is verified or solved, and for invited
    institutions only."""
    demand = unit.session.get(Demand, demand_id)
    if demand is None or demand.state not in PUBLIC_STATES or demand.confidentiality == "invited":
        raise NotFound(id=demand_id)
    return _public(demand)


def _public(demand: Demand) -> DemandPublic:
    field, until = demand.technical_field or "", demand.valid_until_on
    return DemandPublic(demand.id, demand.title, field, demand.posted_on, until, demand.state)
