"""Webhooks of an organisation (事件回调): whoever may keep its API keys enters, watches and ends addresses.

An address comes here checked by the edge, with what may be shown of it. The secret is made here and shown once.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchhub.db.tables import Account, Webhook, WebhookEvent
from matchhub.errors import Conflict, NotFound
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.sealing import keyed_digest, seal
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.choices import own_organisation

MOST_WEBHOOKS = 5  # of an organisation at once
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WebhookView:
    """One address as its organisation sees it; ``state`` is live, failing, off or dead (its account is shut out)."""

    id: int
    shown: str
    made_by: str
    made_at: datetime
    state: str
    failures: int
    rests_until_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostView:
    """What became of one event; ``reply`` is what the address answered last."""

    event_id: str
    shown: str
    made_at: datetime
    state: str
    attempts: int
    tried_at: datetime | None
    reply: str


def make_webhook(unit: Unit, to: str, shown: str) -> str:
    """Events of the actor's organisation go to ``to`` from now on; the secret that signs them, known nowhere else.

    Raises ``Conflict``: ``webhook_known``, ``webhooks_many``.
    """
    unit.require("api_key.keep_own")
    organisation = own_organisation(unit)
    mine = select(Webhook.address_key).where(Webhook.organisation_id == organisation.id, Webhook.withdrawn_at.is_(None))
    kept, key = list(unit.session.execute(mine).scalars()), keyed_digest(unit.secret, "webhook", to)
    if key in kept:
        raise Conflict("webhook_known")
    if len(kept) >= MOST_WEBHOOKS:
        raise Conflict("webhooks_many", most=MOST_WEBHOOKS)
    secret = "whs_" + secrets.token_urlsafe(32)
    row = Webhook(
        account_id=unit.actor.account_id,
        organisation_id=organisation.id,
        sealed=seal(unit.secret, json.dumps({"to": to, "secret": secret})),
        address_key=key,
        shown=shown[:255],
        made_at=unit.now,
        failures=0,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "webhook.made", "webhooks", row.id)
    return secret


def own_webhooks(unit: Unit) -> tuple[WebhookView, ...]:
    """Addresses of the actor's organisation that were not withdrawn, the newest first."""
    unit.require("api_key.keep_own")
    chosen = (
        select(Webhook, Account.display_name, Account.disabled_at)
        .join(Account, Account.id == Webhook.account_id)
        .where(Webhook.organisation_id == (unit.actor.organisation_id or 0), Webhook.withdrawn_at.is_(None))
        .order_by(Webhook.id.desc())
    )
    return tuple(
        WebhookView(row.id, row.shown, who, row.made_at, _state(row, off), row.failures, row.rests_until_at)
        for row, who, off in unit.session.execute(chosen)
    )


def _state(row: Webhook, account_off: datetime | None) -> str:
    if account_off is not None:
        return "dead"
    return "off" if row.off_at is not None else "failing" if row.failures else "live"


def own_posts(unit: Unit) -> tuple[PostView, ...]:
    """The newest events for the addresses of the actor's organisation, with what became of each."""
    unit.require("api_key.keep_own")
    chosen = (
        select(WebhookEvent, Webhook.shown)
        .join(Webhook, Webhook.id == WebhookEvent.webhook_id)
        .where(Webhook.organisation_id == (unit.actor.organisation_id or 0))
        .order_by(func.coalesce(WebhookEvent.tried_at, WebhookEvent.made_at).desc(), WebhookEvent.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        PostView(row.event_id, shown, row.made_at, row.state, row.attempts, row.tried_at, row.reply or "")
        for row, shown in unit.session.execute(chosen)
    )


def withdraw_webhook(unit: Unit, webhook_id: int) -> str:
    """Post nothing there any more, and forget address and secret; what is shown of it. ``NotFound`` for another's."""
    row = _own(unit, webhook_id)
    row.withdrawn_at, row.withdrawn_by, row.sealed = unit.now, unit.actor.account_id, ""
    append_event(unit, "webhook.withdrawn", "webhooks", row.id)
    return row.shown


def resume_webhook(unit: Unit, webhook_id: int) -> str:
    """Post there again what has waited since it was switched off; what is shown of it. ``NotFound`` for another's."""
    row = _own(unit, webhook_id)
    if row.off_at is not None:
        row.off_at, row.rests_until_at, row.failures = None, None, 0
        append_event(unit, "webhook.resumed", "webhooks", row.id)
    return row.shown


def _own(unit: Unit, webhook_id: int) -> Webhook:
    unit.require("api_key.keep_own")
    row = unit.session.get(Webhook, webhook_id)
    if row is None or row.organisation_id != unit.actor.organisation_id or row.withdrawn_at is not None:
        raise NotFound("webhook_not_found")
    return row
