"""Amounts of money as people write them, as Decimal yuan (元); 万元 is converted here and occurs nowhere else.

Read strictly: a foreign currency is never converted, and a number without any unit carries a remark.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from matchhub.errors import IdentifierInvalid

_UNITS = {"亿": Decimal(100_000_000), "千万": Decimal(10_000_000), "百万": Decimal(1_000_000), "万": Decimal(10_000),
          "千": Decimal(1_000), "": Decimal(1)}  # fmt: skip
_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"(亿|千万|百万|万|千)?"
_YUAN = r"(?:元|圆|人民币|rmb|cny|¥|整|/年|每年|\s)*"
_AMOUNT = re.compile(rf"^(?:约|\s)*(?P<before>(?:人民币|rmb|cny|¥|\s)*){_NUMBER}\s*[(]*{_UNIT}(?P<yuan>{_YUAN})[)]*$")
_RANGE = re.compile(
    rf"^(?:约)?{_NUMBER}\s*{_UNIT}元?\s*(?:-|~|至|到|—|–)\s*{_NUMBER}\s*[(]*{_UNIT}(?P<yuan>{_YUAN})[)]*$"
)
_FOREIGN = re.compile(
    r"美元|美金|港币|港元|欧元|日元|英镑|台币|澳元|加元|韩元|法郎|新加坡元|usd|hkd|eur|jpy|gbp|\$|€|£"
)
_NEGOTIABLE = re.compile(r"面议|协商|面谈|商议|另议|待定|可谈|议价")
_FREE = re.compile(r"^(?:免费|无偿|免费许可|零费用|免收|0费用)$")
_MAX_YUAN = Decimal(10) ** 14  # many times the yearly product of the whole province: such a cell is something else


class MoneyUnreadable(IdentifierInvalid):
    """A cell that is no amount in yuan: code ``money_unreadable``, ``money_foreign``, ``money_negative`` or
    ``money_too_large``; or no per cent: ``percent_unreadable``."""

    code = "money_unreadable"


class Amount(NamedTuple):
    """An amount in yuan, and the code of a remark: ``money_unit_assumed``, ``money_range``, or "" for none."""

    yuan: Decimal
    remark: str = ""


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("，", ",").strip().lower()


def unit_of_header(header: str) -> str | None:
    """The unit that a header states: 万 for 预算金额(万元), "" for 金额(元); None when it states none."""
    found = re.search(r"(亿|千万|百万|万|千)?元", unicodedata.normalize("NFKC", header))
    return (found[1] or "") if found else None


def is_negotiable(text: str) -> bool:
    """Whether the cell says that the amount is open to negotiation (面议)."""
    return _NEGOTIABLE.search(_tidy(text)) is not None


def parse_money(text: str, header_unit: str | None = None) -> Amount:
    """Yuan in ``1,001(万元人民币)``, ``5000万人民币``, ``￥1.5亿元``, 免费, or a number under a header with a unit.

    ``header_unit`` is the result of ``unit_of_header`` and counts only for a bare number; without it, the number is
    yuan with the remark ``money_unit_assumed``. Of a range the lower end is taken with the remark ``money_range``.
    Raises ``MoneyUnreadable``.
    """
    tidy = _tidy(text)
    if _FREE.match(tidy):
        return Amount(Decimal(0))
    if _FOREIGN.search(tidy):
        raise MoneyUnreadable("money_foreign", value=text)
    if re.match(r"^(?:¥|\s)*-\s*\d", tidy):
        raise MoneyUnreadable("money_negative", value=text)
    if found := _AMOUNT.match(tidy):
        return _amount(found[2], found[3], found["before"] + found["yuan"], header_unit)
    if found := _RANGE.match(tidy):
        lower = _amount(found[1], found[2] or found[4], found["yuan"] or (found[2] or ""), header_unit)
        return Amount(lower.yuan, "money_range")
    raise MoneyUnreadable("money_unreadable", value=text)


def _amount(number: str, unit: str | None, yuan: str, header_unit: str | None) -> Amount:
    value = Decimal(number.replace(",", ""))
    bare = unit is None and not yuan.strip()
    value *= _UNITS[(header_unit or "") if bare else (unit or "")]
    if value >= _MAX_YUAN:
        raise MoneyUnreadable("money_too_large", value=number)
    return Amount(value, "money_unit_assumed" if bare and header_unit is None else "")


def parse_percent(text: str) -> Decimal:
    """Per cent in ``5%``, ``5`` or ``百分之5``: 5 in each case.

    Raises ``MoneyUnreadable``, also for 0.05 without a sign, which may be meant as 5 % or as 0.05 %.
    """
    tidy = _tidy(text).replace("百分之", "")
    found = re.match(r"^(\d+(?:\.\d+)?)\s*(%?)$", tidy)
    if not found or (not found[2] and 0 < Decimal(found[1]) < 1) or Decimal(found[1]) >= 1000:
        raise MoneyUnreadable("percent_unreadable", value=text)
    return Decimal(found[1])
