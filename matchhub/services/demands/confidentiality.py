"""Who may read a demand: its title only, its matter after interest, or nothing unless invited."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import ColumnElement, or_, select

from matchhub.db.tables import Demand, DemandInvitation, Organisation, Thread
from matchhub.domain.organisations import INSTITUTION
from matchhub.domain.parties import normalise_name
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.demands.own import is_own, own_rows
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify

# title: everybody sees the title, institutions the matter; interest: the matter only once there is interest between
# the two; invited: nobody but invited institutions sees anything.
LEVELS = ("title", "interest", "invited")
Sight = Literal["full", "title", "nothing"]


def sight_of(unit: Unit, demand: Demand) -> Sight:
    """How much of a published demand the actor may read."""
    actor = unit.actor
    if unit.may("demand.read_any"):
        return "full"
    if is_own(unit, demand):
        return "full"
    if demand.confidentiality == "title":
        return "full" if unit.may("demand.read_published") else "title"
    if actor.organisation_id is not None and demand.id in admitted(unit, [demand.id]):
        return "full"
    return "title" if demand.confidentiality == "interest" else "nothing"


def readable_among(unit: Unit, demands: Collection[Demand]) -> frozenset[int]:
    """Those among published demands whose matter the actor may read (``sight_of`` "full"), in a fixed number of
    statements."""
    if unit.may("demand.read_any"):
        return frozenset(row.id for row in demands)
    guest = admitted(unit, [row.id for row in demands]) if unit.actor.organisation_id is not None else set()
    published = unit.may("demand.read_published")
    return frozenset(
        row.id
        for row in demands
        if is_own(unit, row) or (published if row.confidentiality == "title" else row.id in guest)
    )


def admitted(unit: Unit, demand_ids: list[int]) -> set[int]:
    """Those among the demands with which the actor's organisation has a thread, or to which it was invited."""
    place = unit.actor.organisation_id or 0
    threads = select(Thread.demand_id).where(Thread.organisation_id == place, Thread.demand_id.in_(demand_ids))
    found = set(unit.session.execute(threads).scalars())
    found |= set(unit.session.execute(_invited(place).where(DemandInvitation.demand_id.in_(demand_ids))).scalars())
    return {key for key in found if key is not None}


def _invited(organisation_id: int):  # type: ignore[no-untyped-def]
    return select(DemandInvitation.demand_id).where(
        DemandInvitation.organisation_id == organisation_id, DemandInvitation.withdrawn_at.is_(None)
    )


def listed(unit: Unit) -> ColumnElement[bool]:
    """Condition of demands whose title the actor may see in a list."""
    place = unit.actor.organisation_id or 0
    threads = select(Thread.demand_id).where(Thread.organisation_id == place, Thread.demand_id.is_not(None))
    return or_(
        Demand.confidentiality != "invited",
        own_rows(unit, Demand),
        Demand.id.in_(_invited(place)),
        Demand.id.in_(threads),
    )


def set_confidentiality(unit: Unit, demand_id: int, level: str, seen: str = "") -> None:
    """Choose who may read an own demand; ``Conflict("changed_meanwhile")`` when it changed since it was looked at."""
    unit.require("demand.set_readers")
    demand = own_demand(unit, demand_id)
    if level not in LEVELS:
        raise Refusal("field_choice")
    require_unchanged(unit, "demands", demand.id, demand.updated_at, seen)
    if demand.confidentiality != level:
        demand.confidentiality, demand.updated_at = level, unit.now
        write_revisions(unit, "demands", None, [Change(demand.id, None, {"confidentiality": level})])
        append_event(unit, "demand.confidentiality", "demands", demand.id, level=level)


def invite_to_demand(unit: Unit, demand_id: int, organisation_name: str) -> int:
    """Let one institution read a demand; returns the invitation's number.

    Raises ``NotFound("institution_not_found")`` for a name no institution here bears, ``Conflict("guest_invited")``.
    """
    unit.require("demand.invite")
    demand = own_demand(unit, demand_id)
    named = select(Organisation).where(
        Organisation.name_key == normalise_name(organisation_name), Organisation.kind == INSTITUTION, is_confirmed()
    )
    place = unit.session.execute(named).scalar() if organisation_name.strip() else None
    if place is None:
        raise NotFound("institution_not_found", name=organisation_name)
    if demand.id in set(unit.session.execute(_invited(place.id)).scalars()):
        raise Conflict("guest_invited")
    row = DemandInvitation(
        demand_id=demand.id, organisation_id=place.id, recorded_at=unit.now, recorded_by=unit.actor.account_id
    )
    unit.session.add(row)
    demand.updated_at = unit.now
    unit.session.flush()
    append_event(unit, "demand.invited", "demands", demand.id, organisation=place.id)
    notify(unit, [place.id], "notice_demand_invited", ("invitations", demand.id), str(row.id), title=demand.title)
    return row.id


def invited_names(unit: Unit, demand_id: int) -> tuple[str, ...]:
    """Names of the institutions invited to an own demand."""
    own_demand(unit, demand_id)
    chosen = select(Organisation.name).join(DemandInvitation, DemandInvitation.organisation_id == Organisation.id)
    mine = chosen.where(DemandInvitation.demand_id == demand_id, DemandInvitation.withdrawn_at.is_(None))
    return tuple(unit.session.execute(mine.order_by(DemandInvitation.id)).scalars())
