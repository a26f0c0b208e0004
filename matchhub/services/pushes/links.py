"""Tokens of the links in messages: derived from the installation's secret, stored only as a hash."""

from __future__ import annotations

import base64
import hashlib
import hmac


def token_of(secret: str, message_id: str) -> str:
    """The token of a message's link, the same whenever it is made (a message may be sent again)."""
    mac = hmac.new(secret.encode(), b"push-link\x00" + message_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode("ascii")


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
