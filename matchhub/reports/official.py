"""How official papers (公文) are written: figures without gaps between Chinese characters, days in full."""

from __future__ import annotations

import re
from datetime import date

_HAN = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_DAY = re.compile(r" ?(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-]) ?")
_NUMERALS = "〇一二三四五六七八九"
_GAP = re.compile(rf"(?<={_HAN})[ ]+(?=[\d.%]|“)|(?<=[\d.%]) +(?={_HAN})")


def closed_up(text: str) -> str:
    """The text without the spaces that a screen puts between figures and Chinese characters."""
    return _GAP.sub("", text)


def as_printed(text: str) -> str:
    """A sentence of the screen as paper has it: days in full, no gaps."""
    return closed_up(_DAY.sub(lambda day: f"{int(day[1])}年{int(day[2])}月{int(day[3])}日", text))


def chinese_numeral(number: int) -> str:
    """一, 十, 十二, 二十一: the numbers of headings from 1 to 99."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _NUMERALS[tens]) + ("十" if tens else "") + (_NUMERALS[ones] if ones else "")


def day_words(day: date) -> str:
    """2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(month: str) -> str:
    """2023年1月, of ``2023-01``."""
    year, _, number = month.partition("-")
    return f"{int(year)}年{int(number)}月"
