"""Why a push came to its recipient: what it answers, how it was chosen, by which address, from where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, MatchRun, Patent, Push, PushDelivery, PushItem
from matchhub.domain.messages import DEFAULT_CHOICES, EMAIL
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.inbox import push_by_token, push_of
from matchhub.services.recipients.addresses import confirmed_mailboxes
from matchhub.services.recipients.choices import enterprise_choices
from matchhub.services.recipients.held import Held, push_address_source


@dataclass(frozen=True, slots=True)
class ChosenPatent:
    """One patent of the push with its score and the floor that it had to reach."""

    title: str
    score: float
    floor: float


@dataclass(frozen=True, slots=True)
class PushWhy:
    """Everything the page says; ``address`` is shown in part, ``source`` is where it came from."""

    push_id: int
    enterprise: str
    demand_title: str | None
    patents: tuple[ChosenPatent, ...]
    model: str
    run_at: datetime | None
    planned_at: datetime
    channels: tuple[tuple[str, datetime], ...]
    address: str | None
    source: Held | None
    frequency: str


def push_why_by_token(unit: Unit, token: str) -> PushWhy:
    """Why, for whoever holds the link of the message; ``NotFound("push_not_found")`` for no such link."""
    unit.require("push.follow_link")
    return _why(unit, unit.session.get_one(Push, push_by_token(unit, token).push_id))


def own_push_why(unit: Unit, push_id: int) -> PushWhy:
    """Why, for an account of the recipient; ``NotFound("push_not_found")`` for any other push."""
    return _why(unit, unit.session.get_one(Push, push_of(unit, push_id).push_id))


def _why(unit: Unit, push: Push) -> PushWhy:
    demand = unit.session.get(Demand, push.demand_id) if push.demand_id is not None else None
    run = unit.session.get(MatchRun, push.run_id) if push.run_id is not None else None
    items = (
        select(Patent.title, PushItem.score, PushItem.floor)
        .join(Patent, Patent.id == PushItem.patent_id)
        .where(PushItem.push_id == push.id)
        .order_by(PushItem.position, PushItem.id)
    )
    sent = select(PushDelivery.channel, PushDelivery.recorded_at).where(
        PushDelivery.push_id == push.id, PushDelivery.outcome.in_(("delivered", "written"))
    )
    made = enterprise_choices(unit, [push.enterprise_id]).get(push.enterprise_id)
    address, source = push.recipient_email, None
    if made is not None and (own := confirmed_mailboxes(unit, EMAIL).get(made[0])):
        address, source = own, Held("email", str(masked("email", own)), "pushes", "own", None)
    elif address:
        source = push_address_source(unit, push.enterprise_id, push.demand_id, address)
    return PushWhy(
        push_id=push.id,
        enterprise=unit.session.get_one(Enterprise, push.enterprise_id).name,
        demand_title=demand.title if demand is not None else None,
        patents=tuple(ChosenPatent(title or "", score, floor) for title, score, floor in unit.session.execute(items)),
        model=push.model,
        run_at=run.started_at if run is not None else None,
        planned_at=push.recorded_at,
        channels=tuple((name, at) for name, at in unit.session.execute(sent.order_by(PushDelivery.id))),
        address=str(masked("email", address)) if address else None,
        source=source,
        frequency=(made[1] if made is not None else DEFAULT_CHOICES).frequency,
    )
