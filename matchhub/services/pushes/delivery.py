"""Delivering due pushes: claimed in one transaction, sent outside any, recorded in another.

A sender that dies leaves its claim to run out, so nothing is lost; the Message-ID was made when the push was planned,
so a message sent twice is one message to every mail reader; a push counts once, however often it was attempted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import and_, func, or_, select, update

from matchhub.db.tables import (
    Account,
    Demand,
    Enterprise,
    Organisation,
    Patent,
    Push,
    PushDelivery,
    PushItem,
    Suppression,
)
from matchhub.domain.calendar import day_begins
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.links import token_of
from matchhub.services.pushes.routing import Routes

Result = Literal["delivered", "written", "deferred", "refused", "sender_fault"]
CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class OutgoingItem:
    """One patent of a message with its score and the reasons as sent."""

    number: str
    title: str
    abstract: str
    score: float
    reasons: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything a message needs; ``address`` is ``None`` when the firm left no e-mail."""

    push_id: int
    message_id: str
    address: str | None
    enterprise: str
    contact: str | None
    demand_title: str | None
    link: str
    off_link: str
    model: str
    items: tuple[OutgoingItem, ...]
    again: str = ""  # what was tried together before is alike here, and goes together again


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one round has to deal with: messages to send, and how many were suppressed on the way."""

    outgoing: tuple[Outgoing, ...]
    suppressed: int
    postponed: int = 0  # one too many for that firm today, or not at this hour
    inbox_only: int = 0  # the recipient wants no mail of them

    @property
    def nothing_left(self) -> bool:
        """Whether no push was due that this round could deal with."""
        return not (self.outgoing or self.suppressed or self.postponed or self.inbox_only)


def claim_due(unit: Unit, most: int = 200, courteous: bool = False) -> Claimed:
    """Take due pushes for this sender; deliver to the in-app inbox where the firm has an account.

    Whether and when a push goes by mail too is its recipient's choice (``routing``); ``courteous`` keeps the usual
    quiet times for those who chose none.

    Suppressed recipients are taken out here, at the last moment before sending, and what would break the cap of the
    day (a backlog meeting a new plan) waits for tomorrow: a push beyond the cap would not count.
    """
    unit.require("push.send")
    free = or_(Push.claimed_until_at.is_(None), Push.claimed_until_at <= unit.now)
    chosen = (
        select(Push)
        .where(Push.state.in_(("planned", "sending")), free, Push.due_on <= unit.today, Push.withdrawn_at.is_(None))
        .order_by(Push.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    off = set(
        unit.session.execute(select(Suppression.enterprise_id).where(Suppression.withdrawn_at.is_(None))).scalars()
    )
    off |= set(gone_enterprises(unit, unit.today))  # struck off since it was planned
    readers = _firms_with_account(unit)
    today, cap = _sent_today(unit), unit.pack.pushes.per_enterprise_day
    outgoing, suppressed, postponed, inbox_only = [], 0, 0, 0
    routes = Routes(unit, courteous)
    for push in unit.session.execute(chosen).scalars():
        route = routes.of(push)
        if push.enterprise_id in off or route.dropped:
            push.state, suppressed = "suppressed", suppressed + 1
            continue
        if push.delivered_at is None and today[push.enterprise_id] >= cap:
            push.due_on, postponed = unit.today + timedelta(days=1), postponed + 1
            continue
        today[push.enterprise_id] += push.delivered_at is None
        if push.enterprise_id in readers and push.delivered_at is None:
            _note(unit, push, "inbox", "delivered", "")
        if not route.mail:
            push.state, inbox_only = "delivered" if push.delivered_at is not None else "suppressed", inbox_only + 1
            append_event(unit, f"push.{push.state}", "pushes", push.id, channel="inbox", result=None)
        elif route.opens is not None:
            push.state, push.claimed_until_at, postponed = "planned", route.opens, postponed + 1
        else:
            again = str(push.claimed_until_at) if push.state == "sending" or push.attempts else ""
            push.state, push.claimed_until_at = "sending", unit.now + CLAIM
            outgoing.append(_outgoing(unit, push, route.address, again))
    unit.session.flush()
    return Claimed(tuple(outgoing), suppressed, postponed, inbox_only)


def release_claim(unit: Unit, push_ids: Collection[int]) -> None:
    """Give claimed pushes back untried, so that the next round looks at their recipient's choices again."""
    unit.require("push.send")
    for push in unit.session.execute(select(Push).where(Push.id.in_(push_ids), Push.state == "sending")).scalars():
        push.state, push.claimed_until_at = "planned", None


def _sent_today(unit: Unit) -> Counter[int]:
    """Messages of today by firm: delivered ones, and those another sender has in hand."""
    midnight = day_begins(unit.zone, unit.today)
    under_way = and_(Push.state == "sending", Push.delivered_at.is_(None), Push.claimed_until_at >= unit.now)
    chosen = select(Push.enterprise_id).where(or_(Push.delivered_at >= midnight, under_way))
    return Counter(unit.session.execute(chosen).scalars())


def record_attempt(unit: Unit, push_id: int, channel: str, result: Result | None, reply: str) -> str:
    """Write down what became of one message; ``result`` is ``None`` when there was no address to send to.

    Returns the state of the push: delivered, planned (to be tried again) or failed.
    """
    push = unit.session.get(Push, push_id)
    assert push is not None
    if result is not None:
        push.attempts += 1
        _note(unit, push, channel, result, reply)
    push.claimed_until_at = None
    if result == "deferred" and push.attempts < MOST_ATTEMPTS:
        push.state = "planned"
        push.claimed_until_at = unit.now + CLAIM * 2**push.attempts
    else:
        push.state = "delivered" if push.delivered_at is not None else "failed"
    if result == "refused":
        _suppress_bounced(unit, push)
    append_event(unit, f"push.{push.state}", "pushes", push.id, channel=channel, result=result)
    return push.state


def _note(unit: Unit, push: Push, channel: str, result: Result, reply: str) -> None:
    attempt = PushDelivery(
        push_id=push.id,
        channel=channel,
        outcome=result,
        reply=reply[:500],
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(attempt)
    if result == "delivered" and push.delivered_at is None:
        push.delivered_at = unit.now


def _suppress_bounced(unit: Unit, push: Push) -> None:
    unit.session.add(Suppression(enterprise_id=push.enterprise_id, cause="bounced", recorded_at=unit.now))


def _firms_with_account(unit: Unit) -> set[int]:
    chosen = (
        select(Organisation.enterprise_id)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.disabled_at.is_(None), Organisation.enterprise_id.is_not(None), speaks())
    )
    return {key for key in unit.session.execute(chosen).scalars() if key is not None}


def _outgoing(unit: Unit, push: Push, address: str | None, again: str) -> Outgoing:
    firm = unit.session.get(Enterprise, push.enterprise_id)
    demand = unit.session.get(Demand, push.demand_id) if push.demand_id is not None else None
    assert firm is not None
    token = token_of(unit.secret, push.message_id)
    rows = unit.session.execute(
        select(PushItem, Patent).join(Patent, Patent.id == PushItem.patent_id).where(PushItem.push_id == push.id)
    )
    items = tuple(
        OutgoingItem(
            patent.application_number or patent.publication_number or "",
            patent.title or "",
            patent.abstract or "",
            item.score,
            tuple(item.reasons),
            tuple(item.warnings),
        )
        for item, patent in rows
    )
    return Outgoing(
        push_id=push.id,
        message_id=push.message_id,
        address=address,
        enterprise=firm.name,
        contact=demand.contact_name if demand else firm.contact_name,
        demand_title=demand.title if demand else None,
        link=f"{unit.base_url}/p/{token}",
        off_link=f"{unit.base_url}/p/{token}/off",
        model=push.model,
        items=items,
        again=again,
    )


def pending(unit: Unit) -> int:
    """Pushes that still wait to be sent."""
    chosen = select(func.count()).select_from(Push).where(Push.state.in_(("planned", "sending")))
    return unit.session.execute(chosen).scalar() or 0


def withdraw_plan(unit: Unit, push_ids: list[int], reason: str) -> int:
    """Take planned pushes back before they are sent; returns how many were still planned."""
    unit.require("push.withdraw")
    done = unit.session.execute(
        update(Push)
        .where(Push.id.in_(push_ids), Push.state == "planned")
        .values(state="suppressed", withdrawn_at=unit.now, withdrawn_reason=reason)
        .returning(Push.id)
    )
    taken = list(done.scalars())
    for push_id in taken:
        append_event(unit, "push.withdrawn", "pushes", push_id)
    return len(taken)
