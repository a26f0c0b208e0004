"""Amounts of money as people write them, as Decimal yuan (元); 万元 is converted here and occurs nowhere else.

Read strictly: a foreign currency is never converted, a number without any unit carries a remark, and so does an amount
that its words leave open (约, 不超过, 以上).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from matchhub.domain.chinese_numbers import NUMERAL, chinese_number
from matchhub.domain.traditional import simplified
from matchhub.errors import IdentifierInvalid

_UNITS = {"亿": Decimal(100_000_000), "千万": Decimal(10_000_000), "百万": Decimal(1_000_000), "万": Decimal(10_000),
          "w": Decimal(10_000), "千": Decimal(1_000), "k": Decimal(1_000), "": Decimal(1)}  # fmt: skip
FOREIGN = "foreign"  # the unit of a header or a title that names another currency
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"亿|千万|百万|万|千|[wk](?![a-z])"
_CURRENCY = r"(?:人民币|rmb|cny|¥|\s)*"
_PER_YEAR = r"(?:/年|/a|每年|一年|年)?"
_AMOUNT = re.compile(
    rf"^(?P<before>{_CURRENCY})(?P<number>{_NUMBER})\s*\(?\s*(?P<unit>{_UNIT})?\s*(?P<yuan>(?:元|圆|块|人民币|rmb|cny|¥|整|正|\s)*)\)?"
    rf"(?P<after>(?:元|人民币|整|\((?:人民币|元|rmb)\))*){_PER_YEAR}$"
)
_STACKED = re.compile(
    rf"^{_CURRENCY}((?:{_NUMBER}\s*(?:亿|千万|百万|万|千)\s*)+)(?:({_NUMBER})\s*)?(?:元|圆)?整?{_PER_YEAR}$"
)
_STACKED_PART = re.compile(rf"({_NUMBER})\s*(亿|千万|百万|万|千)")
_IN_WORDS = re.compile(
    rf"^{_CURRENCY}(?P<yuan>{NUMERAL}+)\s*(?:元|圆|块)?(?:人民币)?\s*(?:(?P<jiao>{NUMERAL})角)?(?:(?P<fen>{NUMERAL})分)?[整正]?{_PER_YEAR}$"
)
_RANGE = re.compile(r"^(?P<low>.+?)\s*(?:-+|~+|至|到|—+|–)\s*(?P<high>\S.*)$")
_UPPER_UNIT = re.compile(r"((?<=\d)\s*(?:亿|千万|百万|万|千|[wk])|[万亿])?\s*\(?(元)?[^0-9元万亿]*$")
_FOREIGN = re.compile(
    r"美元|美金|港币|港元|欧元|日元|英镑|台币|澳元|加元|韩元|法郎|新加坡元|新元|卢布|卢比|泰铢|越南盾|澳门币|外币"
    r"|usd|hkd|eur|jpy|gbp|krw|twd|\$|€|£"
)
_NEGOTIABLE = re.compile(r"面议|协商|面谈|商议|另议|待定|可谈|议价")
_FREE = re.compile(r"^(?:免费|无偿|免费许可|零费用|免收|0费用)$")
_MAX_YUAN = Decimal(10) ** 14  # many times the yearly product of the whole province: such a cell is something else

# Words before and behind an amount that leave it open, and the remark that says so; "" for words that leave nothing
# open. The first that occurs is told.
_OPEN_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "money_upper_limit",
        "(?:预算|总价|总额|金额)?(?:不超过|不得超过|不高于|不大于|最高(?:不超过)?|至多|最多|上限(?:为)?|≤|<=|<|小于|低于|少于|控制在)",
        "以内|以下|之内|封顶|为上限|内",
    ),
    (
        "money_lower_limit",
        "不低于|不少于|不小于|至少|最低|最少|下限(?:为)?|≥|>=|>|大于|超过|高于",
        r"以上|起步|起|打底|为下限|(?<=[\d万元])\+",
    ),
    (
        "money_approximate",
        "大约|约为|约|大概|近|将近|接近|预计|预估|估计|估算|暂定|暂估|拟|计划",
        "左右|上下|许|余|多|不等",
    ),
    ("money_without_tax", "不含税(?:价)?[::]?", r"\(?(?:不含税|未税|税前|不含增值税)(?:价)?\)?"),
    ("money_per_period", "每(?:月|季度?|件|次|台|双)", "/(?:月|季|件|次|项|台|双)|每(?:月|季度?|件|次|项|台|双)"),
    (
        "",
        "(?:合计|共计|总计|总价|一次性|小写|大写|每年|年费|支付|总付|缴纳|付款|收取|(?:许可)?(?:使用)?费用?|固定费?用?)[::为]?",
        r"\(?(?:含税|价税合计|含增值税|含\d+%(?:增值)?税|税后|一次性|总价|合计|共计)(?:价)?\)?",
    ),
)
_AROUND = tuple((remark, re.compile(rf"^(?:{before})\s*|(?:{behind})$")) for remark, before, behind in _OPEN_WORDS)
_WITHIN = re.compile(r"(?<=[\d万千百亿十])[余多](?=[万千百亿元])")  # 50余万元
_SAME_IN_BRACKETS = re.compile(r"^(?P<outer>[^()]+)\((?:大写|小写)?[::]?(?P<inner>[^()]*\d[^()]*|[^()]*元[^()]*)\)$")

_HEADER_UNIT = re.compile(rf"({_UNIT})?(?<!单)(?<!公)元")
_HEADER_BARE_UNIT = re.compile(
    rf"[(/::_\-\s](?:单位)?[::]?({_UNIT})\)?$|(?:金额|价款|价格|费|预算|资金|资本|经费|额)({_UNIT})$"
)
_TITLE_UNIT = re.compile(
    rf"(?:单位|币种|计价)\s*(?:[::]|均?为|是)?\s*\(?\s*(?:人民币)?\s*(?P<unit>{_UNIT})?\s*(?P<money>元|圆|{_FOREIGN.pattern})"
    rf"|\(\s*(?:人民币)?\s*(?P<unit2>{_UNIT})?\s*(?P<money2>元|{_FOREIGN.pattern})\s*\)|以(?P<unit3>{_UNIT})?(?P<money3>元)(?:为单位|计)"
)


class MoneyUnreadable(IdentifierInvalid):
    """A cell that is no amount in yuan: code ``money_unreadable``, ``money_foreign``, ``money_negative`` or
    ``money_too_large``; or no per cent: ``percent_unreadable``."""

    code = "money_unreadable"


class Amount(NamedTuple):
    """An amount in yuan, and the code of a remark ("" for none).

    ``money_unit_assumed``, ``money_range``, or what its words leave open: ``money_upper_limit``, ``money_lower_limit``,
    ``money_approximate``, ``money_without_tax``, ``money_per_period``.
    """

    yuan: Decimal
    remark: str = ""


def _tidy(text: str) -> str:
    plain = simplified(unicodedata.normalize("NFKC", text)).replace("，", ",").strip().lower()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain)


def unit_of_header(header: str) -> str | None:
    """The unit that a header states: 万 for 预算金额(万元), 金额/万元 or 金额(万), "" for 金额(元); None for none.

    ``FOREIGN`` for a header that names another currency (万美元).
    """
    plain = _tidy(header)
    if _FOREIGN.search(plain):
        return FOREIGN
    if found := _HEADER_UNIT.search(plain):
        return found[1] or ""
    if found := _HEADER_BARE_UNIT.search(plain):
        return found[1] or found[2]
    return "" if re.search(r"人民币|rmb|cny|¥", plain) else None


def unit_of_title(*texts: str) -> str | None:
    """The unit that the text around a table states for its amounts (单位：万元); None when it states none."""
    for text in texts:
        if found := _TITLE_UNIT.search(_tidy(text)):
            unit = found["unit"] or found["unit2"] or found["unit3"] or ""
            money = found["money"] or found["money2"] or found["money3"]
            return FOREIGN if _FOREIGN.search(money) else unit
    return None


def is_negotiable(text: str) -> bool:
    """Whether the cell says that the amount is open to negotiation (面议)."""
    return _NEGOTIABLE.search(_tidy(text)) is not None


def parse_money(text: str, header_unit: str | None = None) -> Amount:
    """Yuan in ``1,001(万元人民币)``, ``￥1.5亿元``, 人民币壹佰万元整, 50W, 约5万元, or a number with a header's unit.

    ``header_unit`` is the result of ``unit_of_header`` and counts only for a bare number; without it, the number is
    yuan with the remark ``money_unit_assumed``. Of a range the lower end is taken with the remark ``money_range``.
    Raises ``MoneyUnreadable``.
    """
    tidy = _tidy(text)
    if _FREE.match(tidy):
        return Amount(Decimal(0))
    if _FOREIGN.search(tidy):
        raise MoneyUnreadable("money_foreign", value=text)
    if re.match(r"^(?:¥|人民币|\s)*-\s*\d", tidy):
        raise MoneyUnreadable("money_negative", value=text)
    core, remark = _without_open_words(tidy)
    amount = _single(core, header_unit) or _range(core, header_unit)
    if amount is None:
        raise MoneyUnreadable("money_unreadable", value=text)
    if amount.yuan >= _MAX_YUAN:
        raise MoneyUnreadable("money_too_large", value=text)
    return Amount(amount.yuan, amount.remark if amount.remark == "money_range" else remark or amount.remark)


def _without_open_words(tidy: str) -> tuple[str, str]:
    """The amount without the words that leave it open, and the remark for the first of them."""
    tidy, within = _WITHIN.subn("", tidy)
    told = "money_approximate" if within else ""
    changed = True
    while changed:
        changed = False
        for remark, words in _AROUND:
            shorter = words.sub("", tidy).strip(" ,。;")
            if shorter != tidy and shorter:
                tidy, told, changed = shorter, told or remark, True
    return tidy, told


def _single(core: str, header_unit: str | None) -> Amount | None:
    """One amount in figures or in words; None where the text is none."""
    if found := _AMOUNT.match(core):
        return _of_figures(
            found["number"],
            found["unit"],
            bool((found["yuan"] + found["before"]).strip() or found["after"]),
            header_unit,
        )
    if found := _STACKED.match(core):  # 1亿2000万元
        parts = sum((_value(number) * _UNITS[unit] for number, unit in _STACKED_PART.findall(found[1])), Decimal(0))
        return Amount(parts + (_value(found[2]) if found[2] else 0))
    if found := _IN_WORDS.match(core):
        return _of_words(found, core, header_unit)
    if found := _SAME_IN_BRACKETS.match(core):  # 伍拾万元整(¥500,000.00)
        outer, inner = _single(found["outer"].strip(), header_unit), _single(found["inner"].strip(), "")
        return outer if outer and inner and outer.yuan == inner.yuan else None
    return None


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _of_figures(number: str, unit: str | None, says_yuan: bool, header_unit: str | None) -> Amount:
    bare = unit is None and not says_yuan
    if bare and header_unit == FOREIGN:
        raise MoneyUnreadable("money_foreign", value=number)
    value = _value(number) * _UNITS[(header_unit or "") if bare else (unit or "")]
    return Amount(value, "money_unit_assumed" if bare and header_unit is None else "")


def _of_words(found: re.Match[str], core: str, header_unit: str | None) -> Amount | None:
    yuan = chinese_number(found["yuan"])
    if yuan is None:
        return None
    jiao, fen = (chinese_number(found[name]) if found[name] else Decimal(0) for name in ("jiao", "fen"))
    bare = not re.search(r"[元圆块万亿萬億角分整]|人民币", core)
    if bare and header_unit == FOREIGN:
        raise MoneyUnreadable("money_foreign", value=core)
    value = yuan + (jiao or Decimal(0)) / 10 + (fen or Decimal(0)) / 100
    value *= _UNITS[header_unit or ""] if bare else 1
    return Amount(value, "money_unit_assumed" if bare and header_unit is None else "")


def _range(core: str, header_unit: str | None) -> Amount | None:
    """The lower end of a range; it takes the unit of the upper end where it has none (10-20万元, 五十至一百万元)."""
    found = _RANGE.match(core)
    upper = _single(found["high"].strip(), header_unit) if found else None
    if found is None or upper is None:
        return None
    low, unit = found["low"].strip(), _UPPER_UNIT.search(found["high"].strip())
    bare = re.fullmatch(_NUMBER, low) is not None or (chinese_number(low) is not None and low[-1] not in "万萬亿億")
    lower = _single(f"{low}{unit[1] or ''}{unit[2] or ''}" if bare and unit else low, header_unit)
    return Amount(lower.yuan, "money_range") if lower else None


def parse_percent(text: str) -> Decimal:
    """Per cent in ``5%``, ``5`` or ``百分之5``: 5 in each case.

    Raises ``MoneyUnreadable``, also for 0.05 without a sign, which may be meant as 5 % or as 0.05 %.
    """
    tidy = _tidy(text).replace("百分之", "")
    found = re.match(r"^(\d+(?:\.\d+)?)\s*(%?)$", tidy)
    if not found or (not found[2] and 0 < Decimal(found[1]) < 1) or Decimal(found[1]) >= 1000:
        raise MoneyUnreadable("percent_unreadable", value=text)
    return Decimal(found[1])
