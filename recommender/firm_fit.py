"""How well a patent fits firms, from several voices of each: what it asks for, holds, does and answered before.

Each voice is a value in 0..1 (a demand's score, or a ``likeness``); a firm's fit is their weighted sum, so that what
each voice brings can be shown and adds up. Demands and own patents speak for one thing, a scope of business for many: a
firm that only makes things of that kind is told from one that is at work on this very thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp
from typing import Literal, get_args

from recommender.records import MatchTable

Voice = Literal["demands", "own_patents", "scope", "answers"]
VOICES: tuple[Voice, ...] = get_args(Voice)
WEIGHTS: Mapping[Voice, float] = {"demands": 0.35, "own_patents": 0.25, "scope": 0.3, "answers": 0.1}
"""They add up to 1: a fit of 1 would be a firm that says in every way that it wants exactly this."""

LEAST: Mapping[Voice, float] = {"demands": 0.25, "own_patents": 0.25, "scope": 0.05, "answers": 0.25}
"""A voice below this says nothing: of such pairs of demand and patent fewer than one in eight is good
(docs/matching.md), and a list that is shorter is more honest than one filled up."""


_STEEPNESS = 4.0


def likeness(coverage: float) -> float:
    """How alike two texts are, 0..1, from the share of the one's weight that the other covers.

    The score of a demand is a chance, fitted to demands; a patent put as a question is none.
    """
    return 1.0 - exp(-_STEEPNESS * max(coverage, 0.0))


def likenesses(found: MatchTable) -> Iterator[tuple[str, str, float]]:
    """Asked, found and their likeness, in the order of ``found``."""
    values = map(likeness, found.coverage.tolist())
    return zip(found.query_ids, found.document_ids, values, strict=True)


@dataclass(frozen=True, slots=True)
class FirmFit:
    """A firm with its fit in 0..1 and what each voice brings of it, the strongest first."""

    firm: int
    fit: float
    parts: tuple[tuple[Voice, float], ...]


def best_fits(voices: Mapping[Voice, Mapping[int, float]], top: int) -> list[FirmFit]:
    """The firms that fit best, from the score of each firm by voice; firms that no voice speaks for are none."""
    heard = {
        voice: {firm: score for firm, score in scores.items() if score >= LEAST[voice]}
        for voice, scores in voices.items()
    }
    found = [_fit_of(firm, heard) for firm in {firm for scores in heard.values() for firm in scores}]
    return sorted(found, key=lambda each: (-each.fit, each.firm))[:top]


def _fit_of(firm: int, voices: Mapping[Voice, Mapping[int, float]]) -> FirmFit:
    brought = [(voice, WEIGHTS[voice] * voices.get(voice, {}).get(firm, 0.0)) for voice in VOICES]
    parts = sorted(((voice, share) for voice, share in brought if share > 0), key=lambda part: -part[1])
    return FirmFit(firm, sum(share for _, share in parts), tuple(parts))
