"""A web address of the recipient's own system: signed JSON, each message with an id that stays the same when repeated.

What is posted and how the signature is made stands in ``docs/channels.md``.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target
from matchhub.notify.web import JSON_BODY, as_json, deliver, web_address

NAME, LEAST_SECRET = "webhook", 16


def signing_headers(key: str, message_id: str, body: bytes, moment: int) -> dict[str, str]:
    """Headers of a signed post: HMAC-SHA256, hex, over ``<moment>.`` and the body; ``moment`` in seconds."""
    mac = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        **JSON_BODY,
        "Idempotency-Key": message_id.strip("<>"),
        "X-Matchhub-Timestamp": str(moment),
        "X-Matchhub-Signature": f"sha256={mac}",
    }


def letter_body(letter: Letter, **more: str) -> bytes:
    """A letter as JSON, for programs."""
    said = {
        "id": letter.message_id.strip("<>"), "subject": letter.subject, "text": letter.text, "link": letter.link,
        "off_link": letter.off_link,
    }  # fmt: skip
    return as_json({**said, **more})


def _checked(target: Target, means: Means) -> Target:
    address, secret = web_address(target.to, (), means), target.secret.strip()
    if len(secret) < LEAST_SECRET:
        raise AddressRefused("channel_secret_short", least=LEAST_SECRET)
    return Target(address, secret)


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        body = letter_body(letter)
        headers = signing_headers(target.secret, letter.message_id, body, int(means.clock().timestamp()))
        return deliver(NAME, target.to, body, headers, means, None, unreachable="deferred")

    return send


def _shown(target: Target) -> str:
    """Scheme and host; a path may be a key."""
    parts = urlsplit(target.to)
    return f"{parts.scheme}://{parts.netloc}/…"


CHANNEL = Channel(
    NAME, "web_address", _checked, _sender, _shown, "needed", per_minute=60, order=40,
    offered=lambda means: bool(means.hosts),
)  # fmt: skip
