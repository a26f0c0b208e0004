"""Spot checks: which records a seed draws from strata of what counts, and how much of the count they support.

Decision 106 says why it is drawn and reckoned so.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from matchhub.domain.calendar import as_utc
from matchhub.domain.rules import SampleRules

Finding = Literal["confirmed", "wrong", "not_found"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Records of one source that one person entered; ``person`` is an account, empty for the system.

    ``source`` is "" for what was written by hand or arose here, and ``OTHERS`` where small strata stand together.
    """

    source: str
    person: str
    records: tuple[int, ...]


OTHERS = "*"


@dataclass(frozen=True, slots=True)
class FaultyShare:
    """Of ``looked`` records ``faulty`` were wrong or not found; ``low`` and ``high`` bound the share of the whole at
    this confidence.

    ``method``: ``exact`` (Clopper and Pearson), ``weighted`` (the same on the effective size of a sample whose small
    strata were drawn more densely) or ``complete`` (every record was looked at, so nothing is estimated).
    """

    looked: int
    faulty: int
    low: float
    high: float
    confidence: float
    method: Literal["exact", "weighted", "complete"] = "exact"

    @property
    def percent(self) -> str:
        """The confidence as it is written before a per-cent sign: 95, 97.5."""
        return f"{100 * self.confidence:g}"

    @property
    def share(self) -> float:
        """The share among those looked at; 0 where nobody looked."""
        return self.faulty / self.looked if self.looked else 0.0

    @property
    def right(self) -> int:
        """How many of those looked at were as counted."""
        return self.looked - self.faulty

    @property
    def right_share(self) -> float:
        """Their share; 0 where nobody looked."""
        return self.right / self.looked if self.looked else 0.0

    @property
    def right_low(self) -> float:
        """Lower bound of the share of the whole that is as counted."""
        return 1 - self.high

    @property
    def right_high(self) -> float:
        """Upper bound of that share."""
        return 1 - self.low


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """The newest closed sample of a threshold beside its count of today, in distinct units.

    ``held``: units that count now and could have been drawn then; ``added``: those that came afterwards and that no
    sample supports; ``gone``: records that could have been drawn and count no more. ``supported``: what the lower bound
    of the share right leaves of ``held``.
    """

    sample_id: int
    drawn_at: datetime
    closed_at: datetime
    share: FaultyShare
    held: int
    added: int
    gone: int
    supported: int

    def to_json(self) -> dict[str, object]:
        """Plain values; ``low`` and ``high`` bound the share that is as counted."""
        share = self.share
        return {
            "sample": self.sample_id,
            "drawn_at": as_utc(self.drawn_at).isoformat(),
            "closed_at": as_utc(self.closed_at).isoformat(),
            "looked": share.looked,
            "right": share.right,
            "share": round(share.right_share, 6),
            "low": round(share.right_low, 6),
            "high": round(share.right_high, 6),
            "confidence": share.confidence,
            "method": share.method,
            "held": self.held,
            "added": self.added,
            "gone": self.gone,
        }


def supported(count: int, share: FaultyShare) -> int:
    """How much of a count a sample supports: ``count`` times the lower bound of the share right, rounded down.

    A complete check is reckoned in whole records, so that no fraction of a computer makes it one less.
    """
    if share.method == "complete":
        return count * share.right // share.looked if share.looked else 0
    return math.floor(count * share.right_low + 1e-9)


def sample_size(population: int, rules: SampleRules) -> int:
    """Records that are drawn from ``population``: the share, rounded up, at least the minimum, at most all."""
    return min(population, max(rules.minimum, math.ceil(population * rules.share - 1e-9)))


def strata_of(entries: Iterable[tuple[int, str, str]], most: int) -> tuple[Stratum, ...]:
    """Strata of (record, source, person), ordered by source and person, at most ``most`` of them.

    Where there are more, the smallest stand together as one, so that every stratum can have a record in the sample.
    """
    found: dict[tuple[str, str], set[int]] = {}
    for record, source, person in entries:
        found.setdefault((source, person), set()).add(record)
    if len(found) > most:
        largest = sorted(found, key=lambda key: (-len(found[key]), key))
        small = set().union(*(found.pop(key) for key in largest[most - 1 :]))
        found[(OTHERS, "")] = small
    return tuple(Stratum(*key, tuple(sorted(found[key]))) for key in sorted(found))


def allocation(sizes: Sequence[int], total: int) -> tuple[int, ...]:
    """How many of ``total`` each stratum of these sizes gets: in proportion, and at least one while there are enough.

    Largest remainders decide; of equals the first. ``total`` may not exceed the sum of the sizes.
    """
    whole = sum(sizes)
    quotas = [total * size / whole for size in sizes] if whole else []
    least = 1 if len(sizes) <= total else 0
    given = [min(size, max(least, math.floor(quota))) for size, quota in zip(sizes, quotas, strict=True)]
    places = range(len(sizes))
    while sum(given) < total:
        given[max((at for at in places if given[at] < sizes[at]), key=lambda at: (quotas[at] - given[at], -at))] += 1
    while sum(given) > total:
        given[max((at for at in places if given[at] > least), key=lambda at: (given[at] - quotas[at], -at))] -= 1
    return tuple(given)


def draw_sample(strata: Sequence[Stratum], seed: str, rules: SampleRules) -> tuple[tuple[int, int], ...]:
    """The sample that ``seed`` fixes, as (record, place of its stratum): who knows seed and strata draws the same.

    Records of a stratum are ordered by SHA-256 of ``seed|n|record`` and the first ones taken; all that were taken stand
    in that order.
    """
    sizes = [len(each.records) for each in strata]
    shares = allocation(sizes, sample_size(sum(sizes), rules))
    drawn = [
        (record, at)
        for at, (stratum, number) in enumerate(zip(strata, shares, strict=True))
        for record in sorted(stratum.records, key=lambda record: _order(seed, record))[:number]
    ]
    return tuple(sorted(drawn, key=lambda each: _order(seed, each[0])))


def _order(seed: str, record: int) -> tuple[str, int]:
    return hashlib.sha256(f"{seed}|n|{record}".encode()).hexdigest(), record


def is_proportional(sizes: Sequence[int], looked: Sequence[int]) -> bool:
    """Whether a sample took from each stratum what its size asks for, but for rounding to whole records."""
    whole, total = sum(sizes), sum(looked)
    return all(abs(number - total * size / whole) < 1 for size, number in zip(sizes, looked, strict=True))


def effective(sizes: Sequence[int], looked: Sequence[int], faulty: Sequence[int]) -> tuple[float, float]:
    """Effective size of a sample drawn unevenly, and its faulty records weighted by stratum (Korn and Graubard 1998).

    Every stratum must have been looked at. The effective size never exceeds the size.
    """
    whole = sum(sizes)
    weights = [size / whole for size in sizes]
    share = sum(weight * bad / number for weight, bad, number in zip(weights, faulty, looked, strict=True))
    size = 1 / sum(weight**2 / number for weight, number in zip(weights, looked, strict=True))
    size = min(size, float(sum(looked)))
    return size, size * share


def base_digest(strata: Sequence[Stratum]) -> str:
    """SHA-256 over the strata with their records: what a sample was drawn from, in one line of the log."""
    said = [[each.source, each.person, *each.records] for each in strata]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def spans(records: Iterable[int]) -> str:
    """Record numbers in order as ``1-500,502``: how the strata of a sample are kept."""
    found: list[list[int]] = []
    for record in sorted(set(records)):
        if found and record == found[-1][1] + 1:
            found[-1][1] = record
        else:
            found.append([record, record])
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in found)


def of_spans(text: str) -> tuple[int, ...]:
    """The numbers that ``spans`` wrote."""
    parts = (part.partition("-") for part in text.split(",") if part)
    return tuple(record for first, _, last in parts for record in range(int(first), int(last or first) + 1))
