"""Days and moments as sentences and headings write them: 2026年11月30日 14:05, in English 30 November 2026 14:05.

Columns and rows of lists keep the short form of ``web.display`` (docs/decisions/0144-dates-in-words.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo

# Not strftime's, which follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_HAN = r"[\u4e00-\u9fff]"
_WRITTEN = r"\d{4}年\d{1,2}月\d{1,2}日"
_GAPS = re.compile(rf"(?<={_HAN}) (?={_WRITTEN})|(?<=月\d日) (?={_HAN})|(?<=月\d\d日) (?={_HAN})")


def in_words(value: date, lang: str, zone: Callable[[], tzinfo]) -> str:
    """A day or a moment as a sentence in ``lang`` (zh, en) writes it, a moment by the clock of ``zone()``.

    A moment without a time zone is taken to be by that clock already. The zone is asked for moments alone: an error
    page is shown even where the pack that names it cannot be read.
    """
    here = value.astimezone(zone()) if isinstance(value, datetime) and value.tzinfo else value
    english = f"{here.day} {_MONTHS[here.month - 1]} {here.year}"
    written = f"{here.year}年{here.month}月{here.day}日" if lang == "zh" else english
    return f"{written} {here:%H:%M}" if isinstance(here, datetime) else written


def data_in_words(data: Mapping[str, object], lang: str, zone: Callable[[], tzinfo]) -> dict[str, object]:
    """The data of a sentence, days and moments in words; they may stand there as text in the short form, as kept."""
    return {name: _value_in_words(value, lang, zone) for name, value in data.items()}


def _value_in_words(value: object, lang: str, zone: Callable[[], tzinfo]) -> object:
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            value = date.fromisoformat(value) if len(value) == len("2026-11-30") else datetime.fromisoformat(value)
        except ValueError:  # the 31st of February, as somebody typed it
            return value
    return in_words(value, lang, zone) if isinstance(value, date) else value


def closed_up(text: str) -> str:
    """A Chinese sentence without the blanks that set off 2026-11-30 and that 2026年11月30日 does not need."""
    return _GAPS.sub("", text)
