"""Letters to addresses that recipients gave themselves: what is new for each, one claim per letter, what came of it.

The inbox has every message already; a letter tells of it by one more channel. A push or a notice is told of once per
address, by a unique row. What is not wanted any more is seen when the letter is handed over, not only when it is made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from matchhub.db.tables import (
    ChannelLetter,
    ChannelLetterItem,
    Notice,
    Organisation,
    Patent,
    Push,
    PushDelivery,
    PushItem,
    RecipientAddress,
    Suppression,
)
from matchhub.domain.messages import EMAIL, PUSHES, Choices, kind_of_notice, may_go_at, next_open
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, LimitReached, count_attempt
from matchhub.services.kernel.sealing import SealBroken
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.addresses import Opened, note_trouble, opened
from matchhub.services.recipients.choices import all_choices, organisation_choices

CLAIM, MINUTE = timedelta(minutes=5), timedelta(minutes=1)
LONGEST_WAIT, MOST_ATTEMPTS = timedelta(hours=1), 10
MOST_ITEMS = 20
DONE = ("delivered", "written")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a letter tells of: a push (title of its patent, score) or a notice (code and data of a sentence)."""

    kind: str
    id: int
    title: str = ""
    score: float = 0.0
    code: str = ""
    fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one address in one kind of message."""

    organisation_id: int
    address_id: int
    channel: str
    kind: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class InHand:
    """A letter that this sender has claimed, with the address it goes to."""

    id: int
    claim: datetime
    address: Opened
    kind: str
    message_id: str
    subject: str
    text: str
    link: str
    token: str


def letter_token(secret: str, message_id: str) -> str:
    """The token of a letter's links, the same whenever it is made."""
    mac = hmac.new(secret.encode(), b"letter-link\x00" + message_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode("ascii")


def token_hash(token: str) -> str:
    """What the base keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def news(unit: Unit, channels: Collection[str]) -> list[News]:
    """What may be told now, by address and kind, of organisations that chose one of ``channels``."""
    unit.require("message.send")
    choices = all_choices(unit)
    usable = (
        select(RecipientAddress, Organisation)
        .join(Organisation, Organisation.id == RecipientAddress.organisation_id)
        .where(
            RecipientAddress.organisation_id.in_(choices),
            RecipientAddress.channel.in_(channels),
            RecipientAddress.withdrawn_at.is_(None),
            RecipientAddress.confirmed_at.is_not(None),
            RecipientAddress.trouble.is_(None),
            is_confirmed(),
        )
        .order_by(RecipientAddress.id)
    )
    rows = unit.session.execute(usable).all()
    return [one for address, organisation in rows for one in _news_of(unit, address, organisation, choices)]


def _news_of(
    unit: Unit, address: RecipientAddress, organisation: Organisation, made: Mapping[int, Choices]
) -> Iterator[News]:
    choices = made[organisation.id]
    kinds = [kind for kind in choices.channels if choices.wants(kind, address.channel)]
    for kind in kinds:
        last = _last(unit, address.id, kind)
        if may_go_at(choices, kind, unit.now, last, unit.zone, unit.pack.holidays) > unit.now:
            continue
        since = max(address.confirmed_at or unit.now, choices.since(kind, address.channel) or address.recorded_at)
        if kind != PUSHES:
            items = _notices(unit, address, kind, since)
        elif address.channel == EMAIL or organisation.enterprise_id is None:
            items = ()  # mail of pushes goes its own way (pushes.delivery)
        else:
            items = _pushes(unit, address, organisation.enterprise_id, since)
        if items:
            yield News(organisation.id, address.id, address.channel, kind, items)


def _last(unit: Unit, address_id: int, kind: str) -> datetime | None:
    chosen = select(func.max(ChannelLetter.made_at)).where(
        ChannelLetter.address_id == address_id, ChannelLetter.kind == kind, ChannelLetter.state != "suppressed"
    )
    return unit.session.execute(chosen).scalar()


def _untold(address: RecipientAddress, kind: str, column: Any) -> Any:
    return ~exists().where(
        ChannelLetterItem.address_id == address.id,
        ChannelLetterItem.subject_kind == kind,
        ChannelLetterItem.subject_id == column,
    )


def _pushes(unit: Unit, address: RecipientAddress, firm: int, since: datetime) -> tuple[Item, ...]:
    """Messages that lie unread in the firm's inbox, none where pushes are switched off."""
    if _off(unit, firm):
        return ()
    chosen = (
        select(Push.id, Patent.title, PushItem.score)
        .join(PushItem, and_(PushItem.push_id == Push.id, PushItem.position == 1))
        .join(Patent, Patent.id == PushItem.patent_id)
        .where(
            Push.enterprise_id == firm, Push.delivered_at >= since, Push.opened_at.is_(None),
            Push.withdrawn_at.is_(None), _untold(address, "pushes", Push.id),
        )
        .order_by(PushItem.score.desc(), Push.id)
        .limit(MOST_ITEMS)
    )  # fmt: skip
    return tuple(Item("pushes", key, title or "", score) for key, title, score in unit.session.execute(chosen))


def _off(unit: Unit, firm: int) -> bool:
    chosen = select(Suppression.id).where(Suppression.enterprise_id == firm, Suppression.withdrawn_at.is_(None))
    return unit.session.execute(chosen).first() is not None


def _notices(unit: Unit, address: RecipientAddress, kind: str, since: datetime) -> tuple[Item, ...]:
    chosen = select(Notice).where(
        Notice.organisation_id == address.organisation_id, Notice.made_at >= since, Notice.read_at.is_(None),
        _untold(address, "notices", Notice.id),
        or_(Notice.account_id.is_(None), Notice.account_id == address.recorded_by),
    )  # fmt: skip
    rows = unit.session.execute(chosen.order_by(Notice.id)).scalars()
    fit = [row for row in rows if kind_of_notice(row.code, row.subject_kind) == kind]
    return tuple(Item("notices", row.id, code=row.code, fields=dict(row.fields)) for row in fit[:MOST_ITEMS])


def new_message_id(unit: Unit) -> tuple[str, str]:
    """A message id and the token of its links."""
    message_id = f"<letter.{secrets.token_hex(12)}@matchhub>"
    return message_id, letter_token(unit.secret, message_id)


def store_letter(unit: Unit, told: News, message_id: str, subject: str, text: str, link: str) -> int:
    """Queue a letter with what it tells of; told of once, whoever else is composing at the same moment."""
    unit.require("message.send")
    organisation = unit.session.get_one(Organisation, told.organisation_id)
    row = ChannelLetter(
        organisation_id=told.organisation_id,
        address_id=told.address_id,
        kind=told.kind,
        channel=told.channel,
        message_id=message_id,
        token_hash=token_hash(letter_token(unit.secret, message_id)),
        subject=subject,
        text=text,
        link=link,
        made_at=unit.now,
        state="planned",
        demo=organisation.demo,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.session.add_all(
        ChannelLetterItem(letter_id=row.id, address_id=told.address_id, subject_kind=each.kind, subject_id=each.id)
        for each in told.items
    )
    unit.session.flush()
    return row.id


def claim_letter(unit: Unit, limits: Mapping[str, int | None], paused: Collection[str]) -> InHand | None:
    """Take the next letter that may go now; ``None`` when there is none.

    ``limits``: channels of this installation and how many letters a minute an address of each takes; ``paused``: those
    whose provider refused this installation in this round. Letters nobody wants any more are put away on the way.
    """
    unit.require("message.send")
    free = or_(ChannelLetter.claimed_until_at.is_(None), ChannelLetter.claimed_until_at <= unit.now)
    chosen = select(ChannelLetter).where(
        ChannelLetter.state.in_(("planned", "sending")), free, ChannelLetter.channel.in_(set(limits) - set(paused))
    )
    while True:
        row = unit.session.execute(
            chosen.order_by(ChannelLetter.id).limit(1).with_for_update(skip_locked=True)
        ).scalar()
        if row is None:
            return None
        taken = _take(unit, row, limits[row.channel])
        unit.session.flush()
        if taken is not None:
            return taken


def _take(unit: Unit, row: ChannelLetter, per_minute: int | None) -> InHand | None:
    address = unit.session.get_one(RecipientAddress, row.address_id)
    choices = organisation_choices(unit, row.organisation_id)
    if choices is None or not _still_wanted(unit, row, address, choices):
        _finish(unit, row, "suppressed")
        return None
    opens = next_open(choices.quiet, unit.now, unit.zone, unit.pack.holidays)
    if opens > unit.now:
        row.claimed_until_at = opens
        return None
    try:
        target = opened(unit, address)
        if per_minute is not None:
            count_attempt(unit, Limit(f"channel_{row.channel}", per_minute, MINUTE), address.address_key)
    except LimitReached:
        row.claimed_until_at = unit.now + MINUTE
        return None
    except SealBroken:
        note_trouble(unit, address, "seal_broken")
        _finish(unit, row, "refused")
        return None
    row.state, row.claimed_until_at = "sending", unit.now + CLAIM
    token = letter_token(unit.secret, row.message_id)
    return InHand(
        row.id, row.claimed_until_at, target, row.kind, row.message_id, row.subject, row.text, row.link, token
    )


def _still_wanted(unit: Unit, row: ChannelLetter, address: RecipientAddress, choices: Choices) -> bool:
    if address.withdrawn_at is not None or address.trouble is not None or not choices.wants(row.kind, row.channel):
        return False
    firm = unit.session.get_one(Organisation, row.organisation_id).enterprise_id
    return not (row.kind == PUSHES and firm is not None and _off(unit, firm))


def record_letter(unit: Unit, letter: InHand, outcome: str, reply: str, wait_seconds: int | None = None) -> str | None:
    """Write down what became of a letter in hand; returns its state, ``None`` when another sender has it meanwhile.

    What the sender is at fault for is no attempt of the letter: it stays planned, however long that lasts.
    """
    row = unit.session.execute(
        select(ChannelLetter).where(ChannelLetter.id == letter.id).with_for_update()
    ).scalar_one()
    if row.state != "sending" or row.claimed_until_at != letter.claim:
        return None
    row.outcome, row.reply = outcome, reply[:500]
    row.attempts += outcome != "sender_fault"
    _note_on_pushes(unit, row)
    if outcome in DONE:
        _finish(unit, row, outcome)
    elif outcome == "refused":
        note_trouble(unit, unit.session.get_one(RecipientAddress, row.address_id), reply)
        _finish(unit, row, "refused")
    elif outcome == "deferred" and row.attempts >= MOST_ATTEMPTS:
        _finish(unit, row, "given_up")
    else:
        wait = timedelta(seconds=wait_seconds) if wait_seconds else MINUTE * 2 ** max(row.attempts - 1, 0)
        row.state = "planned"
        row.claimed_until_at = unit.now + (CLAIM if outcome == "sender_fault" else min(wait, LONGEST_WAIT))
    return row.state


def _finish(unit: Unit, row: ChannelLetter, state: str) -> None:
    row.state, row.finished_at, row.claimed_until_at = state, unit.now, None
    append_event(unit, f"message.{state}", "channel_letters", row.id, of=row.kind, channel=row.channel)


def _note_on_pushes(unit: Unit, row: ChannelLetter) -> None:
    """The chain of a push shows every channel that carried it; the inbox had delivered it before."""
    if row.kind != PUSHES:
        return
    items = select(ChannelLetterItem.subject_id).where(ChannelLetterItem.letter_id == row.id)
    for push_id in unit.session.execute(items).scalars():
        unit.session.add(
            PushDelivery(
                push_id=push_id,
                channel=row.channel,
                outcome=row.outcome,
                reply=row.reply or "",
                recorded_at=unit.now,
                recorded_by=unit.actor.account_id,
            )
        )
