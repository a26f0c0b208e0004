"""Numbers in Chinese numerals, plain (五十) and as in contracts (伍拾); what is not well formed is none."""

from __future__ import annotations

import re
from decimal import Decimal

_SIGNS = ("零〇○", "一壹弌", "二贰两貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_DIGITS = {sign: digit for digit, signs in enumerate(_SIGNS) for sign in signs}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERAL = "[" + "".join((*_DIGITS, *_TENS, *_GROUPS)) + "]"
_SHORTENED = re.compile("[百佰千仟万萬亿億][" + "".join(each for each in _DIGITS if _DIGITS[each]) + "]$")
_NUMERAL = re.compile(f"{NUMERAL}+")


def chinese_number(text: str) -> Decimal | None:
    """The value of a whole number such as 壹佰贰拾万 or 五十; None for 一二三, and for 一万五, which means 15,000."""
    if not _NUMERAL.fullmatch(text) or _SHORTENED.search(text):
        return None
    total = 0
    for group, size in _grouped(text):
        value = _below_ten_thousand(group)
        if value is None or (total and total % size == 0 and total // size == 0):
            return None
        total += value * size
    return Decimal(total)


def _grouped(text: str) -> list[tuple[str, int]]:
    """Parts of a number with the size of each: 一亿二千万三 -> (一, 亿), (二千, 万), (三, 1)."""
    found, rest = [], text
    for sign_size in (10**8, 10**4):
        at = max((rest.rfind(sign) for sign, size in _GROUPS.items() if size == sign_size), default=-1)
        if at > 0:
            head = rest[:at]
            # 万亿: the group itself may hold ten thousands.
            found += (
                [(part, size * sign_size) for part, size in _grouped(head)]
                if sign_size > 10**4
                else [(head, sign_size)]
            )
            rest = rest[at + 1 :]
    return [*found, (rest, 1)] if rest else found


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10**4
    for sign in text:
        if sign in _DIGITS:
            if digit:  # 一二 is a list, not a number; a zero may stand before any digit
                return None
            digit = _DIGITS[sign]
        elif sign in _TENS and _TENS[sign] < last_unit:
            last_unit = _TENS[sign]
            total += (1 if digit is None and total == 0 else digit or 0) * last_unit
            digit = None
        else:
            return None
    return total + (digit or 0)
