"""What the words of registers and vendors say about a patent: what lies on it, its type, and when its term ends.

Whether it lives is read in ``legal_status``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from matchhub.domain.legal_status import day_in_status, plain_text, status_parts
from matchhub.domain.records import EncumbranceClaim, EncumbranceType, PatentType

DESIGN_TERM_CHANGE_ON = date(2021, 6, 1)


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
        r"纠纷.{0,4}(解决|终结)|(无效宣告)?请求.{0,5}(驳回|撤回|不成立)|驳回.{0,4}无效(宣告)?请求|(诉讼|中止).{0,6}(终止|终结|结束|撤回)",
        "dispute",
    ),
)
_ENCUMBRANCES = tuple((re.compile(begins), re.compile(ends), key) for begins, ends, key in _ENCUMBRANCE_WORDS)
_TYPE_WORDS: tuple[tuple[str, PatentType], ...] = (
    (r"实用|新型|UTILITY", "utility_model"),
    (r"外观|DESIGN", "design"),
    (r"发明|INVENTION", "invention"),
)


def encumbrances_in(text: str) -> tuple[EncumbranceClaim, ...]:
    """What lies on the right according to a cell and what has ended, in fixed order, of the days that the cell tells.

    A day in the cell is that of the register's entry. Of words without a day the last one counts, and none where
    others of the same kind have a day.
    """
    found: dict[EncumbranceType, list[EncumbranceClaim]] = {}
    for part in status_parts(text):
        day = day_in_status(part)
        for begins, ends, key in _ENCUMBRANCES:
            if ends.search(part):
                found.setdefault(key, []).append(EncumbranceClaim(key, True, day))
            elif begins.search(part):
                found.setdefault(key, []).append(EncumbranceClaim(key, False, day, day))
    return tuple(claim for _, _, key in _ENCUMBRANCES for claim in _of_one_kind(found.get(key, [])))


def _of_one_kind(claims: list[EncumbranceClaim]) -> Iterable[EncumbranceClaim]:
    dated = sorted({claim for claim in claims if claim.as_of_on}, key=lambda claim: (claim.as_of_on, not claim.ended))
    return dated or claims[-1:]


def parse_patent_type(text: str) -> PatentType | None:
    """Type in any vendor's words (发明授权, 实用新型, 外观设计, "utility model"); None when it says nothing known."""
    plain = plain_text(text)
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
