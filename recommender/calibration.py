"""Calibration: the measured share of good matches at each score, and the score below which a demand has none.

Labels come from graded sets and from coded answers. Confidence intervals are those of Wilson (1927) at 95 %.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommender.confidence import shipped_confidence

Z95 = 1.959964
ANSWER_FLOOR = shipped_confidence().floor
"""From this score up a patent counts as a match (``confidence.toml``); a demand without one has no good match yet."""
EDGES = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 1.0)


@dataclass(frozen=True)
class Step:
    """Pairs with ``low <= score < high`` (the last step includes 1): ``good`` of ``labels``, precision, its interval.

    ``precision_from`` is the share of good ones among all labelled pairs with a score of ``low`` or more. Without
    labels the shares are nan and the interval is 0..1.
    """

    low: float
    high: float
    labels: int
    good: int
    precision: float
    at_least: float
    at_most: float
    precision_from: float


@dataclass(frozen=True)
class AnswerRule:
    """How well the rule "no good match below ``floor``" did: it was ``right`` for so many of ``demands``.

    Of the ``answered`` demands, for which a good patent exists, ``kept`` had a best score of at least the floor; of the
    ``unanswered`` ones ``silent`` stayed below it.
    """

    floor: float
    demands: int
    right: int
    answered: int
    kept: int
    unanswered: int
    silent: int


def wilson(good: int, labels: int, z: float = Z95) -> tuple[float, float]:
    """Confidence interval of a share (0..1); (0, 1) without labels. Raises ValueError when good > labels or below 0."""
    if not 0 <= good <= labels:
        raise ValueError(f"{good} of {labels}")
    if not labels:
        return 0.0, 1.0
    share, spread = good / labels, z * z / labels
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / labels + spread / (4 * labels)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def calibrate(pairs: Iterable[tuple[float, bool]], edges: Sequence[float] = EDGES) -> list[Step]:
    """The table of precision by score from labelled pairs (score in 0..1, good or not), a step between two edges."""
    labelled = list(pairs)
    steps = []
    for low, high in itertools.pairwise(edges):
        last = high == edges[-1]
        here = [good for score, good in labelled if low <= score < high or (last and score == high)]
        above = [good for score, good in labelled if score >= low]
        at_least, at_most = wilson(sum(here), len(here))
        share = sum(here) / len(here) if here else math.nan
        from_here = sum(above) / len(above) if above else math.nan
        steps.append(Step(low, high, len(here), sum(here), share, at_least, at_most, from_here))
    return steps


def judge_rule(best: Iterable[tuple[float, bool]], floor: float) -> AnswerRule:
    """How well the rule does on demands given as (best score, whether a good patent exists)."""
    rows = list(best)
    answered = [score for score, exists in rows if exists]
    unanswered = [score for score, exists in rows if not exists]
    kept = sum(score >= floor for score in answered)
    silent = sum(score < floor for score in unanswered)
    return AnswerRule(floor, len(rows), kept + silent, len(answered), kept, len(unanswered), silent)
