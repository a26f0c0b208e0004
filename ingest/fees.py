"""Fees of open licences as lists word them: fixed, a share, an entry fee plus a share, graded by years, or free."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from ingest.cells import Cells
from ingest.money import is_negotiable, parse_money, unit_of_header
from matchhub.domain.chinese_numbers import chinese_number
from matchhub.domain.traditional import simplified
from matchhub.errors import IdentifierInvalid

_NOT_FREE = re.compile(r"(?:非|不|并非|不是|不予|取消)(?:免费|无偿)|免费(?:期|试用)(?:后|满|结束)")
_FREE = re.compile(r"免费|无偿|零费用|免收|\bfree\b")
_PROFIT = re.compile(r"利润|profit")
_SALES = re.compile(r"提成|销售|营业(?:收入|额)|产值|营收|净销|比例|royalty|sales")
_FIXED = re.compile(r"固定|一次|总付|定额|包干|按年|分期|每年|元|万|入门|fixed|lump")
_SHARES = ("royalty_sales", "royalty_profit")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%|百分之\s*(\d+(?:\.\d+)?|[一二三四五六七八九十]+)")
_AMOUNT = re.compile(r"[^,;。、+和加%]*?\d[\d,.]*\s*(?:亿|千万|百万|万|千)?\s*元(?:/年|/项|每年)?")
# A fee that changes with the years, with the number of pieces or with the turnover has no single amount.
_GRADED = re.compile(
    r"前\s*[\d一二两三四五六七八九十]+\s*(?:年|个月|件|双|台)|首年|次年|第\s*[\d一二两三四五六七八九十]+\s*(?:年|件)(?:起|后|以后|之后|至|-|~|开始|:)"
    r"|逐年|阶梯|递增|递减|分段|分档|超过.{0,12}部分|以后每年|之后每年"
)


class Fee(NamedTuple):
    """``method`` fixed, royalty_sales, royalty_profit, free or None; a ``graded`` fee has no amount."""

    method: str | None
    yuan: Decimal | None = None
    percent: Decimal | None = None
    graded: bool = False


def read_fee(cells: Cells) -> Fee:
    """The fee that the columns of a declaration state; what cannot be read is a warning.

    A graded fee (前3年免费，第4年起2万元/年) is not free, has no amount and is told; so is an unreadable one.
    """
    written, stated = cells.text("fee") or "", cells.text("fee_method") or ""
    plain, method = _plain(written), _method(_plain(stated))
    graded = bool(_GRADED.search(plain) or (_FREE.search(plain) and len(_parts_with_amounts(plain)) > 0))
    if graded:
        cells.add_problem("fee", "fee_graded", written, "warning")
        found = _method(_NOT_FREE.sub("", _FREE.sub("", plain)))
        return Fee(found or _not_free(method) or "fixed", None, _percent(plain), True)
    percent = _percent(plain)
    own = _method(plain)
    if percent is None:
        yuan = cells.money("fee")
        return Fee(method or own or ("fixed" if yuan else None), yuan, cells.percent("royalty"))
    share = next((each for each in (method, own) if each in _SHARES), None)
    return Fee(share, _entry_fee(cells, plain), cells.percent("royalty") or percent)


def _plain(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text)).replace(" ", "").lower()


def _method(plain: str) -> str | None:
    """The method that words name: free only where nothing denies it; a share before the fixed 每年 around it."""
    rest = _NOT_FREE.sub("", plain)
    if _FREE.search(rest):
        return "free"
    if _PROFIT.search(rest):
        return "royalty_profit"
    if _SALES.search(rest):
        return "royalty_sales"
    return "fixed" if _FIXED.search(rest) else None


def _not_free(method: str | None) -> str | None:
    return None if method == "free" else method


def _percent(plain: str) -> Decimal | None:
    """The share in a fee's text; several different ones are none."""
    found = {first or second for first, second in _SHARE.findall(plain)}
    if len(found) != 1:
        return None
    (number,) = found
    if not number[0].isdigit():
        return chinese_number(number)
    return Decimal(number) if Decimal(number) < 100 else None


def _parts_with_amounts(plain: str) -> list[str]:
    return [found for found in _AMOUNT.findall(plain) if not re.match(r"^0+(?:\.0+)?\D", found)]


def _entry_fee(cells: Cells, plain: str) -> Decimal | None:
    """The amount that is due beside a share (入门费10万元+销售额3%)."""
    found = _parts_with_amounts(_SHARE.sub("%", plain))
    if len(found) != 1 or is_negotiable(plain):
        return None
    amount = re.search(r"\d.*$", found[0])
    try:
        return parse_money(amount[0] if amount else "", unit_of_header(cells.layout.header("fee"))).yuan
    except IdentifierInvalid:
        return None
