"""Dates as people write them, read strictly, because a guessed day is worse than none.

A two-digit year, a month without a day and a date such as ``07/09/2019`` are refused and never completed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from ingest.moments import Clock, DateUnreadable, Day, clock_in, day_of_moment, nearest_second
from ingest.tables import NumberCell

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_FULL = re.compile(r"^(\d{4})\s*([-/.年、 ])\s*(\d{1,2})\s*([-/.月、 ])\s*(\d{1,2})\s*[日号]?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0)?$")
_INCOMPLETE = re.compile(r"^\d{4}\s*(?:年|[-/.]\s*\d{1,2}|年\s*\d{1,2}\s*月?)?$")
_ENGLISH = re.compile(r"^(?:(\d{1,2})[ -]([A-Z]{3})[A-Z]*\.?,?[ -](\d{4})|([A-Z]{3})[A-Z]*\.? (\d{1,2}),? (\d{4}),?)$")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DIGIT = "[0〇○零一二三四五六七八九十]"
_CHINESE = re.compile(rf"^({_DIGIT}{{4}})年({_DIGIT}{{1,3}})月({_DIGIT}{{1,3}})[日号]$")
# What may stand behind a day and says nothing of it: a weekday, a remark in brackets without digits, a stop.
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?,?"
_TRAILING = re.compile(
    rf"\s*(?:之?前|以前|起|止|截止|到期|为止|\([^()\d]*\)|\[[^\[\]\d]*\]|[.,;。]|{_WEEKDAY})$", re.IGNORECASE
)
_LEADING = re.compile(rf"^(?:{_WEEKDAY})\s*", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63]+|-{2,}")
SHIFT_OF_1904 = timedelta(days=1462)  # between the two epochs of spreadsheets
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of spreadsheets, which count a 29 February 1900 that never was
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_EPOCH_MILLISECONDS = re.compile(r"^(?:/Date\()?(1\d{12}|9\d{11})(?:[+-]\d{4})?(?:\)/)?$")
_PLAIN_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{8}"
_RANGE = re.compile(rf"^自?\s*({_PLAIN_DAY})\s*起?\s*(?:至|到|~|-+|—+|–)\s*({_PLAIN_DAY}|长期|永久)\s*止?$")
_LONG_TERM = re.compile(r"^(?:长期|长期有效|永久|无固定期限|不限)$")


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError as fault:
        raise DateUnreadable("date_unreadable", value=text) from fault
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DateUnreadable("date_unreadable", value=text)
    return found


def _chinese_number(text: str) -> int:
    """A number below 100: 十一 is 11, 二十 is 20, 三〇 is 30."""
    tens, ten, units = text.rpartition("十")
    if not ten:
        return int(text.translate(_CHINESE_DIGITS))
    return int(tens.translate(_CHINESE_DIGITS) or 1) * 10 + int(units.translate(_CHINESE_DIGITS) or 0)


@lru_cache(maxsize=65536)
def read_day(text: str, serial: bool = False) -> Day:
    """The day that a cell states, with or without a time of day or a word such as 前 behind it.

    Forms: 2023-07-11, 2023/7/1, 2023.07.11, 2023—07—11, 2023年7月11日 星期二, 二〇二三年七月十一日, 20230711,
    11 Jul 2023, Jul 11, 2023. An instant with its zone (2023-06-30T16:00:00Z) is the day in China. A time within the
    minute before midnight was moved by a program: the next day is meant, and told (``date_short_of_midnight``); a time
    without zone of 16:00 is told (``date_may_be_shifted``). ``serial`` allows the day number of a numeric spreadsheet
    cell (45118).
    Raises ``DateUnreadable``.
    """
    tidy = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip())
    if found := _FULL.match(tidy) or _COMPACT.match(tidy):
        return Day(_plain_day(found, text))
    if serial and _SERIAL.match(tidy):
        moment = datetime.combine(_SERIAL_ZERO, time()) + timedelta(days=float(tidy))
        return day_of_moment(nearest_second(moment))
    if found := _EPOCH_MILLISECONDS.match(tidy):
        return day_of_moment(datetime.fromtimestamp(int(found[1]) / 1000, UTC))
    day, clock = _without_time(_without_remarks(tidy))
    on = _day_alone(day, text)
    return Day(on) if clock is None else day_of_moment(clock.on(on, text))


def is_day_number(text: str) -> bool:
    """Whether a cell is the bare day number of a spreadsheet."""
    return isinstance(text, NumberCell) and _SERIAL.match(text) is not None


def parse_date(text: str, serial: bool = False) -> date:
    """The day of ``read_day`` alone."""
    return read_day(text, serial).on


def _without_remarks(tidy: str) -> str:
    tidy = _LEADING.sub("", tidy)
    while (shorter := _TRAILING.sub("", tidy)) != tidy:
        tidy = shorter
    return tidy


def _without_time(tidy: str) -> tuple[str, Clock | None]:
    """The text before a time of day, and that time; a remark may stand between them."""
    found = clock_in(tidy)
    return (tidy, None) if found is None else (_without_remarks(found[0]), found[1])


def _day_alone(tidy: str, text: str) -> date:
    found = _FULL.match(tidy) or _COMPACT.match(tidy)
    return _plain_day(found, text) if found else _worded_date(tidy, text)


def _plain_day(found: re.Match[str], text: str) -> date:
    """The day of three numbers; ``text`` is the cell as written, for the problem."""
    numbers = found.groups()
    if len(numbers) == 3:
        return _day(int(numbers[0]), int(numbers[1]), int(numbers[2]), text)
    if (numbers[1] == "年") != (numbers[3] == "月"):  # 2023年7-11 may be two months
        raise DateUnreadable("date_unreadable", value=text)
    return _day(int(numbers[0]), int(numbers[2]), int(numbers[4]), text)


def _chinese_year(written: str, text: str) -> int:
    if "十" in written:
        raise DateUnreadable("date_unreadable", value=text)
    return int(written.translate(_CHINESE_DIGITS))


def _worded_date(tidy: str, text: str) -> date:
    """A date in Chinese numerals or with an English month; ``text`` is the cell as written, for the problem."""
    if found := _CHINESE.match(tidy):
        return _day(_chinese_year(found[1], text), _chinese_number(found[2]), _chinese_number(found[3]), text)
    if found := _ENGLISH.match(tidy.upper()):
        day, month, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        if month in _MONTHS:
            return _day(int(year), _MONTHS.index(month) + 1, int(day), text)
    raise DateUnreadable("date_incomplete" if _INCOMPLETE.match(tidy) else "date_unreadable", value=text)


def is_long_term(text: str) -> bool:
    """Whether the cell says that there is no end (长期有效)."""
    return _LONG_TERM.match(unicodedata.normalize("NFKC", text).strip()) is not None


def parse_period(text: str) -> tuple[date | None, date | None]:
    """First and last day of ``2023-01-01至2025-12-31``; None where there is none.

    A day alone is the last one; 长期 alone is (None, None). Raises ``DateUnreadable``.
    """
    tidy = unicodedata.normalize("NFKC", text).strip()
    if is_long_term(tidy):
        return None, None
    found = _RANGE.match(tidy)
    if not found:
        return None, parse_date(tidy)
    return parse_date(found[1]), None if is_long_term(found[2]) else parse_date(found[2])
