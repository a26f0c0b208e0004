"""Web addresses that people type to be read by others: shown as text, never fetched and never embedded."""

from __future__ import annotations

from urllib.parse import urlsplit

from matchhub.errors import Refusal

MOST_LETTERS = 300


def read_video_link(typed: str) -> str:
    """The address as it is shown, "" for none; ``Refusal("video_link_invalid")`` for what is no plain https address."""
    link = typed.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        name, _ = parts.hostname or "", parts.port
    except ValueError as fault:
        raise Refusal("video_link_invalid") from fault
    plain = link.isprintable() and not any(sign.isspace() or sign in "<>\"'\\" for sign in link)
    if parts.scheme != "https" or "." not in name or "@" in parts.netloc or not plain or len(link) > MOST_LETTERS:
        raise Refusal("video_link_invalid")
    return link
