"""How like two names are, and what of a name stands unbroken in every name that is like it."""

from __future__ import annotations

from math import floor

_SLACK = 1e-9  # against rounding where a ratio is exactly the threshold


def common_length(left: str, right: str) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): one big-integer step per character."""
    masks: dict[str, int] = {}
    for position, character in enumerate(left):
        masks[character] = masks.get(character, 0) | 1 << position
    full = (1 << len(left)) - 1
    state = full
    for character in right:
        if matched := masks.get(character, 0) & state:
            state = ((state + matched) | (state - matched)) & full
    return len(left) - state.bit_count()


def indel_ratio(left: str, right: str) -> float:
    """Twice the common subsequence over both lengths, 0..100; two empty strings are equal."""
    total = len(left) + len(right)
    return 100.0 if not total else 200.0 * common_length(left, right) / total


def surviving_pieces(text: str, threshold: float, inserts: int = 0) -> list[str]:
    """Pieces of ``text`` of which every text with ``indel_ratio >= threshold`` (0 < threshold <= 100) holds one whole.

    Such a text comes out of this one by a few characters put in or left out. Each spoils one piece at the most, so of
    one piece more than there may be changes one stays whole (the pigeonhole principle). Short texts make short pieces.
    With ``inserts`` it holds one even after something long was put in at so many places.
    """
    part = 1.0 - threshold / 100.0
    size = len(text)
    longest = floor(size * (1.0 + part) / (1.0 - part) + _SLACK)
    changes = max((_changes(size + other, size, part) for other in range(size + 1, longest + 1)), default=0)
    count = min(size, max(changes, _changes(2 * size, size, part)) + 1 + inserts)
    return [text[size * at // count : size * (at + 1) // count] for at in range(count)]


def _changes(total: int, size: int, part: float) -> int:
    """The most characters put in and left out between texts of ``size`` and ``total - size``; as odd as ``total``."""
    most = floor(part * total + _SLACK)
    return most - (most - total) % 2
