"""Rows of what the other clauses pay for (代理师, 专利导航, 高端机构入驻, 平台, 销售额, 质押贷款, 活动) to records."""

from __future__ import annotations

import re
from datetime import date

from ingest.cells import Cells, first_match
from matchhub.domain.records import AwardRowRecord, Row

# The first match wins; the keys are those of ``domain.award_rules.PAYEES``.
_KINDS = (
    ("导航|navigation", "navigation"),
    ("入驻|entr(y|ies)", "entries"),
    ("质押|贷款|融资|放款|loan|pledge", "pledge_loans"),
    ("代理师|agent", "agents"),
    ("平台|platform", "platforms"),
    ("销售|营业收入|营收|sales", "sales"),
    ("活动|会议|对接会|论坛|沙龙|event", "events"),
)
_TELLING = ("title", "amount", "occurred_on", "number")  # columns whose header may say what the table lists
_YEAR = re.compile(r"^((?:19|20)\d\d)(?:年度?)?(?:\.0)?$")
_WHOLE = re.compile(r"^(\d{1,9})(?:\.0+)?\s*(?:人|名|位|件|个|家)?$")


def read_award(cells: Cells) -> Row:
    """Record or refusal of one row; without kind, payee, title or day it is refused.

    The kind is what its own column says, else what the headers, else what the title of the table says.
    """
    kind = _kind(cells)
    agency, agency_code = cells.text("agency_name"), cells.uscc("agency_uscc")
    firm, firm_code = cells.text("enterprise_name"), cells.uscc("enterprise_uscc")
    cells.expect(agency or agency_code or firm or firm_code, "agency_name", "award_payee_missing")
    number = cells.text("number")
    # Of an entry and of a year of sales the payee is name enough.
    title = cells.text("title") or number or (agency if kind in ("entries", "sales") else None)
    cells.expect(title, "title", "award_title_missing")
    occurred_on = cells.day("occurred_on", "error") or _last_of_year(cells)
    cells.expect(occurred_on, "occurred_on", "award_day_missing")
    record = AwardRowRecord(
        source=cells.source,
        kind=kind,
        agency_name=agency,
        agency_uscc=agency_code,
        enterprise_name=firm,
        enterprise_uscc=firm_code,
        title=title,
        number=number,
        occurred_on=occurred_on,
        amount_yuan=cells.money("amount", "error"),
        notified_on=cells.day("notified_on", "error"),
        until_on=cells.day("until_on", "error"),
        started_on=cells.day("started_on", "error"),
        left_on=cells.day("left_on", "error"),
        reviewed_on=cells.day("reviewed_on", "error"),
        agents=_whole(cells, "agents"),
        cases=_whole(cells, "cases"),
        top_firms=_whole(cells, "top_firms"),
    )
    return cells.row(record)


def _kind(cells: Cells) -> str | None:
    said = cells.raw("kind")
    if said or "kind" in cells.layout.columns:
        kind = first_match(_KINDS, said)
    else:
        headers = (cells.layout.header(name) for name in _TELLING if name in cells.layout.columns)
        kind = next(filter(None, (first_match(_KINDS, header) for header in headers)), None)
        kind = kind or first_match(_KINDS, cells.layout.heading)
    if kind is None:
        cells.add_problem("kind", "award_kind_unknown" if said else "award_kind_missing", said)
    return kind


def _last_of_year(cells: Cells) -> date | None:
    """A year of sales is recorded on its last day."""
    raw = cells.raw("year")
    found = _YEAR.match(raw)
    if raw and not found:
        cells.add_problem("year", "date_unreadable", raw)
    return date(int(found[1]), 12, 31) if found else None


def _whole(cells: Cells, field: str) -> int | None:
    raw = cells.raw(field)
    found = _WHOLE.match(raw.replace(",", ""))
    if raw and not found:
        cells.add_problem(field, "whole_number_unreadable", raw)
    return int(found[1]) if found else None
