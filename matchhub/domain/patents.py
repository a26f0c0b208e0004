"""What the words of registers and vendors say about a patent: does it live, why, what lies on it, when does it end.

Words are matched negative first: 避免重复授权放弃 (abandoned to avoid double grant) contains 授权 (granted), and
"inactive" contains "active". Pledge (质押), preservation (保全) and partial invalidation (部分无效) end nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from matchhub.domain.records import EncumbranceType, PatentType, Validity

DESIGN_TERM_CHANGE_ON = date(2021, 6, 1)


class LegalStatus(NamedTuple):
    """``validity`` and a ``reason`` in our own words ("granted", "fee_lapsed", …; "" when nothing was recognised)."""

    validity: Validity
    reason: str


# Codes of the legal status gazette (法律状态公告). A transfer or a licence filing may concern an application as well as
# a right, so it says nothing about validity; a pledge or a preservation of a right needs a living right.
REGISTER_EVENTS: dict[str, LegalStatus] = {
    "GR01": LegalStatus("in_force", "granted"),
    "RR01": LegalStatus("in_force", "restored"),
    "IP01": LegalStatus("in_force", "partly_invalidated"),
    "PE01": LegalStatus("in_force", "pledged"),
    "PC01": LegalStatus("in_force", "pledge_ended"),
    "PP01": LegalStatus("in_force", "preserved"),
    "PD01": LegalStatus("in_force", "preservation_ended"),
    "TR01": LegalStatus("unknown", "transferred"),
    "EE01": LegalStatus("unknown", "licence_filed"),
    "CF01": LegalStatus("dead", "fee_lapsed"),
    "CX01": LegalStatus("dead", "expired"),
    "IW01": LegalStatus("dead", "invalidated"),
    "AV01": LegalStatus("dead", "abandoned"),
    "PB01": LegalStatus("pending", "published"),
    "SE01": LegalStatus("pending", "under_examination"),
    "WD01": LegalStatus("dead", "withdrawn"),
    "RJ01": LegalStatus("dead", "rejected"),
}

_SOUNDS_DEADLY: tuple[tuple[str, Validity, str], ...] = (
    (r"部分无效|PARTIAL(LY)? INVALID", "in_force", "partly_invalidated"),
    (r"维持(专利权)?有效|维持专利权", "in_force", "upheld"),
    (r"(无效宣告|无效请求|无效审查|无效程序)(请求)?(的)?(受理|审理|审查|程序)?(中|阶段)", "in_force", "disputed"),
    (r"请求宣告.*无效", "in_force", "disputed"),
    (r"(质押|保全|备案|许可).{0,8}(注销|解除|终止|失效|变更)|解除(质押|保全)", "unknown", "encumbrance_changed"),
    (r"(恢复|复活)(专利)?(权|权利|申请)|权利(的)?恢复|RESTOR|REINSTAT", "in_force", "restored"),
)
_ENDS: tuple[tuple[str, Validity, str], ...] = (
    (r"避免重复授权|重复授权", "dead", "abandoned_double_grant"),
    (r"未缴(纳)?年费|欠(缴)?年费|年费(未缴|欠缴|终止)|未缴费|费用终止", "dead", "fee_lapsed"),
    (r"FEE[- ]RELATED|NON-?PAYMENT", "dead", "fee_lapsed"),
    (r"届满|期满|到期|LIFETIME|EXPIRED?\b", "dead", "expired"),
    (r"撤回|视撤|WITHDRAWN|WITHDRAWAL", "dead", "withdrawn"),
    (r"驳回(?!复审)|REJECT|REFUSED", "dead", "rejected"),
    (r"放弃|ABANDON", "dead", "abandoned"),
    (r"全部无效|宣告(专利权)?无效|无效宣告|INVALIDATED|REVOKED", "dead", "invalidated"),
    (r"撤销", "dead", "revoked"),
    (r"(?<!未)(?<!未曾)(权利|专利权|专利)?(终止|失效)|无权|CEASED|LAPSED|INACTIVE|\bDEAD\b", "dead", "ceased"),
    (r"未提出实(质)?审(查)?|视为未提出", "dead", "withdrawn"),
    (r"无效|INVALID", "dead", "invalidated"),
)
_GOES_ON: tuple[tuple[str, Validity, str], ...] = (
    (r"未授权|待授权|即将授权|等待授权|授权前|NOT GRANTED", "pending", "under_examination"),
    (r"实质?审(查)?|审中|在审|审查中|复审|等待|UNDER EXAM|SUBSTANTIVE", "pending", "under_examination"),
    (r"授权|有权|已授予|专利权(的)?(授予|维持)|GRANT", "in_force", "granted"),
    (r"(?<!生)有效(?!期)|维持|\bACTIVE\b|IN FORCE|\bALIVE\b|\bVALID\b|未(失效|终止)", "in_force", "granted"),
    (r"公开|公布|PUBLISHED|PUBLICATION", "pending", "published"),
    (r"受理|申请中|初审|已申请|PENDING|FILED|APPLICATION", "pending", "filed"),
    # what touches a right; only the first two say that it lives
    (r"质押|PLEDGE", "in_force", "pledged"),
    (r"保全", "in_force", "preserved"),
    (r"转移|转让|变更|TRANSFER", "unknown", "transferred"),
    (r"许可|备案|LICEN[CS]E", "unknown", "licence_filed"),
)
# First match wins.
_RULES = tuple(
    (re.compile(pattern), LegalStatus(validity, reason))
    for pattern, validity, reason in _SOUNDS_DEADLY + _ENDS + _GOES_ON
)
_EVENT_CODE = re.compile(r"(?<![A-Z0-9])([A-Z]{2}01)(?![0-9])")
_PARTS = re.compile(r"[;；|\n\r]+|<BR\s*/?>")
_DATE = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})")
_STRENGTH: dict[Validity, int] = {"unknown": 0, "pending": 1, "in_force": 2, "dead": 3}

_ENCUMBRANCE_WORDS: tuple[tuple[str, str, EncumbranceType], ...] = (
    (r"质押|PE01|PLEDGE", r"质押.{0,10}(注销|解除|终止)|解除质押|未质押|无质押|PC01", "pledge"),
    (r"保全|PP01", r"保全.{0,4}解除|解除.{0,4}保全|PD01", "preservation"),
    (
        r"独占(实施)?许可|独占|EXCLUSIVE LICEN[CS]E",
        r"非独占|独占.{0,8}(注销|解除|终止)|NON-EXCLUSIVE",
        "exclusive_licence",
    ),
    (r"排他(实施)?许可|排他|SOLE LICEN[CS]E", r"非排他|排他.{0,8}(注销|解除|终止)", "sole_licence"),
    (r"开放许可|OPEN LICEN[CS]E", r"开放许可.{0,6}(撤回|终止|注销)|撤回.{0,6}开放许可", "open_licence"),
    (
        r"权属纠纷|侵权诉讼|诉讼中|无效宣告请求|请求宣告.*无效|中止程序|LITIGATION",
        r"纠纷.{0,4}(解决|终结)",
        "dispute",
    ),
)
_ENCUMBRANCES = tuple((re.compile(begins), re.compile(ends), key) for begins, ends, key in _ENCUMBRANCE_WORDS)
_TYPE_WORDS: tuple[tuple[str, PatentType], ...] = (
    (r"实用|新型|UTILITY", "utility_model"),
    (r"外观|DESIGN", "design"),
    (r"发明|INVENTION", "invention"),
)


def _plain(text: str) -> str:
    return re.sub(r"[\u00ad\u200b\ufeff]", "", unicodedata.normalize("NFKC", text)).strip().upper()


def _day_in(part: str) -> date | None:
    found = _DATE.search(part)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _status_of_part(part: str) -> LegalStatus:
    code = _EVENT_CODE.search(part)
    if code and code[1] in REGISTER_EVENTS:
        return REGISTER_EVENTS[code[1]]
    squeezed = part if re.search(r"[A-Z]{3}", part) else re.sub(r"\s+", "", part)
    return next((status for pattern, status in _RULES if pattern.search(squeezed)), LegalStatus("unknown", ""))


def parse_legal_status(text: str) -> LegalStatus:
    """Validity and reason that a cell states, in any vendor's words; ``("unknown", "")`` when it states neither.

    A cell with several dated events (``2015.01.01 授权;2018.02.01 未缴年费终止``) means the latest that decides
    anything; without dates the worst, so that a patent is rather missed than counted alive by mistake.
    """
    parts = [part for part in _PARTS.split(_plain(text)) if part.strip()]
    read = [(_day_in(part), _status_of_part(part)) for part in parts]
    read = [(day, status) for day, status in read if status.reason]
    if not read:
        return LegalStatus("unknown", "")
    deciding = [(day, status) for day, status in read if status.validity != "unknown"] or read
    dated = [(day, status) for day, status in deciding if day is not None]
    if len(dated) == len(deciding):
        return max(dated, key=lambda item: (item[0], _STRENGTH[item[1].validity]))[1]
    return max((status for _, status in deciding), key=lambda status: _STRENGTH[status.validity])


def encumbrances_in(text: str) -> tuple[EncumbranceType, ...]:
    """What lies on the right according to a cell, in fixed order; what the same cell says to have ended is left out."""
    lasting: set[EncumbranceType] = set()
    for part in sorted(_PARTS.split(_plain(text)), key=lambda part: _day_in(part) or date.min):  # a stable sort
        for begins, ends, key in _ENCUMBRANCES:
            if ends.search(part):
                lasting.discard(key)
            elif begins.search(part):
                lasting.add(key)
    return tuple(key for _, _, key in _ENCUMBRANCES if key in lasting)


def parse_patent_type(text: str) -> PatentType | None:
    """Type in any vendor's words (发明授权, 实用新型, 外观设计, "utility model"); None when it says nothing known."""
    plain = _plain(text)
    return next((kind for pattern, kind in _TYPE_WORDS if re.search(pattern, plain)), None)


def term_years(patent_type: PatentType, filed_on: date) -> int:
    """Term of protection in years from filing: invention 20, utility model 10, design 15.

    Patent Law art. 42; designs filed before 2021-06-01 keep 10 years (国家知识产权局公告第423号, 第一条).
    """
    if patent_type == "invention":
        return 20
    if patent_type == "utility_model":
        return 10
    return 15 if filed_on >= DESIGN_TERM_CHANGE_ON else 10


def term_ends_on(patent_type: PatentType, filed_on: date) -> date:
    """First day on which the right no longer exists (期满终止日): the anniversary of filing after the term.

    Source: 专利审查指南 第五部分第九章 2.1. A filing on 29 February ends on 1 March of a common year.
    """
    year = filed_on.year + term_years(patent_type, filed_on)
    try:
        return filed_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
