"""Amounts as official papers write them: in capital Chinese numerals (大写)."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def yuan_in_capitals(yuan: int) -> str:
    """A whole number of yuan, not below zero: 500000 as 伍拾万元整."""
    if yuan == 0:
        return "零元整"
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if said and group and (group < 1000 or groups[place + 1] == 0):
            said += _DIGITS[0]
        said += _group(group) + (_GROUPS[place] if group else "")
    return said + "元整"


def _group(number: int) -> str:
    """A number below 10,000 without zeros in front or at the end; two zeros in a row are said once."""
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += (_DIGITS[0] if gap and said else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0
    return said
