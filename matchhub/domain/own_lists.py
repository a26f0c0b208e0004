"""What a holder's own word may say of its patent: it may lower what is known, never raise it (SCHEMES 5)."""

from __future__ import annotations

_RANK = {"dead": 0, "pending": 1, "in_force": 2}


def raises_status(said: str, known: str | None) -> bool:
    """Whether a holder's word makes more of a patent than what is known of it on that day; ``None``: nothing is known.

    Only an ended right (``dead``) is believed where nothing is known.
    """
    return _RANK.get(said, 0) > _RANK.get(known or "dead", 0)
