"""Dates as people write them, read strictly, because a guessed day is worse than none.

A two-digit year, a month without a day and a date such as ``07/09/2019`` are refused and never completed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from matchhub.errors import IdentifierInvalid

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_TIME = r"(?:[T\s]+\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_FULL = re.compile(rf"^(\d{{4}})\s*([-/.年])\s*(\d{{1,2}})\s*([-/.月])\s*(\d{{1,2}})\s*[日号]?{_TIME}$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_INCOMPLETE = re.compile(r"^\d{4}\s*(?:年|[-/.]\s*\d{1,2}|年\s*\d{1,2}\s*月?)?$")
_ENGLISH = re.compile(r"^(?:(\d{1,2})[ -]([A-Z]{3})[A-Z]*\.?,?[ -](\d{4})|([A-Z]{3})[A-Z]*\.? (\d{1,2}),? (\d{4}))$")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DIGIT = "[〇○零一二三四五六七八九十]"
_CHINESE = re.compile(rf"^({_DIGIT}{{4}})年({_DIGIT}{{1,3}})月({_DIGIT}{{1,3}})[日号]$")
_TRAILING = re.compile(r"\s*(?:(?:之?前|以前|起|止|截止|到期|为止)|\((?:含|当日)\))$")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of spreadsheets, which count a 29 February 1900 that never was
_SERIAL = re.compile(r"^\d{5}$")
_PLAIN_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{8}"
_RANGE = re.compile(rf"^自?\s*({_PLAIN_DAY})\s*起?\s*(?:至|到|~|-+|—+|–)\s*({_PLAIN_DAY}|长期|永久)\s*止?$")
_LONG_TERM = re.compile(r"^(?:长期|长期有效|永久|无固定期限|不限)$")


class DateUnreadable(IdentifierInvalid):
    """A cell that is no date: code ``date_unreadable``, or ``date_incomplete`` for a year or a month alone."""

    code = "date_unreadable"


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
def parse_date(text: str, serial: bool = False) -> date:
    """The day that a cell states, with or without a time of day or a word such as 前 behind it.

    Forms: 2023-07-11, 2023/7/1, 2023.07.11, 2023年7月11日, 二〇二三年七月十一日, 20230711, 11 Jul 2023, Jul 11, 2023.
    ``serial`` allows the day number of a numeric spreadsheet cell (45118). Raises ``DateUnreadable``.
    """
    tidy = _TRAILING.sub("", unicodedata.normalize("NFKC", text).strip())
    if found := _FULL.match(tidy):
        if (found[2] == "年") != (found[4] == "月"):  # 2023年7-11 may be two months
            raise DateUnreadable("date_unreadable", value=text)
        return _day(int(found[1]), int(found[3]), int(found[5]), text)
    if found := _COMPACT.match(tidy):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if serial and _SERIAL.match(tidy):
        return _SERIAL_ZERO + timedelta(days=int(tidy))
    return _worded_date(tidy, text)


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
