"""Short messages (短信) by an adapter of the installation's own: signed JSON in, one word out (``docs/channels.md``).

Every provider of short messages in China has an interface of its own and wants its texts approved beforehand, so a
small program between knows the provider; here is the one shape that all of them can be brought to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from matchhub.notify.channel import Delivered, Letter, Outcome, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target
from matchhub.notify.web import deliver
from matchhub.notify.webhook import letter_body, signing_headers

NAME = "sms"
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_WORDS: Mapping[str, Outcome] = {
    "accepted": "delivered", "later": "deferred", "refused": "refused", "fault": "sender_fault",
}  # fmt: skip


def _checked(target: Target, means: Means) -> Target:
    """A mobile number of the mainland, as eleven digits."""
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", target.to))
    found = _MOBILE.fullmatch(plain)
    if found is None or not plain.lstrip("+").isascii():
        raise AddressRefused("channel_telephone_invalid")
    return Target(found[1])


def _judge(said: Mapping[str, Any]) -> tuple[Outcome, str]:
    word = str(said.get("status"))
    return _WORDS.get(word, "deferred"), f"{word} {said.get('message', '')}"


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        if not means.sms_url:
            return Delivered(NAME, "sender_fault", "no adapter is set")
        body = letter_body(letter, to=target.to)
        headers = signing_headers(means.sms_key, letter.message_id, body, int(means.clock().timestamp()))
        return deliver(NAME, means.sms_url, body, headers, means, _judge)

    return send


CHANNEL = Channel(
    NAME, "telephone", _checked, _sender, lambda target: f"{target.to[:3]}****{target.to[-4:]}", per_minute=5,
    by_code=True, order=30, offered=lambda means: bool(means.sms_url),
)  # fmt: skip
