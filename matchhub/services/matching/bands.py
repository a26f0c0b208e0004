"""The bands of a score, and the measured share of good patents in each."""

from __future__ import annotations

from recommender.confidence import Share, shipped_confidence


def score_band(value: float) -> str:
    """The band of a score: ``likely``, ``possible``, or ``same_kind`` for all below the floor of matches."""
    known = shipped_confidence()
    return "same_kind" if value < known.floor else ("likely" if value >= known.likely else "possible")


def score_bands() -> list[tuple[str, Share]]:
    """The bands that are matches, each with its measured share of good patents."""
    return [(name, measured) for name, measured in shipped_confidence().bands.items() if name != "below"]
