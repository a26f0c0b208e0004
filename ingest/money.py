"""Amounts of money as people write them, in Decimal yuan (元). 万元 exists only here, at the edge.

Strict: an amount in a foreign currency is no yuan, and a number without any unit is told apart from one with it.
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


_MOST = Decimal(10) ** 14  # many times the yearly product of the whole province: such a cell is something else


class MoneyUnreadable(IdentifierInvalid):
    """A cell that is no amount in yuan; code ``money_unreadable``, ``_foreign``, ``_negative`` or ``_too_large``."""

    code = "money_unreadable"


class Amount(NamedTuple):
    """``yuan`` and the code of a remark ("" when the cell was plain): ``money_unit_assumed``, ``money_range``."""

    yuan: Decimal
    remark: str = ""


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("，", ",").strip().lower()


def unit_of_header(header: str) -> str | None:
    """Unit that a header states (``预算金额(万元)`` -> ``"万"``, ``金额(元)`` -> ``""``); None when it states none."""
    found = re.search(r"(亿|千万|百万|万|千)?元", unicodedata.normalize("NFKC", header))
    return (found[1] or "") if found else None


def is_negotiable(text: str) -> bool:
    """Whether the cell says that the amount is open to negotiation (面议)."""
    return _NEGOTIABLE.search(_tidy(text)) is not None


def parse_money(text: str, header_unit: str | None = None) -> Amount:
    """Yuan in ``1,001(万元人民币)``, ``5000万人民币``, ``￥1.5亿元`` or a bare number under a header with a unit.

    A bare number without any unit is yuan with the remark ``money_unit_assumed``; of a range the lower end is taken
    with the remark ``money_range``. Raises ``MoneyUnreadable``; a foreign currency is never converted.
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
    if value >= _MOST:
        raise MoneyUnreadable("money_too_large", value=number)
    return Amount(value, "money_unit_assumed" if bare and header_unit is None else "")


def parse_percent(text: str) -> Decimal:
    """Per cent in ``5%``, ``5`` or ``百分之5``; a fraction below 1 without its sign is refused as ambiguous."""
    tidy = _tidy(text).replace("百分之", "")
    found = re.match(r"^(\d+(?:\.\d+)?)\s*(%?)$", tidy)
    if not found or (not found[2] and 0 < Decimal(found[1]) < 1) or Decimal(found[1]) >= 1000:
        raise MoneyUnreadable("percent_unreadable", value=text)
    return Decimal(found[1])
