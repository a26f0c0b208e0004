"""Small secrets (keys of robots, telephone numbers of recipients) kept so that a copy of the base alone tells nothing.

A stream of HMAC-SHA256 over a nonce and a counter, and a tag over what it hides (encrypt, then MAC), with keys derived
from the installation's key: an installation that loses its key asks recipients for their addresses again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from matchhub.errors import Refusal

_NONCE, _TAG, _BLOCK = 16, 16, 32


class SealBroken(Refusal):
    """What was kept was sealed with another key of the installation, or changed since."""

    code = "seal_broken"


def seal(key: str, text: str) -> str:
    """``text`` so that only this installation reads it."""
    nonce, plain = secrets.token_bytes(_NONCE), text.encode()
    hidden = _crossed(key, nonce, plain)
    return base64.urlsafe_b64encode(nonce + hidden + _tag(key, nonce + hidden)).decode("ascii")


def unseal(key: str, sealed: str) -> str:
    """The text again; raises ``SealBroken``."""
    try:
        whole = base64.urlsafe_b64decode(sealed.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise SealBroken() from fault
    kept, tag = whole[:-_TAG], whole[-_TAG:]
    if len(whole) < _NONCE + _TAG or not hmac.compare_digest(tag, _tag(key, kept)):
        raise SealBroken()
    return _crossed(key, kept[:_NONCE], kept[_NONCE:]).decode()


def keyed_digest(key: str, *parts: object) -> str:
    """What stands for parts that nobody shall find by trying (a telephone number, a code of six digits)."""
    return hmac.new(_derived(key, b"digest"), "\x1f".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def _derived(key: str, use: bytes) -> bytes:
    return hmac.new(key.encode(), b"matchhub-seal\x00" + use, hashlib.sha256).digest()


def _tag(key: str, kept: bytes) -> bytes:
    return hmac.new(_derived(key, b"tag"), kept, hashlib.sha256).digest()[:_TAG]


def _crossed(key: str, nonce: bytes, text: bytes) -> bytes:
    stream_key, out = _derived(key, b"stream"), bytearray()
    for begin in range(0, len(text), _BLOCK):
        block = hmac.new(stream_key, nonce + begin.to_bytes(8, "big"), hashlib.sha256).digest()
        out += bytes(a ^ b for a, b in zip(text[begin : begin + _BLOCK], block, strict=False))
    return bytes(out)
