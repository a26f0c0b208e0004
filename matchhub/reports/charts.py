"""A chart of growth as SVG for printed reports: two lines over months and the number that is required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchhub.reports.official import month_words

_WIDTH, _HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 22, 32
_FONT = 'font-family="Noto Sans CJK SC" font-size="12"'


@dataclass(frozen=True, slots=True)
class Growth:
    """Cumulative counts by month (``2023-01``): literal and strict, and what is required."""

    months: Sequence[str]
    literal: Sequence[int]
    strict: Sequence[int]
    required: int

    @property
    def top(self) -> int:
        """The highest value drawn."""
        return max([self.required, *self.literal, *self.strict, 1])


def growth_svg(growth: Growth) -> str:
    """The chart as SVG text; whole coordinates, so that the same counts are the same bytes."""
    step = _step(growth.top)
    top = step * (growth.top // step + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
    ]
    for value in range(0, top + 1, step):
        parts.append(_line(_LEFT, _y(value, top), _WIDTH - _RIGHT, _y(value, top), "#d0d4da", 1))
        parts.append(_text(_LEFT - 6, _y(value, top) + 4, f"{value:,}", "end"))
    last = len(growth.months) - 1
    for place, month in enumerate(growth.months):
        if place % max(1, len(growth.months) // 6) == 0:
            words = month_words(month)
            parts.append(_text(_x(place, last), _HEIGHT - 10, words, "middle" if place else "start"))
    parts.append(_line(_LEFT, _y(growth.required, top), _WIDTH - _RIGHT, _y(growth.required, top), "#b03030", 1, "6 4"))
    parts.append(_text(_WIDTH - _RIGHT, _y(growth.required, top) - 5, f"要求 {growth.required:,}", "end"))
    for values, colour, dash in ((growth.literal, "#7a8699", "3 3"), (growth.strict, "#1f4e9c", "")):
        points = " ".join(f"{_x(place, last)},{_y(value, top)}" for place, value in enumerate(values))
        style = f'stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" {style}/>')
    parts.append(_line(_LEFT, 10, _LEFT + 26, 10, "#1f4e9c", 2) + _text(_LEFT + 32, 14, "严格口径", "start"))
    parts.append(
        _line(_LEFT + 110, 10, _LEFT + 136, 10, "#7a8699", 2, "3 3") + _text(_LEFT + 142, 14, "文义口径", "start")
    )
    return "".join([*parts, "</svg>"])


def _step(highest: int) -> int:
    """The distance of the lines of the grid: 1, 2 or 5 times a power of ten, three to seven of them up to the top."""
    power = 10 ** (len(str(highest)) - 1)
    whole = [power // 10, power // 5, power // 2, power, 2 * power]
    return next(step for step in whole if step and highest // step < 6)


def _x(place: int, last: int) -> int:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place // max(last, 1)


def _y(value: int, top: int) -> int:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value // top


def _line(x1: int, y1: int, x2: int, y2: int, colour: str, width: int, dash: str = "") -> str:
    style = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"{style}/>'


def _text(x: int, y: int, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#333" {_FONT}>{text}</text>'
