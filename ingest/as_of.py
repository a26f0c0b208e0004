"""The as-of day (数据截止日期) of a table: in the rows above its header, its headers, its sheet's or its file's name.

A day is taken only where it can mean nothing else: after a word such as 截至 or 导出, or as the only day in the text. A
year alone, a range of days and the digits of an application number are no as-of day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from matchhub.domain.traditional import simplified

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"0?[1-9]|1[0-2]", r"0?[1-9]|[12]\d|3[01]"
_FULL = re.compile(rf"(?<!\d)({_YEAR})\s*[-/._年]\s*({_MONTH})\s*[-/._月]\s*({_DAY})(?!\d)")
_COMPACT = re.compile(  # 20240131, or with the time of day behind it: 20240131093000, 20240131_0930
    rf"(?<!\d)({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)?(?!\d)"
)
_MONTH_ONLY = re.compile(rf"(?<!\d)({_YEAR})\s*年\s*({_MONTH})\s*月(?!\s*\d)|(?<!\d)({_YEAR})-(0[1-9]|1[0-2])(?![-\d])")
_CUES = "截至|(?<!有效期)截止|数据日期|更新|导出|下载|检索|查询|采集|统计|制表|生成|as of|exported|updated"
_CUE = re.compile(rf"(?:{_CUES})[^\d]{{0,12}}$", re.IGNORECASE)
_RANGE = re.compile(r"^\s*[日号]?\s*(?:至|到|~|—|–|-{1,2})\s*(?=(?:19|20)\d\d|长期)|^\s*[日号]?\s*[至到~]\s*\d")


def find_as_of_day(title: str, *names: str) -> date | None:
    """The as-of day in a table's title, else in the first of ``names`` (sheet, file, folders) that holds one.

    None when no text holds one; a month without day counts from its first day.
    """
    return next((day for text in (title, *names) if (day := _day_in(text))), None)


def latest_day(*days: date | None) -> date | None:
    """The latest of several days; None when none is given."""
    return max((day for day in days if day), default=None)


def _day_in(text: str) -> date | None:
    plain = simplified(unicodedata.normalize("NFKC", text))
    found = list(_days(plain))
    cued = [day for begin, _, day in found if _CUE.search(plain[:begin])]
    if cued:  # several may stand there, as 导出 and 更新; the data are as new as the latest
        return max(cued)
    days = {day for _, _, day in found}
    is_range = any(_RANGE.match(plain[end:]) for _, end, _ in found)
    return days.pop() if len(days) == 1 and not is_range else None


def _days(text: str) -> Iterable[tuple[int, int, date]]:
    """Begin, end and value of every day in the text."""
    for shape in (_FULL, _COMPACT):
        for each in shape.finditer(text):
            if day := _real(each[1], each[2], each[3]):
                yield each.start(), each.end(), day
    for each in _MONTH_ONLY.finditer(text):
        if day := _real(each[1] or each[3], each[2] or each[4], "1"):
            yield each.start(), each.end(), day


def _real(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None  # 31 February is no day, and no reason to refuse a file
