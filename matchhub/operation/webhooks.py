"""Webhooks between what is kept (services) and the network (notify): addresses checked, events posted and signed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from matchhub.durable import write_durably
from matchhub.errors import Conflict
from matchhub.notify.channel import Delivered
from matchhub.notify.offered import Means
from matchhub.notify.web import as_json, deliver, is_allowed, public_address
from matchhub.notify.webhook import signing_headers
from matchhub.operation.channels import means_of, stays_here
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from matchhub.services.recipients.webhook_events import Posting, claim_event, gather_events, record_post
from matchhub.wording import sentence

_CHANNEL = "webhook"


def checked_address(runtime: Runtime, to: str) -> tuple[str, str]:
    """An address for events in plain form, and what may be shown of it; raises ``AddressRefused``."""
    plain = public_address(to, means_of(runtime))
    parts = urlsplit(plain)
    return plain, f"{parts.scheme}://{parts.netloc}/…"


def post_events(runtime: Runtime, actor: Actor = SYSTEM) -> dict[str, int]:
    """Queue what is new for every webhook and post what may go now; events made, and posts by outcome.

    An address that does not accept rests; the others go on.
    """
    try:
        with runtime.unit(actor) as unit:
            done = {"events": gather_events(unit)}
    except Conflict:  # another round queued the same meanwhile
        done = {"events": 0}
    means = means_of(runtime)
    while True:
        with runtime.unit(actor) as unit:
            posting = claim_event(unit)
        if posting is None:
            return done
        answer = _post(runtime, posting, means)
        with runtime.unit(actor) as unit:
            record_post(unit, posting, answer.outcome, answer.reply, answer.wait_seconds)
        outcome = answer.outcome if answer.outcome in ("delivered", "written") else "again"
        done[outcome] = done.get(outcome, 0) + 1


def _post(runtime: Runtime, posting: Posting, means: Means) -> Delivered:
    body = as_json(_said(posting))
    if stays_here(runtime, posting.to, means):
        name = f"{_CHANNEL}-{posting.event_id}.json"
        write_durably(runtime.home / "outbox" / name, body)
        return Delivered(_CHANNEL, "written", name)
    headers = signing_headers(posting.secret, posting.event_id, body, int(means.clock().timestamp()))
    public = not is_allowed(posting.to, means)
    return deliver(_CHANNEL, posting.to, body, headers, means, None, unreachable="deferred", public=public)


def _said(posting: Posting) -> dict[str, Any]:
    """The body: ids, kind, moment and a sentence, the same however often it is posted."""
    fields = {name: value for name, value in posting.fields.items() if name != "lang"}
    return {
        "id": posting.event_id,
        "kind": posting.kind,
        "at": posting.at.isoformat(),
        "subject": {"kind": posting.subject[0], "id": posting.subject[1]},
        "sentence": {lang: sentence(posting.code, lang, **fields).lstrip("· ") for lang in ("zh", "en")},
    }
