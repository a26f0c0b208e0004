"""Confidence: from coverage to the measured share of good patents, by the length of the demand and by what is met.

Two logistic models with few parameters, fitted and cross-validated on labelled pairs (``bench.calibrate``) and kept as
data in ``confidence.toml``. The first knows coverage and length alone, and every pair is judged by it. A pair that it
gives a chance is read once more: the second also knows how well object and wish of the demand stand in the title. Only
what the second lets reach the floor counts as a match; everything else stays below. The first gives the order on both
sides of the floor, because ranking by what tells matches from others would cost more than it gains; what it says of a
match is set right by a line fitted on matches.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Band = Literal["likely", "possible", "same_kind", "weak"]
LENGTH_CLASSES = (("short", 8), ("medium", 18), ("long", 40))
"""Names and most characters of the length classes; what is longer is ``text``."""
LONGEST_SHORT = 40
_LONG = 3.0  # times as long: from 120 characters on length says nothing more
_LEAST_COVERAGE = 0.02
_LIFT = 0.2
UNLIFTED = 80
"""Characters of a demand from which on titles lift nothing; up to 40 they lift by all of ``_LIFT``."""
_BELOW = 0.9  # what misses the floor at the second look lies between this share of it and the floor


@dataclass(frozen=True)
class Share:
    """A measured share: ``good`` of ``labels`` pairs, with its 95 % interval."""

    good: int
    labels: int
    at_least: float
    at_most: float

    @property
    def share(self) -> float:
        """0..1; nan without labels."""
        return self.good / self.labels if self.labels else math.nan


@dataclass(frozen=True)
class Confidence:
    """The models as data. ``first``: intercept and slopes of ``first_columns``, ``second`` of ``second_columns``.

    ``match``: intercept and slope that make of the first model's log odds those of a match.
    ``check``: from here up a pair is read once more; ``floor``: from here up it is a match, ``likely``: a likely one.
    ``bands``: the measured share of good patents in each band; ``digest`` changes with every number.
    """

    first: tuple[float, ...]
    second: tuple[float, ...]
    check: float
    floor: float
    likely: float
    bands: Mapping[str, Share]
    digest: str = ""
    match: tuple[float, float] = (0.0, 1.0)

    def at_first(self, coverage: npt.NDArray[np.floating], lengths: npt.NDArray[np.integer]) -> Floats:
        """The chance (n,) of pairs by coverage and length of the demand alone."""
        return logistic(first_columns(coverage, lengths), self.first)

    def may_reach(self, coverage: npt.NDArray[np.floating], lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        """Which pairs (n,) reach the floor at the second look if their titles say everything."""
        best = second_columns(coverage, lengths, np.ones((len(coverage), 2)))
        return np.asarray(logistic(best, self.second) >= self.floor)

    def at_second(self, coverage: float, length: int, in_title: tuple[float, float]) -> float:
        """The chance of a pair that is read once more; ``in_title`` says how well object and wish stand there."""
        intercept, *slopes = self.second
        columns = (math.log(max(length, 2)), coverage, *in_title)
        return 1.0 / (1.0 + math.exp(-intercept - sum(a * b for a, b in zip(slopes, columns, strict=True))))

    def of_matches(self, chances: Floats) -> Floats:
        """The confidence (n,) of matches by what the first model gives them: never below the floor."""
        known = np.clip(chances, 1e-6, 1 - 1e-6)
        return np.maximum(logistic(np.log(known / (1.0 - known))[:, None], self.match), self.floor)

    def under(self, chances: Floats) -> Floats:
        """The confidence (n,) of pairs that are no match: low chances as they are, higher ones in their order between
        ``_BELOW`` of the floor and the floor, because a match must stand a second look."""
        low = self.floor * _BELOW
        return np.where(chances < low, chances, low + (self.floor - low) * (chances - low) / (1.0 - low) * 0.99)

    def band(self, score: float, object_met: bool) -> Band:
        """The word for a pair: a match is likely or possible; else of the same kind where it shares the object."""
        if score >= self.floor:
            return "likely" if score >= self.likely else "possible"
        return "same_kind" if object_met else "weak"


def length_class(characters: int) -> str:
    """The length class of a demand."""
    return next((name for name, most in LENGTH_CLASSES if characters <= most), "text")


def lifts(lengths: npt.NDArray[np.integer]) -> Floats:
    """By how much of itself coverage grows where the title says everything a demand of this length asks (n,).

    In a few words every one counts, and a title says what a patent is about; longer demands have enough words.
    """
    return _LIFT * np.clip((UNLIFTED - np.asarray(lengths, dtype=np.float64)) / (UNLIFTED - LONGEST_SHORT), 0.0, 1.0)


def first_columns(coverage: npt.NDArray[np.floating], lengths: npt.NDArray[np.integer]) -> Floats:
    """What the first model knows of each pair (n, 3): length up to 40 characters, from there to 120, and coverage,
    lifted by the title where the demand is short."""
    characters = np.maximum(np.asarray(lengths, dtype=np.float64), 2)
    return np.column_stack(
        (
            np.log(np.minimum(characters, LONGEST_SHORT)),
            np.log(np.clip(characters / LONGEST_SHORT, 1.0, _LONG)),
            np.log(np.maximum(coverage, 0.0) + _LEAST_COVERAGE),
        )
    )


def second_columns(
    coverage: npt.NDArray[np.floating], lengths: npt.NDArray[np.integer], in_title: npt.NDArray[np.floating]
) -> Floats:
    """What the second model knows of each pair (n, 4): length, coverage, object and wish in the title (n, 2)."""
    return np.column_stack((np.log(np.maximum(np.asarray(lengths, dtype=np.float64), 2)), coverage, in_title))


def logistic(columns: Floats, parameters: Sequence[float]) -> Floats:
    """Chances (n,) from columns (n, k) by an intercept and k slopes."""
    return 1.0 / (1.0 + np.exp(-(columns @ np.array(parameters[1:]) + parameters[0])))


def parse(text: str) -> Confidence:
    """The models of a ``confidence.toml``."""
    data: dict[str, Any] = tomllib.loads(text)
    bands = {
        name: Share(one["good"], one["labels"], one["at_least"], one["at_most"]) for name, one in data["bands"].items()
    }
    numbers = (data["first"], data["second"], data["match"], data["check"], data["floor"], data["likely"])
    return Confidence(
        tuple(data["first"]), tuple(data["second"]), data["check"], data["floor"], data["likely"], bands,
        hashlib.sha256(repr(numbers).encode()).hexdigest()[:8], (data["match"][0], data["match"][1]),
    )  # fmt: skip


@lru_cache(maxsize=1)
def shipped_confidence() -> Confidence:
    """The models that come with the package."""
    return parse(resources.files("recommender").joinpath("confidence.toml").read_text(encoding="utf-8"))
