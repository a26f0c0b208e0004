"""When a goal will be reached at the pace so far: a bootstrap over blocks of weeks. ``docs/forecast.md`` measures it.

No law asks for this; it is told beside the counts and changes none.
"""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate, pairwise
from statistics import mean, variance
from typing import Literal

LEAST_WEEKS = 8  # of history; with fewer nothing is said
MOST_WEEKS = 104  # of history that are looked at
HORIZON = 520  # weeks: what lies further away is "not at this pace"
DRAWS = 400
INSIDE = 0.8
BLOCK = 4  # weeks that are drawn together, since a good week follows a good week
HALF_LIFE = 13.0  # weeks after which a week is drawn half as often
DRIFT = 0.04  # usual spread of the pace itself (standard deviation of its logarithm), beside that of the weeks
DRIFT_WEEKS = 8.0  # weeks ahead after which the square of that spread has grown by as much again
QUARTER = 13  # weeks: how much the pace wanders is read from sums of as many
USUAL_QUARTERS = 0.6  # the usual spread weighs as much as so many quarters of the history's own
LEAST_DRIFT, MOST_DRIFT = 0.02, 0.35
GOES_ON = 4.0  # what a pace has wandered in the past is carried on by so much: it seldom comes back at once
UNEVEN = 0.3  # relative variance of blocks from which a pace that few of them tell of is more uncertain still
FEW_BLOCKS = 4.0  # how much more uncertain a pace is that few blocks tell of: as their variance by their squared number
State = Literal["reached", "too_short", "not_at_this_pace", "expected"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of one threshold as of a day.

    ``middle``, ``low`` and ``high``: days on which half, a tenth and nine tenths of the draws have reached the goal;
    ``high`` empty: later than ten years. ``weeks``: weeks of history; ``pace``: units a week of these weeks.
    ``until``: the last day that counts, ``weeks_left`` to it, and ``asked``: units a week that would be needed from now
    on; all three empty where no day ends it, the latter two where it has passed.
    """

    state: State
    as_of: date
    weeks: int
    missing: int
    pace: float
    middle: date | None = None
    low: date | None = None
    high: date | None = None
    until: date | None = None
    weeks_left: float | None = None
    asked: float | None = None

    @property
    def in_time(self) -> bool | None:
        """Whether the middle day lies within the time that is left; None where nothing is expected or none is set."""
        return None if self.middle is None or self.until is None else self.middle <= self.until

    def told(self) -> list[tuple[str, dict[str, object]]]:
        """Codes and data of the sentences that say it; the second is what the time left asks for."""
        high = self.high.isoformat() if self.high else None
        code = f"forecast_{self.state}" if self.state != "expected" or high else "forecast_expected_open"
        said: dict[str, object] = {
            "missing": self.missing, "weeks": self.weeks, "least": LEAST_WEEKS, "pace": f"{self.pace:.1f}",
            "middle": self.middle, "low": self.low, "high": high,
        }  # fmt: skip
        lines = [(code, said)]
        if self.missing and self.until is not None:
            if self.asked is not None and self.weeks_left is not None:
                left = {"until": self.until, "weeks": f"{self.weeks_left:.1f}", "asked": f"{self.asked:.1f}"}
                lines.append(("forecast_asked", left))
                if self.in_time is False:
                    lines.append(("forecast_too_late", {"until": self.until}))
            else:
                lines.append(("forecast_over", {"until": self.until}))
        return lines

    def to_json(self) -> dict[str, object]:
        """Plain values, days as ISO text."""

        def day(value: date | None) -> str | None:
            return value.isoformat() if value else None

        return {
            "state": self.state,
            "weeks": self.weeks,
            "missing": self.missing,
            "pace": round(self.pace, 2),
            "expected": day(self.middle),
            "low": day(self.low),
            "high": day(self.high),
            "until": day(self.until),
            "weeks_left": None if self.weeks_left is None else round(self.weeks_left, 1),
            "asked_per_week": None if self.asked is None else round(self.asked, 2),
            "in_time": self.in_time,
        }


def weekly(days: Sequence[date], as_of: date) -> tuple[int, ...]:
    """Units by whole week, oldest first, the last week ending on ``as_of``; from the first unit on, ``MOST_WEEKS`` at
    most. What happened later than ``as_of`` is left out, as is a first week that is not whole."""
    known = [day for day in days if day <= as_of]
    if not known:
        return ()
    length = min(MOST_WEEKS, ((as_of - min(known)).days + 1) // 7)
    found = [0] * length
    for day in known:
        at = length - 1 - (as_of - day).days // 7
        if at >= 0:
            found[at] += 1
    return tuple(found)


def expect(history: Sequence[int], missing: int, as_of: date, until: date | None = None) -> Forecast:
    """The forecast from units by week (``weekly``); the same history gives the same days.

    ``until``: last day on which an event counts.
    """
    weeks = len(history)
    pace = sum(history) / weeks if weeks else 0.0
    left = None if until is None or until <= as_of else (until - as_of).days / 7
    asked = missing / left if left and missing else None
    rest = {"until": until, "weeks_left": left, "asked": asked}
    if missing <= 0:
        return Forecast("reached", as_of, weeks, 0, pace, until=until, weeks_left=left)
    if weeks < LEAST_WEEKS:
        return Forecast("too_short", as_of, weeks, missing, pace, **rest)  # type: ignore[arg-type]
    waits = waiting_days(history, missing)
    low, middle, high = (waits[min(DRAWS - 1, int(part * DRAWS))] for part in (0.5 - INSIDE / 2, 0.5, 0.5 + INSIDE / 2))
    if middle is None or low is None:
        return Forecast("not_at_this_pace", as_of, weeks, missing, pace, **rest)  # type: ignore[arg-type]
    ends = [as_of + timedelta(days=low), as_of + timedelta(days=middle)]
    last = as_of + timedelta(days=high) if high is not None else None
    return Forecast("expected", as_of, weeks, missing, pace, ends[1], ends[0], last, **rest)  # type: ignore[arg-type]


def waiting_days(history: Sequence[int], missing: int) -> list[int | None]:
    """Days until ``missing`` more units, of each draw, in order; None (last): not within the horizon.

    A draw first draws a history from blocks of the known one, recent blocks more often, for the pace itself is known
    by these weeks only; then weeks of the future from that history, at a pace that drifts.
    """
    chance = random.Random(sha256(repr((tuple(history), missing)).encode()).digest())
    size = min(BLOCK, len(history))
    starts = len(history) - size + 1
    weights = list(accumulate(0.5 ** ((starts - 1 - at) / HALF_LIFE) for at in range(starts)))
    parts = _parts(len(history), size)
    uneven = _relative_variance(_sums(history, size))
    spread = _drift(history) ** 2, FEW_BLOCKS * uneven * min(1.0, uneven / UNEVEN) / parts**2
    found = [_wait(history, missing, (size, parts), weights, spread, chance) for _ in range(DRAWS)]
    return sorted(found, key=lambda days: math.inf if days is None else days)


def _parts(weeks: int, size: int) -> int:
    """How many blocks a draw takes: not more than the weights leave to speak (Kish's effective number), for else the
    pace would seem better known than it is."""
    weights = [0.5 ** (age / HALF_LIFE) for age in range(weeks)]
    effective = sum(weights) ** 2 / sum(each**2 for each in weights)
    return max(2, min(math.ceil(weeks / size), round(effective / size)))


def _drift(history: Sequence[int]) -> float:
    """How much the pace of this history wanders: the variance of its quarters beyond what its blocks lead one to
    expect, less half of the error of that, pooled with the usual one.

    What blocks lead one to expect is their variance about the mean or, if less, about each other's neighbour: a trend
    is in the first and not in the second.
    """
    quarters = _sums(history, QUARTER)
    if len(quarters) < 2 or not any(quarters):
        return DRIFT
    known, blocks = len(quarters) - 1, _sums(history, BLOCK)
    from_neighbours = mean((one - other) ** 2 for one, other in pairwise(blocks)) / 2
    expected = min(variance(blocks), from_neighbours) * QUARTER / BLOCK
    beyond = variance(quarters) - expected * (1 + 0.5 * math.sqrt(2 / known))
    own = GOES_ON * max(0.0, beyond) / mean(quarters) ** 2
    pooled = math.sqrt((USUAL_QUARTERS * DRIFT**2 + known * own) / (USUAL_QUARTERS + known))
    return min(MOST_DRIFT, max(LEAST_DRIFT, pooled))


def _sums(history: Sequence[int], size: int) -> list[int]:
    """Units of whole spans of so many weeks, counted back from the last."""
    return [sum(history[end - size : end]) for end in range(len(history), size - 1, -size)]


def _relative_variance(sums: Sequence[int]) -> float:
    """Variance by squared mean, 2 at most; 1 where it cannot be told."""
    if len(sums) < 2 or not any(sums):
        return 1.0
    return min(2.0, variance(sums) / mean(sums) ** 2)


def _wait(
    history: Sequence[int],
    missing: int,
    shape: tuple[int, int],
    weights: list[float],
    spread: tuple[float, float],
    chance: random.Random,
) -> int | None:
    """Days of one draw. ``shape``: weeks of a block, blocks; ``spread``: squares of that of the pace that grows with
    the weeks ahead, and of that which does not."""
    size, parts = shape
    blocks = [history[at : at + size] for at in (bisect(weights, chance.random() * weights[-1]) for _ in range(parts))]
    sums = [sum(block) for block in blocks]
    if not any(sums):
        return None
    ahead = missing * parts * size / sum(sums)  # weeks, at this draw's pace
    wanders = math.sqrt(spread[0] * (1 + ahead / DRIFT_WEEKS) + spread[1])
    need, weeks = missing / math.exp(chance.gauss(0.0, wanders)), 0
    while weeks < HORIZON:
        at = int(chance.random() * parts)
        if sums[at] < need:
            need -= sums[at]
            weeks += size
            continue
        for number in blocks[at]:
            if number >= need:
                return 7 * weeks + max(1, math.ceil(7 * need / number))
            need -= number
            weeks += 1
    return None
