"""The day of which a table speaks: what its own rows above the header, its sheet or its file name tell.

A day is believed only where it can mean nothing else: with a word such as 截至 or 导出 before it, or as the only day
that stands there. A year alone, a range of days and an application number are no such day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]", r"0?[1-9]|[12]\d|3[01]"
_FULL = re.compile(rf"(?<!\d)({_YEAR})\s*[-/._年]\s*({_MONTH})\s*[-/._月]\s*({_DAY})(?!\d)")
_COMPACT = re.compile(  # 20240131, or with the time of day behind it: 20240131093000, 20240131_0930
    rf"(?<!\d)({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)?(?!\d)"
)
_OF_MONTH = re.compile(rf"(?<!\d)({_YEAR})\s*年\s*({_MONTH})\s*月(?!\s*\d)|(?<!\d)({_YEAR})-(0[1-9]|1[0-2])(?![-\d])")
_CUES = "截至|(?<!有效期)截止|数据日期|更新|导出|下载|检索|查询|采集|统计|制表|生成|as of|exported|updated"
_CUE = re.compile(rf"(?:{_CUES})[^\d]{{0,12}}$", re.IGNORECASE)
_RANGE = re.compile(r"^\s*[日号]?\s*(?:至|到|~|—|–|-{1,2})\s*(?=(?:19|20)\d\d|长期)|^\s*[日号]?\s*[至到~]\s*\d")


def told_day(title: str, *names: str) -> date | None:
    """The day that a table's title tells, else the first of ``names`` (sheet, file) that tells one; None for none."""
    return next((day for text in (title, *names) if (day := _day_in(text))), None)


def _day_in(text: str) -> date | None:
    plain = unicodedata.normalize("NFKC", text)
    found = sorted(_days(plain), key=lambda each: each[0])
    cued = [day for begin, end, day in found if _CUE.search(plain[:begin])]
    days = set(cued) or {day for _, _, day in found}
    if len(days) != 1 or any(_RANGE.match(plain[end:]) for _, end, _ in found):
        return max(set(cued)) if cued else None
    return days.pop()


def _days(text: str) -> Iterable[tuple[int, int, date]]:
    """Beginning, end and day of every day that is written; a month counts from its first day."""
    for shape in (_FULL, _COMPACT):
        for each in shape.finditer(text):
            if day := _real(each[1], each[2], each[3]):
                yield each.start(), each.end(), day
    for each in _OF_MONTH.finditer(text):
        if day := _real(each[1] or each[3], each[2] or each[4], "1"):
            yield each.start(), each.end(), day


def _real(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None  # 31 February is no day, and no reason to refuse a file
