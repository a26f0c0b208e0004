"""How often the 80 % interval of a forecast holds: ``python3 run.py bench forecast [--histories N] [--home FOLDER]``.

Invented weeks of five families are cut at a day; the forecast sees what lies before and is compared with the day on
which the goal was in fact reached. ``--home FOLDER`` does the same with the events of an installation (the demo city).
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matchhub.domain.forecast import HORIZON, LEAST_WEEKS, MOST_WEEKS, expect, weekly

AS_OF = date(2025, 1, 6)
LENGTH = MOST_WEEKS + 140  # the goal is reached within 78 weeks
Chance = random.Random


def poisson(chance: Chance, mean: float) -> int:
    """A count of that mean; by the normal law where it is large."""
    if mean > 60:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def steady(chance: Chance) -> list[int]:
    """The same pace every week."""
    pace = math.exp(chance.uniform(math.log(1), math.log(40)))
    return [poisson(chance, pace) for _ in range(LENGTH)]


def seasonal(chance: Chance) -> list[int]:
    """A year with a high and a low season, and three weeks around spring festival in which little happens."""
    pace, wave, shift = chance.uniform(2, 40), chance.uniform(0.1, 0.5), chance.randrange(52)
    means = []
    for week in range(LENGTH):
        at = (week + shift) % 52
        quiet = 0.1 if 3 <= at <= 5 else 1.0
        means.append(pace * quiet * (1 + wave * math.sin(2 * math.pi * (at - 10) / 52)))
    return [poisson(chance, mean) for mean in means]


def trend(chance: Chance) -> list[int]:
    """A pace that doubles or halves within one to four years, and then stays."""
    pace, years = chance.uniform(4, 40), chance.uniform(1, 4)
    slope = chance.choice((1, -1)) * math.log(2) / (52 * years)
    return [poisson(chance, pace * math.exp(slope * min(week, 156))) for week in range(LENGTH)]


def bursts(chance: Chance) -> list[int]:
    """Little from week to week, and now and then a list of many at once."""
    pace, often, large = chance.uniform(0.5, 5), chance.uniform(0.04, 0.2), chance.uniform(5, 60)
    return [poisson(chance, pace) + (poisson(chance, large) if chance.random() < often else 0) for _ in range(LENGTH)]


def overdispersed(chance: Chance) -> list[int]:
    """Good and bad weeks, of which one resembles the one before: a pace whose logarithm returns to its mean."""
    pace, spread, memory = chance.uniform(2, 30), chance.uniform(0.4, 0.9), chance.uniform(0, 0.8)
    state, found = 0.0, []
    for _ in range(LENGTH):
        state = memory * state + chance.gauss(0, spread * math.sqrt(1 - memory**2))
        found.append(poisson(chance, pace * math.exp(state - spread**2 / 2)))
    return found


FAMILIES: dict[str, Callable[[Chance], list[int]]] = {
    "steady": steady, "seasonal": seasonal, "trend": trend, "bursts": bursts, "overdispersed": overdispersed,
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One forecast with what came: below, inside or above its interval; ``width`` in parts of the true wait."""

    side: int
    width: float
    ahead: int


def trials(weeks: Sequence[int], chance: Chance) -> Iterator[Trial]:
    """A forecast at a chosen week of one history for a goal that some weeks of the future reach."""
    seen = chance.randint(LEAST_WEEKS, MOST_WEEKS)
    cut = chance.randint(seen, MOST_WEEKS)
    ahead = round(math.exp(chance.uniform(math.log(4), math.log(78))))
    missing = sum(weeks[cut : cut + ahead])
    past = weeks[cut - seen : cut]
    if not missing or not any(past):
        return
    yield from compared(past, weeks[cut:], missing, ahead)


def compared(past: Sequence[int], future: Sequence[int], missing: int, ahead: int) -> Iterator[Trial]:
    """The forecast from ``past`` beside the day on which ``future`` reached the goal. "Not at this pace" is a miss."""
    true = reached(future, missing)
    found = expect(past, missing, AS_OF)
    if true is None:
        return
    if found.low is None:
        yield Trial(-1, 0.0, ahead)
        return
    low, high = (found.low - AS_OF).days, (found.high - AS_OF).days if found.high else math.inf
    side = -1 if true < low else 1 if true > high else 0
    yield Trial(side, (min(high, 7 * HORIZON) - low) / true, ahead)


def reached(future: Sequence[int], missing: int) -> int | None:
    """Days until so many came, within a week in equal parts."""
    for week, number in enumerate(future):
        if number >= missing:
            return 7 * week + max(1, math.ceil(7 * missing / number))
        missing -= number
    return None


def back_test(histories: int, seed: int = 15) -> dict[str, list[Trial]]:
    """Trials by family, the same for the same seed."""
    return {
        name: [each for at in range(histories) for chance in (Chance(f"{seed}|{name}|{at}"),)
               for each in trials(make(chance), chance)]
        for name, make in FAMILIES.items()
    }  # fmt: skip


def share_inside(found: Sequence[Trial]) -> float:
    """Share of trials whose day lay inside the interval."""
    return sum(each.side == 0 for each in found) / len(found)


def demo_trials(home: Path) -> list[Trial]:
    """Forecasts at every fourth week of each threshold's past, for what the weeks after it brought."""
    from matchhub.services.counting.counts import question, strict_days
    from matchhub.services.kernel.runtime import open_runtime
    from matchhub.services.kernel.settings import read_settings

    runtime, _ = open_runtime(read_settings({**os.environ, "MATCHHUB_HOME": str(home)}), create=False)
    found: list[Trial] = []
    with runtime.unit(write=False) as unit:
        asked = question(unit)
        for threshold in asked.pack.thresholds:
            days: dict[str, date] = {}
            for _, counts_as, day in strict_days(unit, threshold.key, asked):
                if day is not None:
                    days[counts_as] = min(day, days.get(counts_as, day))
            last = max(days.values(), default=asked.as_of)
            weeks = weekly(list(days.values()), min(last, asked.as_of))
            for cut in range(LEAST_WEEKS, len(weeks) - 4, 4):
                for ahead in (4, 8, 16, 26):
                    if cut + ahead <= len(weeks) and (missing := sum(weeks[cut : cut + ahead])) and any(weeks[:cut]):
                        found += compared(weeks[:cut], weeks[cut:], missing, ahead)
    runtime.close()
    return found


def lines(found: dict[str, list[Trial]]) -> list[str]:
    """The table that is printed: how often the day lay inside, before and after the interval, by family."""
    rows = [
        "| histories | forecasts | inside 80 % | earlier | later | width / wait (median) |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, each in found.items():
        sides = [100 * sum(one.side == side for one in each) / len(each) for side in (0, -1, 1)]
        width = statistics.median(one.width for one in each)
        rows.append(f"| {name} | {len(each)} | {sides[0]:.1f} % | {sides[1]:.1f} % | {sides[2]:.1f} % | {width:.2f} |")
    return rows


def main() -> int:
    """Print the table; status 1 when the interval of a family, or of all, holds less than 75 % or more than 85 % of
    the time."""
    asking = argparse.ArgumentParser(description="how often the interval of a forecast holds")
    asking.add_argument("--histories", type=int, default=200, help="of each family")
    asking.add_argument("--home", type=Path, help="folder of an installation whose past is forecast as well")
    said = asking.parse_args()
    found = back_test(said.histories)
    invented = [each for listed in found.values() for each in listed]
    shown = {**found, "all five": invented}
    if said.home and (past := demo_trials(said.home)):
        shown["installation"] = past
    print("\n".join(lines(shown)), flush=True)
    shares = [share_inside(each) for each in (*found.values(), invented)]
    return 0 if all(0.75 <= share <= 0.85 for share in shares) else 1


if __name__ == "__main__":
    raise SystemExit(main())
