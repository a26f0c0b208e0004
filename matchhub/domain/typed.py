"""Amounts, shares and days as people type them into a form: read strictly, in one place; what is none is ``None``.

Files of others are read more widely, with remarks (``ingest.money``, ``ingest.dates``): there nobody can be asked, here
the person sits before the page and is told.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

from matchhub.domain.calendar import YEARS
from matchhub.domain.chinese_numbers import NUMERAL, chinese_number

_CURRENCY = r"(?:人民币|rmb|cny|¥|\s)*"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIZES = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "w": 10**4, "千": 10**3, "": 1}
_SIZE = "亿|千万|百万|万|w|千"
_END = r"\s*(?:元|圆|块钱|块)?\s*(?:人民币)?[整正]?"
_FIGURES = re.compile(rf"{_CURRENCY}(-?)\s*({_NUMBER})\s*({_SIZE})?{_END}")
_STACKED = re.compile(rf"{_CURRENCY}((?:{_NUMBER}\s*(?:{_SIZE})\s*)+)({_NUMBER})?{_END}")
_PART = re.compile(rf"({_NUMBER})\s*({_SIZE})")
_WORDS = re.compile(rf"{_CURRENCY}({NUMERAL}+)\s*(?:元|圆|块钱|块)?(?:({NUMERAL})角)?(?:({NUMERAL})分)?[整正]?")
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 12  # far beyond any contract here; the columns hold two digits more

_PERCENT = re.compile(r"(?:百分之)?(\d{1,4}(?:\.\d{1,2})?)\s*%?")

_DAY = re.compile(r"(\d{4})\s*([-/.年、\s])\s*(\d{1,2})\s*([-/.月、\s])\s*(\d{1,2})\s*[日号]?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DIGITS = "〇○零一二三四五六七八九"
_WORDED_DAY = re.compile(rf"([{_DIGITS}]{{4}})年([{_DIGITS}十]{{1,3}})月([{_DIGITS}十]{{1,3}})[日号]?")
_PLAIN_DIGITS = str.maketrans(_DIGITS, "000123456789")


def _tidy(written: str) -> str:
    """Full-width signs and letters as plain ones, no blanks around."""
    plain = unicodedata.normalize("NFKC", written).strip().lower()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain)


def amount_of(written: str) -> Decimal | None:
    """Yuan in ``50000``, ``５０，０００元``, ``5万``, ``3.5 万元``, ``¥1.2亿``, ``1亿2000万``, ``二十万``, 伍万元整.

    Fractions of a fen, exponents, signs in the wrong place and numbers no contract reaches are no amounts; neither is
    一万五 (15,000 when said, 10,005 when written).
    """
    plain = _tidy(written)
    amount = _in_figures(plain)
    if amount is None:
        amount = _in_words(plain)
    if amount is None or abs(amount) >= _MOST:
        return None
    exact = amount.quantize(_CENT)
    return exact if exact == amount else None


def budget_of(written: str) -> Decimal | None:
    """Yuan in what stands in a field of ten thousands (万元): a bare ``5`` is 50,000, as ``5万`` is."""
    amount = amount_of(written)
    if amount is not None and not re.search("[万萬w亿億千元圆块]", _tidy(written)):
        amount *= 10**4
    return amount if amount is not None and abs(amount) < _MOST else None


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _in_figures(plain: str) -> Decimal | None:
    if not plain.translate(dict.fromkeys(map(ord, "亿千百万元圆块钱整正人民币¥"))).isascii():
        return None  # digits of other scripts
    if found := _FIGURES.fullmatch(plain):
        sign, number, size = found.groups()
        return _value(f"{sign}{number}") * _SIZES[size or ""]
    if found := _STACKED.fullmatch(plain):
        parts = [(_value(number), _SIZES[size]) for number, size in _PART.findall(found[1])]
        falling = all(first[1] > second[1] for first, second in pairwise(parts))
        rest = _value(found[2]) if found[2] else Decimal(0)
        return sum((value * size for value, size in parts), rest) if falling and rest < parts[-1][1] else None
    return None


def _in_words(plain: str) -> Decimal | None:
    found = _WORDS.fullmatch(plain)
    yuan = chinese_number(found[1]) if found else None
    if found is None or yuan is None:
        return None
    jiao, fen = (chinese_number(found[at]) if found[at] else Decimal(0) for at in (2, 3))
    return None if jiao is None or fen is None else yuan + jiao / 10 + fen / 100


def percent_of(written: str) -> Decimal | None:
    """Hundredths in ``2.5``, ``2.5%``, ``２．５％`` or 百分之2.5; ``None`` where it is none."""
    found = _PERCENT.fullmatch(_tidy(written))
    return Decimal(found[1]) if found and found[1].isascii() else None


def day_of(written: str) -> date | None:
    """The day in ``2026-03-05``, ``2026.3.5``, ``2026/3/5``, ``20260305``, 2026年3月5日, 二〇二六年三月五日.

    A year of two digits and a month alone are never completed: a guessed day is worse than none.
    """
    plain = _tidy(written)
    if found := _DAY.fullmatch(plain):
        if (found[2] == "年") != (found[4] == "月") or (found[2] != "年" and found[2] != found[4]):
            return None  # 2026年7-11 may be two months
        return _real(found[1], found[3], found[5])
    if found := _COMPACT_DAY.fullmatch(plain):
        return _real(*found.groups())
    if found := _WORDED_DAY.fullmatch(plain):
        month, day = chinese_number(found[2]), chinese_number(found[3])
        return _real(found[1].translate(_PLAIN_DIGITS), str(month or 0), str(day or 0))
    return None


def _real(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None
