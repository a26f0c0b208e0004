"""Charts drawn here as SVG: places in percent of the picture, so that one picture fits every width and its words keep
their size. What a chart shows stands below it as a table too (``parts/charts.html``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_TOP, _BOTTOM = 7.0, 88.0  # where the plot begins and ends in the picture; above stand words of lines, below the months
_MOST_NAMES, _MOST_NARROW = 12, 4  # names along the bottom, at a desk and on a telephone


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one bar of each group: its name and a value per name along the bottom (``None``: nothing known)."""

    name: str
    values: tuple[float | None, ...]
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A line over the whole chart with its words: at a value, or at the place of a name along the bottom."""

    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Lines or groups of bars over names (``labels``, headed ``heading``). ``goal`` is what is to be reached, drawn to
    the end of the picture, ``end`` a place along the bottom that is marked; ``most`` a value that must fit."""

    heading: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    goal: Mark | None = None
    end: Mark | None = None
    most: float = 0.0

    @cached_property  # every point of every line asks for the top
    def ticks(self) -> tuple[float, ...]:
        """Values of the fine lines, from nothing to the top."""
        known = [value for each in self.series for value in each.values if value is not None]
        highest = max([self.most, self.goal.at * 1.08 if self.goal else 0.0, *known])
        step = _round_step(highest / 5 or 1.0)
        return tuple(step * place for place in range(math.ceil(highest / step or 1) + 1))

    def x(self, place: float) -> float:
        """Where a name along the bottom stands, 0 to 100."""
        last = len(self.labels) - 1
        return 50.0 if last < 1 else round(100 * min(max(place, 0), last) / last, 2)

    def y(self, value: float) -> float:
        """Where a value stands, in percent from above."""
        return round(_BOTTOM - (_BOTTOM - _TOP) * value / self.ticks[-1], 2)

    def strokes(self, series: Series) -> tuple[str, ...]:
        """The line of a series as ``x,y x,y``, one for each stretch without a gap."""
        found: list[list[str]] = [[]]
        for place, value in enumerate(series.values):
            if value is None:
                found.append([])
            else:
                found[-1].append(f"{self.x(place)},{self.y(value)}")
        return tuple(" ".join(points) for points in found if len(points) > 1)

    def dots(self, series: Series) -> tuple[tuple[float, float, str, float], ...]:
        """Points of a series: place, height, name and value."""
        return tuple(
            (self.x(place), self.y(value), self.labels[place], value)
            for place, value in enumerate(series.values)
            if value is not None
        )

    def bars(self) -> tuple[tuple[int, float, float, float, float, str, float], ...]:
        """Bars in groups: number of the series, left, top, width, height, name and value."""
        slot = 100 / max(len(self.labels), 1)
        width = slot * 0.7 / max(len(self.series), 1)
        return tuple(
            (
                number,
                round(slot * (place + 0.15) + width * number, 3),
                self.y(value),
                round(width * 0.92, 3),
                round(_BOTTOM - self.y(value), 2),
                self.labels[place],
                value,
            )
            for number, series in enumerate(self.series)
            for place, value in enumerate(series.values)
            if value
        )

    def names(self, *, barred: bool = False) -> tuple[tuple[float, str, str, bool], ...]:
        """Names that have room along the bottom: place, how it is anchored, the name, and whether a telephone has room
        for it too."""
        last = len(self.labels) - 1
        step, narrow = (max(1, math.ceil(len(self.labels) / most)) for most in (_MOST_NAMES, _MOST_NARROW))
        narrow = step * math.ceil(narrow / step)
        shown = []
        for place in range(0, last + 1, step):
            x = 100 * (place + 0.5) / len(self.labels) if barred else self.x(place)
            anchor = "middle" if barred or 0 < place < last else "start" if place == 0 and last else "end"
            shown.append((round(x, 2), anchor, self.labels[place], place % narrow == 0))
        return tuple(shown)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below ``least``; whole from one upwards."""
    size = 10.0 ** math.floor(math.log10(least))
    step = next(times * size for times in (1, 2, 2.5, 5, 10) if times * size >= least * (1 - 1e-9))
    return math.ceil(step) if step < 10 and step > 1 else step


def filled(values: Sequence[float], length: int) -> tuple[float | None, ...]:
    """A sum that grows, carried on to ``length`` places with its last value."""
    return (*values, *([values[-1]] * (length - len(values)) if values else ()))
