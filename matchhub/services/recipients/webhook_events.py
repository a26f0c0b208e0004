"""Events for webhooks: what is new for each address, the next post, what came of it.

An address gets its events one after another in the order in which they came about. A post that was not accepted is
tried again, the same event under the same id, after ever longer rests; events behind it wait. After ``MOST_FAILURES``
in a row the address is switched off and its organisation told.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select

from matchhub.db.tables import (
    Account,
    Notice,
    Organisation,
    Patent,
    Push,
    PushItem,
    Suppression,
    Webhook,
    WebhookEvent,
)
from matchhub.domain.messages import NOTICE_EVENTS
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.sealing import SealBroken, unseal
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify

CLAIM, FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=6)
MOST_FAILURES = 12  # in a row; the rests between them come to some twenty hours
MOST_NEW = 200  # of one address in a round
_PUSH_LINE = "channel_line_push"


@dataclass(frozen=True, slots=True)
class Posting:
    """An event in hand with where it goes; ``to`` and ``secret`` are never to be shown or logged.

    ``code`` and ``fields`` make its sentence; ``subject`` is kind and id of what it is about. ``claim`` is by when its
    sender must have written down what came of it.
    """

    id: int
    webhook_id: int
    claim: datetime
    to: str
    secret: str
    event_id: str
    kind: str
    at: datetime
    subject: tuple[str, int]
    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def gather_events(unit: Unit) -> int:
    """Queue what is new for every address that is in use, each thing once; returns how many events."""
    unit.require("message.send")
    chosen = (
        select(Webhook, Organisation.enterprise_id)
        .join(Account, Account.id == Webhook.account_id)
        .join(Organisation, Organisation.id == Webhook.organisation_id)
        .where(Webhook.withdrawn_at.is_(None), Webhook.off_at.is_(None), Account.disabled_at.is_(None), speaks())
        .order_by(Webhook.id)
    )
    made = 0
    for hook, firm in unit.session.execute(chosen).all():
        for kind, subject_id in (*_new_notices(unit, hook), *_new_pushes(unit, hook, firm)):
            unit.session.add(
                WebhookEvent(
                    webhook_id=hook.id, event_id=f"event.{secrets.token_hex(12)}", subject_kind=kind,
                    subject_id=subject_id, made_at=unit.now, state="waiting", attempts=0,
                )
            )  # fmt: skip
            made += 1
    unit.session.flush()
    return made


def _unknown(hook: Webhook, kind: str, column: Any) -> Any:
    return ~exists().where(
        WebhookEvent.webhook_id == hook.id, WebhookEvent.subject_kind == kind, WebhookEvent.subject_id == column
    )


def _new_notices(unit: Unit, hook: Webhook) -> Iterator[tuple[str, int]]:
    """What the whole organisation was told; what one account alone was told stays with it."""
    chosen = select(Notice.id).where(
        Notice.organisation_id == hook.organisation_id, Notice.account_id.is_(None), Notice.made_at >= hook.made_at,
        Notice.subject_kind.in_(NOTICE_EVENTS), _unknown(hook, "notices", Notice.id),
    )  # fmt: skip
    for key in unit.session.execute(chosen.order_by(Notice.id).limit(MOST_NEW)).scalars():
        yield "notices", key


def _new_pushes(unit: Unit, hook: Webhook, firm: int | None) -> Iterator[tuple[str, int]]:
    off = exists().where(Suppression.enterprise_id == firm, Suppression.withdrawn_at.is_(None))
    chosen = select(Push.id).where(
        Push.enterprise_id == firm, Push.delivered_at >= hook.made_at, Push.withdrawn_at.is_(None), ~off,
        _unknown(hook, "pushes", Push.id),
    )  # fmt: skip
    for key in unit.session.execute(chosen.order_by(Push.id).limit(MOST_NEW)).scalars():
        yield "pushes", key


def claim_event(unit: Unit) -> Posting | None:
    """Take the next event that may be posted now; ``None`` when there is none.

    Its address rests until the claim ends, so of one address only one event is ever on its way. Events whose thing is
    gone are put away on the way.
    """
    unit.require("message.send")
    free = or_(Webhook.rests_until_at.is_(None), Webhook.rests_until_at <= unit.now)
    chosen = (
        select(Webhook, WebhookEvent)
        .join(WebhookEvent, WebhookEvent.webhook_id == Webhook.id)
        .join(Account, Account.id == Webhook.account_id)
        .where(
            WebhookEvent.state == "waiting", free, Webhook.withdrawn_at.is_(None), Webhook.off_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(WebhookEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Webhook)
    )  # fmt: skip
    while (found := unit.session.execute(chosen).one_or_none()) is not None:
        hook, event = found
        taken = _take(unit, hook, event)
        unit.session.flush()
        if taken is not None:
            return taken
    return None


def _take(unit: Unit, hook: Webhook, event: WebhookEvent) -> Posting | None:
    said = _notice(unit, event) if event.subject_kind == "notices" else _push(unit, event)
    if said is None:
        event.state = "dropped"
        return None
    try:
        kept = json.loads(unseal(unit.secret, hook.sealed))
    except SealBroken:
        _switch_off(unit, hook)
        return None
    hook.rests_until_at = unit.now + CLAIM
    kind, at, subject, code, fields = said
    return Posting(
        event.id, hook.id, hook.rests_until_at, kept["to"], kept["secret"], event.event_id, kind, at, subject, code,
        fields,
    )  # fmt: skip


_Said = tuple[str, datetime, tuple[str, int], str, Mapping[str, Any]]


def _notice(unit: Unit, event: WebhookEvent) -> _Said | None:
    row = unit.session.get(Notice, event.subject_id)
    if row is None:
        return None
    kind = NOTICE_EVENTS[row.subject_kind]
    return kind, row.made_at, (row.subject_kind, row.subject_id), row.code, dict(row.fields)


def _push(unit: Unit, event: WebhookEvent) -> _Said | None:
    chosen = (
        select(Push.delivered_at, Patent.title, PushItem.score)
        .join(PushItem, and_(PushItem.push_id == Push.id, PushItem.position == 1))
        .join(Patent, Patent.id == PushItem.patent_id)
        .where(Push.id == event.subject_id, Push.withdrawn_at.is_(None))
    )
    found = unit.session.execute(chosen).one_or_none()
    if found is None:
        return None
    fields = {"title": found.title or "", "score": f"{found.score:.2f}"}
    return "push", found.delivered_at, ("pushes", event.subject_id), _PUSH_LINE, fields


def record_post(unit: Unit, posting: Posting, outcome: str, reply: str, wait_seconds: int | None = None) -> str | None:
    """Write down what came of a post: delivered, written, or anything else, which is tried again.

    Returns the state of the event, ``None`` where its address was withdrawn or another sender has it meanwhile.
    """
    hook = unit.session.execute(select(Webhook).where(Webhook.id == posting.webhook_id).with_for_update()).scalar_one()
    if hook.rests_until_at != posting.claim or hook.withdrawn_at is not None:
        return None
    event = unit.session.get_one(WebhookEvent, posting.id)
    event.attempts, event.tried_at, event.reply = event.attempts + 1, unit.now, reply[:400]
    if outcome in ("delivered", "written"):
        event.state, hook.failures, hook.rests_until_at = outcome, 0, None
        return event.state
    hook.failures += 1
    wait = timedelta(seconds=wait_seconds) if wait_seconds else FIRST_REST * 2 ** (hook.failures - 1)
    hook.rests_until_at = unit.now + min(wait, LONGEST_REST)
    if hook.failures >= MOST_FAILURES:
        _switch_off(unit, hook)
    return event.state


def _switch_off(unit: Unit, hook: Webhook) -> None:
    hook.off_at, hook.rests_until_at = unit.now, None
    append_event(unit, "webhook.switched_off", "webhooks", hook.id, failures=hook.failures)
    key = f"{hook.id}:{unit.now.isoformat()}"
    notify(unit, [hook.organisation_id], "notice_webhook_off", ("webhooks", hook.id), key, address=hook.shown)
