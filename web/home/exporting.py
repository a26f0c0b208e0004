"""What a search found as a file: the rows of the screen in its order, at most 5,000, texts always texts."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.reports.tables import Cell, Sheet, write_csv, write_tables
from matchhub.services.search.addresses import filters_of
from matchhub.services.search.kinds import KINDS, Kind, all_ids
from matchhub.services.search.saved import name_of
from web.display import moment
from web.gate import act
from web.home import blueprint
from web.home.searching import asked_filters
from web.language import t, word
from web.paging import asked_text
from web.units import reading, runtime

MOST = 5_000
MIMES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Columns = list[tuple[str, int, Callable[[Any], Cell]]]


@blueprint.get("/export/<kind>.<ending>")
@act("base.export")
def export(kind: str, ending: str) -> Response:
    """What a list finds as csv or xlsx, in its order and with its filters."""
    if kind not in KINDS or ending not in MIMES:
        raise NotFound()
    known: Kind = kind
    query, said = asked_text("q"), asked_filters(known)
    with reading() as unit:
        ids = all_ids(unit, known, query, filters_of(known, said), asked_text("sort"))
        rows = [row for at in range(0, min(len(ids), MOST), 500) for row in KINDS[known].rows(unit, ids[at : at + 500])]
    columns = _columns(known)
    headings = [(heading, width) for heading, width, _ in columns]
    sheet = Sheet(word("search_kind", kind), headings, [[read(row) for _, _, read in columns] for row in rows[:MOST]])
    target = BytesIO()
    if ending == "csv":
        write_csv(target, sheet)
    else:
        write_tables(target, [sheet, _about(query, said, len(ids), min(len(rows), MOST))])
    target.seek(0)
    return send_file(target, mimetype=MIMES[ending], as_attachment=True, download_name=f"{kind}.{ending}")


def _about(query: str, said: dict[str, str], found: int, written: int) -> Sheet:
    facts: list[tuple[str, Cell]] = [
        (t("检索词", "Words"), query),
        (t("筛选条件", "Filters"), "; ".join(f"{name}={value}" for name, value in said.items())),
        (t("命中条数", "Found"), found),
        (t("本表行数", "Rows in this file"), written),
        (t("导出时间", "Exported at"), moment(runtime().clock())),
    ]
    return Sheet(t("说明", "About"), [(t("项目", "Item"), 16), (t("内容", "Value"), 60)], facts)


def _columns(kind: Kind) -> Columns:
    named: Columns = [(t("名称", "Name"), 44, name_of)]
    return named + _OTHERS[kind]()


def _patents() -> Columns:
    return [
        (t("号码", "Number"), 20, lambda row: row.number),
        (t("种类", "Kind"), 12, lambda row: word("patent_type", row.patent_type) if row.patent_type else ""),
        (t("法律状态", "Legal status"), 12, lambda row: word("validity", row.validity)),
        (t("主分类号", "Main class"), 14, lambda row: row.main_class),
        (t("权利人", "Holder"), 36, lambda row: "；".join(row.holders)),
        (t("日期", "Day"), 12, lambda row: row.day),
    ]


def _offers() -> Columns:
    return [
        (t("专利号", "Patent number"), 18, lambda row: row.patent_number),
        (t("权利人", "Holder"), 36, lambda row: row.holder_name),
        (t("声明公告号", "Announcement"), 20, lambda row: row.announcement_number),
        (t("费用（元）", "Fee (yuan)"), 12, lambda row: row.fee_yuan),
        (t("费用说明", "Fee in words"), 36, lambda row: row.fee_text),
        (t("有效期至", "Until"), 12, lambda row: row.valid_to_on),
        (t("行业", "Industry"), 20, lambda row: row.industry),
    ]


def _demands() -> Columns:
    return [
        (t("技术领域", "Field"), 24, lambda row: row.technical_field),
        (t("状态", "State"), 12, lambda row: word("demand_state", row.state)),
        (t("发布日期", "Posted on"), 12, lambda row: row.posted_on),
        (t("有效期至", "Until"), 12, lambda row: row.valid_until_on),
        (t("企业", "Enterprise"), 36, lambda row: row.enterprise_name),
    ]


def _agencies() -> Columns:
    return [
        (t("服务", "Services"), 40, lambda row: "；".join(row.service_types)),
        (t("机构代码", "Code"), 12, lambda row: row.agency_code),
    ]


def _experts() -> Columns:
    return [
        (t("单位", "Organisation"), 36, lambda row: row.organisation),
        (t("职称", "Title"), 14, lambda row: row.title),
        (t("研究方向", "Field"), 40, lambda row: row.field),
    ]


def _enterprises() -> Columns:
    return [
        (t("统一社会信用代码", "Credit code"), 22, lambda row: row.uscc),
        (t("行业", "Trade"), 24, lambda row: row.industry),
        (t("所在地", "Place"), 36, lambda row: row.place),
    ]


_OTHERS: dict[Kind, Callable[[], Columns]] = {
    "patents": _patents,
    "offers": _offers,
    "demands": _demands,
    "agencies": _agencies,
    "experts": _experts,
    "enterprises": _enterprises,
}
