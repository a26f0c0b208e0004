"""Delivering due pushes: claimed in one transaction, sent outside any, recorded in another.

Each push has a row of the outbox (``PushSending``) for every channel it goes by, and each such row is claimed by
itself: its ``fence`` grows with every claim, so a sender that was held up finds its claim void before it hands the
letter over. A sender that dies leaves its claims to run out, so nothing is lost; the Message-ID was made when the push
was planned, so a message sent twice is one message to every mail reader; a push counts once, however often it was
attempted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from matchhub.db.tables import (
    Push,
    PushSending,
    Suppression,
)
from matchhub.domain.calendar import day_begins
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.attempts import Result, note_delivery, record_attempt
from matchhub.services.pushes.bounces import MAIL, bounced_keys
from matchhub.services.pushes.outgoing import Outgoing, OutgoingItem, outgoing_of
from matchhub.services.pushes.reach import switched_off, with_account
from matchhub.services.pushes.routing import Routes, still_wanted

__all__ = ["MAIL", "Claimed", "Outgoing", "OutgoingItem", "Result", "claim_due", "record_attempt"]

CLAIM = timedelta(minutes=5)
CHANNELS = (MAIL,)
_OPEN = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one round has to deal with: messages to send, and how many were suppressed on the way."""

    outgoing: tuple[Outgoing, ...]
    suppressed: int
    postponed: int = 0  # would have been one too many for that firm today, or not at this hour
    admitted: int = 0  # came into the outbox, and into the inbox of a firm with an account
    inbox_only: int = 0  # the recipient wants no mail of them

    @property
    def nothing_left(self) -> bool:
        """Whether no push was due that this round could deal with."""
        return not (self.outgoing or self.suppressed or self.postponed or self.admitted or self.inbox_only)


def claim_due(unit: Unit, most: int = 200, channels: Collection[str] = CHANNELS, *, courteous: bool = False) -> Claimed:
    """Take due pushes for this sender; deliver to the in-app inbox where the firm has an account.

    Whether and when a push goes by mail too is its recipient's choice (``routing``); ``courteous`` keeps the usual
    quiet times for those who chose none. ``most`` pushes are looked at, and with them all that is due to their firms:
    what goes to one recipient goes together.

    Suppressed recipients are taken out here, at the last moment before sending, and what would break the cap of the
    day (a backlog meeting a new plan) waits for tomorrow: a push beyond the cap would not count. Without ``channels``
    nothing is claimed, and what is due still comes into inboxes: that needs no server.
    """
    unit.require("push.send")
    pushes = _due(unit, most, channels)
    outbox = _outbox(unit, pushes)  # read after the pushes were locked: what another sender claimed meanwhile is seen
    off, readers, bounced = _unwilling(unit), with_account(unit), bounced_keys(unit)
    today, cap = _sent_today(unit), unit.pack.pushes.per_enterprise_day
    outgoing, suppressed, postponed, admitted, inbox_only = [], 0, 0, 0, 0
    routes = Routes(unit, courteous)
    for push in pushes:
        rows, route = outbox[push.id], routes.of(push)
        if push.enterprise_id in off or route.dropped:
            suppressed += 1
            _suppress(push, rows)
            continue
        new = push.delivered_at is None and push.written_at is None
        if new and today[push.enterprise_id] >= cap:
            push.due_on, postponed = unit.today + timedelta(days=1), postponed + 1
            continue
        today[push.enterprise_id] += new
        if not rows:
            rows, admitted = _admit(unit, push), admitted + 1
            if push.enterprise_id in readers and push.delivered_at is None:
                note_delivery(unit, push, "inbox", "delivered", "")
        if not route.mail:
            inbox_only += 1
            _keep_inside(unit, push, rows)
            continue
        for row in rows:
            if row.channel not in channels or not _is_free(unit, row):
                continue
            if route.opens is not None:
                push.state, row.state, row.not_before_at, postponed = "planned", "waiting", route.opens, postponed + 1
                continue
            row.state, row.fence, row.claimed_until_at = "sending", row.fence + 1, unit.now + CLAIM
            push.state = "sending"
            outgoing.append((row, outgoing_of(unit, push, row, bounced, route.mailbox)))
    _put_together(outgoing)
    unit.session.flush()
    return Claimed(tuple(each for _, each in outgoing), suppressed, postponed, admitted, inbox_only)


def _due(unit: Unit, most: int, channels: Collection[str]) -> list[Push]:
    """Due pushes that this sender may take, locked, the oldest first; where there are more, no firm's are torn."""
    inside = exists().where(PushSending.push_id == Push.id)
    chosen = (
        select(Push)
        .where(Push.state.in_(("planned", "sending")), Push.due_on <= unit.today, Push.withdrawn_at.is_(None))
        .where(or_(~inside, inside.where(_claimable(unit, channels))))
        .order_by(Push.id)
        .with_for_update(skip_locked=True, of=Push)
    )
    pushes = list(unit.session.execute(chosen.limit(most)).scalars())
    if len(pushes) == most:
        got, firms = {push.id for push in pushes}, {push.enterprise_id for push in pushes}
        more = unit.session.execute(chosen.where(Push.enterprise_id.in_(firms))).scalars()
        pushes += [push for push in more if push.id not in got]
    return pushes


def _put_together(outgoing: list[tuple[PushSending, Outgoing]]) -> None:
    """Note which first tries share a letter: those to one recipient, under the number of the first of them."""
    firsts: dict[tuple[str, str | None], int] = {}
    for row, each in outgoing:
        if not each.again:
            row.letter = firsts.setdefault((each.enterprise, each.address), each.push_id)


def _keep_inside(unit: Unit, push: Push, rows: Iterable[PushSending]) -> None:
    """Its recipient wants no mail: the inbox has it, or nobody."""
    _close(rows, "send_inbox_only")
    if push.delivered_at is None and push.written_at is None:
        push.state = "suppressed"
    else:
        push.state = "delivered" if push.delivered_at is not None else "written"
    append_event(unit, f"push.{push.state}", "pushes", push.id, channel="inbox", result=None)


def _claimable(unit: Unit, channels: Collection[str]) -> ColumnElement[bool]:
    return and_(
        PushSending.channel.in_(tuple(channels)),
        PushSending.state.in_(_OPEN),
        or_(PushSending.claimed_until_at.is_(None), PushSending.claimed_until_at < unit.now),
        or_(PushSending.not_before_at.is_(None), PushSending.not_before_at <= unit.now),
    )


def _is_free(unit: Unit, row: PushSending) -> bool:
    held = row.claimed_until_at is not None and row.claimed_until_at >= unit.now
    early = row.not_before_at is not None and row.not_before_at > unit.now
    return row.state in _OPEN and not held and not early


def _outbox(unit: Unit, pushes: Iterable[Push]) -> defaultdict[int, list[PushSending]]:
    found: defaultdict[int, list[PushSending]] = defaultdict(list)
    chosen = select(PushSending).where(PushSending.push_id.in_([push.id for push in pushes]))
    for row in unit.session.execute(chosen.order_by(PushSending.id)).scalars():
        found[row.push_id].append(row)
    return found


def _routes(_unit: Unit, _push: Push) -> tuple[str, ...]:
    """Keys of the channels a push goes by beside the inbox."""
    return CHANNELS


def _admit(unit: Unit, push: Push) -> list[PushSending]:
    rows = [
        PushSending(push_id=push.id, channel=channel, state="waiting", fence=0, attempts=0, faults=0)
        for channel in _routes(unit, push)
    ]
    unit.session.add_all(rows)
    return rows


def _unwilling(unit: Unit) -> set[int]:
    """Enterprises that get nothing: pushes switched off, or struck off a register since they were planned."""
    return switched_off(unit) | set(gone_enterprises(unit, unit.today))


def _suppress(push: Push, rows: Iterable[PushSending]) -> None:
    push.state = "suppressed"
    _close(rows, "send_switched_off")


def _close(rows: Iterable[PushSending], reason: str) -> None:
    for row in rows:
        if row.state in _OPEN:
            row.state, row.reason, row.claimed_until_at = "failed", reason, None


def _sent_today(unit: Unit) -> Counter[int]:
    """Messages of today by firm: delivered and written ones, and those another sender has in hand."""
    midnight = day_begins(unit.zone, unit.today)
    held = exists().where(PushSending.push_id == Push.id, PushSending.claimed_until_at >= unit.now)
    under_way = and_(Push.state == "sending", Push.delivered_at.is_(None), Push.written_at.is_(None), held)
    sent = or_(Push.delivered_at >= midnight, and_(Push.delivered_at.is_(None), Push.written_at >= midnight))
    return Counter(unit.session.execute(select(Push.enterprise_id).where(or_(sent, under_way))).scalars())


def still_mine(unit: Unit, outgoing: Outgoing) -> bool:
    """Just before a letter is handed over: whether its claim is in force; it is renewed.

    A firm that switched pushes off since the claim, and a push taken back since, get nothing either. One that chose
    other channels since is given back, so that the next round looks at its choices again.
    """
    if not _renew(unit, outgoing):
        return False
    push = unit.session.get_one(Push, outgoing.push_id)
    if push.withdrawn_at is None and not still_wanted(unit, push):
        release_claims(unit, [outgoing])
        return False
    off = select(Suppression.id).where(
        Suppression.enterprise_id == push.enterprise_id, Suppression.withdrawn_at.is_(None)
    )
    if push.withdrawn_at is None and unit.session.execute(off.limit(1)).first() is None:
        return True
    _suppress(push, _outbox(unit, [push])[push.id])
    return False


def renew_claims(unit: Unit, held: Iterable[Outgoing]) -> int:
    """A sign of life for letters that are being sent; how many of the claims are still in force."""
    return sum(_renew(unit, each) for each in held)


def _renew(unit: Unit, outgoing: Outgoing) -> bool:
    return _own(unit, outgoing, claimed_until_at=unit.now + CLAIM)


def release_claims(unit: Unit, held: Iterable[Outgoing]) -> None:
    """Give letters back unsent: they stay planned, and whoever comes next may take them."""
    for each in held:
        untried = {} if each.again else {"letter": None}
        if _own(unit, each, claimed_until_at=None, state="waiting", **untried):
            push = unit.session.get_one(Push, each.push_id)
            if not any(row.state == "sending" for row in _outbox(unit, [push])[push.id]):
                push.state = "planned"


def _own(unit: Unit, outgoing: Outgoing, **values: object) -> bool:
    """Change the row of the outbox if the claim of this sender is in force; whether it was."""
    done = unit.session.execute(
        update(PushSending)
        .where(PushSending.push_id == outgoing.push_id, PushSending.channel == outgoing.channel)
        .where(PushSending.fence == outgoing.fence, PushSending.state == "sending")
        .values(**values)
        .returning(PushSending.id)
    )
    return done.first() is not None


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
    unit.session.execute(
        update(PushSending)
        .where(PushSending.push_id.in_(taken), PushSending.state.in_(_OPEN))
        .values(state="failed", reason="send_withdrawn", claimed_until_at=None)
    )
    for push_id in taken:
        append_event(unit, "push.withdrawn", "pushes", push_id)
    return len(taken)
