"""Terms of licences as lists word them: from day to day, so many years, or until the patent ends."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from ingest.dates import parse_date
from ingest.moments import DateUnreadable
from matchhub.domain.calendar import months_after
from matchhub.domain.chinese_numbers import NUMERAL, chinese_number
from matchhub.domain.traditional import simplified

_LENGTH = re.compile(rf"(?P<number>\d+(?:\.5)?|半|{NUMERAL}+)\s*(?:\(\d+\))?\s*(?P<unit>周?年|个?月)(?:期|整|以内|内)?")
# From a day that the list does not repeat: 自声明公告之日起, 自许可生效之日起, 合同签订之日起.
_FROM_EVENT = re.compile(
    r"^(?:自|从)?(?:本)?(?:开放许可|许可|声明|合同|协议|专利)*(?:声明)?(?:公告|公布|公开|生效|发布|签订|签署|许可|达成|备案|授权)*(?:日期|之日|日|时)起?(?:计算|算)?[,、]?"
)
_UNTIL_THE_END = re.compile(
    r"^(?:至|到|直至)?(?:本)?(?:专利权?|权利|保护)?(?:的)?(?:有效期|保护期|期限|存续期)?(?:限)?(?:的)?(?:届满|期满|到期|终止|失效|结束|内|满|截止|之日|日|为止|止|前|时|或|、|被宣告无效|全部无效|剩余)+(?:为止|之日|日|止|前|期限)?$"
    r"|^(?:与|同)专利权?(?:有效期|期限|保护期)(?:限)?(?:相同|一致|同步)$|^(?:专利权?)?(?:剩余)?(?:有效期|保护期|存续期)(?:限)?(?:内)?$"
)  # fmt: skip
_LABEL = re.compile(
    r"^(?:(?:许可|使用|实施)?(?:期限|有效期|年限)|许可|使用|实施)?(?:为|是|共|:)+|^(?:许可|使用|实施)?(?:期限|年限)(?=[\d半一二两三四五六七八九十])"
)
_DAY = r"(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)"
_FROM_DAY = re.compile(
    rf"^(?:自|从)?{_DAY}(?:起|开始)(?:算|计算)?[,、]?(?P<rest>(?:为期|共|期限为?)?(?:\d|半|{NUMERAL}|至?专利).*)$"
)
_UNTIL_DAY = re.compile(rf"^(?:至|到|截至|截止到?|有效期?至|直至){_DAY}(?:止|为止|前)?$")
_REMARK = re.compile(r"\((?!含)[^()]*\)$")  # (可续), (36个月): what stands before it says the term
_MOST_MONTHS = 50 * 12


def read_term(text: str, begins: date | None) -> tuple[date | None, date | None] | None:
    """First and last day of a term; None for words that are none.

    ``begins`` is the day from which it runs where the text names an event (自声明公告之日起) or only a length (3年): a
    term of three years from 2023-01-01 ends with 2025-12-31. Until the end of the patent (至专利权终止) is open-ended.
    """
    plain = _LABEL.sub("", simplified(unicodedata.normalize("NFKC", text)).replace(" ", "")).strip("。;,")
    plain = _REMARK.sub("", plain) or plain
    if dated := _FROM_DAY.match(plain) or _UNTIL_DAY.match(plain):  # 自2023年1月1日起3年, 至2026年12月31日
        try:
            day = parse_date(dated["day"])
        except DateUnreadable:
            return None
        return read_term(dated["rest"], day) if "rest" in dated.groupdict() else (begins, day)
    rest = _FROM_EVENT.sub("", plain, count=1) if re.match(r"^(?:自|从|.{0,12}之日起)", plain) else plain
    if rest != plain and not rest:
        return begins, None
    if _UNTIL_THE_END.match(rest):
        return begins, None
    length = _LENGTH.fullmatch(rest.removeprefix("为").removeprefix("至"))
    months = _months(length["number"], length["unit"]) if length else None
    if months is None:
        return None
    return begins, months_after(begins, months) - timedelta(days=1) if begins else None


def _months(number: str, unit: str) -> int | None:
    if number == "半":
        count = 0.5
    elif number[0].isdigit():
        count = float(number)
    else:
        found = chinese_number(number)
        if found is None:
            return None
        count = float(found)
    months = count * (12 if unit.endswith("年") else 1)
    return int(months) if months.is_integer() and 0 < months <= _MOST_MONTHS else None
