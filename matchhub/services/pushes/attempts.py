"""What became of one letter: delivered, written, to be tried again, given up; who is to blame decides what follows."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select

from matchhub.db.tables import Push, PushDelivery, PushSending
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.bounces import MAIL, note_bounce

Result = Literal["delivered", "written", "deferred", "refused", "sender_fault"]
MOST_ATTEMPTS = 5
WAIT = timedelta(minutes=10)  # after the first attempt; each further one waits three times as long
GROWTH, JITTER = 3, 0.2
LONGEST_WAIT = timedelta(days=1)
KEPT_SIGNS = 20_000  # of a letter's text
# What carries a letter -> key of the channel it went by, where they differ.
_KEYS = {"smtp": MAIL, "file": MAIL, "none": MAIL}


def record_attempt(
    unit: Unit,
    push_id: int,
    channel: str,
    result: Result | None,
    reply: str,
    *,
    key: str | None = None,
    fence: int | None = None,
    address: str | None = None,
    why_not: str = "address_missing",
    wait_seconds: int | None = None,
    of_letter: bool = True,
    text: str | None = None,
) -> str:
    """Write down what became of one message; ``result`` is ``None`` when there was no address to send to.

    ``channel`` is what carried it (smtp, file, ...), ``key`` the channel whose row of the outbox it concerns where the
    two differ, ``fence`` the claim it was sent under: of a void claim only what arrived is put down. ``address`` is
    where it was sent (that of the push if not told), ``text`` the letter as sent, kept as proof.

    Returns the state of the push: delivered, written, planned (to be tried again), sending (by another channel) or
    failed.
    """
    push = unit.session.get_one(Push, push_id)
    rows = _rows(unit, push_id)
    wanted = key or _KEYS.get(channel, channel)
    row = next((each for each in rows if each.channel == wanted), None) or _new_row(unit, rows, push_id, wanted)
    if fence is not None and row.fence != fence and result not in ("delivered", "written"):
        return push.state
    if result is not None and (result != "sender_fault" or of_letter):
        note_delivery(unit, push, channel, result, reply, text)
    _settle(unit, row, result, why_not, wait_seconds, of_letter)
    if result == "refused" and (told := address or push.recipient_email):
        note_bounce(unit, row.channel, told, reply, push.id)
    push.state = _state_of(push, rows)
    done = push.state if push.state in ("delivered", "written", "failed") else "attempted"
    append_event(unit, f"push.{done}", "pushes", push.id, channel=channel, result=result)
    return push.state


def _settle(
    unit: Unit, row: PushSending, result: Result | None, why_not: str, wait_seconds: int | None, of_letter: bool
) -> None:
    """What follows for the row of the outbox: done, given up, or back in the line after a wait."""
    row.claimed_until_at, row.not_before_at, row.reason = None, None, None
    if result is None:
        row.state, row.reason = "failed", why_not
    elif result in ("delivered", "written"):
        row.attempts, row.state = row.attempts + 1, result
    elif result == "refused":
        row.attempts, row.state, row.reason = row.attempts + 1, "failed", "address_bounced"
    elif result == "deferred":
        row.attempts += 1
        _put_off(unit, row, row.attempts, wait_seconds)
        if row.attempts >= MOST_ATTEMPTS:
            row.state, row.reason = "failed", "send_given_up"
    else:
        row.state = "waiting"
        if of_letter:  # others go before it in the next round, so that one letter never keeps them
            row.faults += 1
            _put_off(unit, row, row.faults, wait_seconds)


def _rows(unit: Unit, push_id: int) -> list[PushSending]:
    """The outbox of one push, locked: two channels that end at once settle its state one after the other."""
    chosen = select(PushSending).where(PushSending.push_id == push_id).order_by(PushSending.id)
    return list(unit.session.execute(chosen.with_for_update()).scalars())


def _new_row(unit: Unit, rows: list[PushSending], push_id: int, key: str) -> PushSending:
    row = PushSending(push_id=push_id, channel=key, state="waiting", fence=0, attempts=0, faults=0)
    unit.session.add(row)
    rows.append(row)
    return row


def _put_off(unit: Unit, row: PushSending, times: int, wait_seconds: int | None) -> None:
    """Waits grow and differ a little from letter to letter, so that not all come back in the same moment.

    Pushes of one letter wait alike: they come back together.
    """
    chance = random.Random(f"{row.letter or row.push_id} {times}")
    wait = min(WAIT * GROWTH ** min(times - 1, 9), LONGEST_WAIT) * chance.uniform(1 - JITTER, 1 + JITTER)
    row.state, row.not_before_at = "waiting", unit.now + max(wait, timedelta(seconds=wait_seconds or 0))


def _state_of(push: Push, rows: list[PushSending]) -> str:
    states = {row.state for row in rows}
    if "sending" in states:
        return "sending"
    if "waiting" in states:
        return "planned"
    if push.delivered_at is not None:
        return "delivered"
    return "written" if push.written_at is not None else "failed"


def note_delivery(unit: Unit, push: Push, channel: str, result: Result, reply: str, text: str | None = None) -> None:
    """One attempt with what the channel answered; the first delivery dates the push."""
    attempt = PushDelivery(
        push_id=push.id,
        channel=channel,
        outcome=result,
        reply=reply[:500],
        sent_text=text[:KEPT_SIGNS] if text and result in ("delivered", "written") else None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(attempt)
    if result == "delivered" and push.delivered_at is None:
        push.delivered_at = unit.now
    if result == "written" and push.written_at is None:
        push.written_at = unit.now


def free_at(unit: Unit, channel: str, per_minute: int) -> datetime | None:
    """From when one more letter keeps the channel's limit of letters a minute, over all senders; ``None``: now."""
    if per_minute <= 0:
        return None
    chosen = select(PushDelivery.recorded_at).where(PushDelivery.channel == channel).order_by(PushDelivery.id.desc())
    nth = unit.session.execute(chosen.offset(per_minute - 1).limit(1)).scalar()
    free = None if nth is None else nth + timedelta(minutes=1)
    return free if free is not None and free > unit.now else None
