"""Records that the bureau rejected, each with its reason, until they are mended."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.services.worklists.rejected import rejected_records
from web.display import moment
from web.gate import act
from web.language import t, word
from web.listing import Column, Filter, Listing, ask, show
from web.operator import blueprint
from web.units import reading

REJECTIONS = Listing(
    "rejections",
    ("被否决的记录", "Records rejected"),
    (
        Column("title", ("记录", "Record"), lambda row: row.label.title or f"#{row.record}", 40),
        Column("kind", ("种类", "Kind"), lambda row: word("kind", row.kind), 14),
        Column("reason", ("否决理由", "Reason"), lambda row: row.reason, 40),
        Column("by", ("否决人", "By"), lambda row: row.by, 16),
        Column("at", ("否决时间", "When"), lambda row: moment(row.at), 18, order=lambda row: row.at),
        Column("mended", ("已修改", "Changed since"), lambda row: row.mended, 10),
    ),
    (
        Filter("q", ("名称或理由", "Name or reason")),
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: "mended" if row.mended else "open"),
    ),
    lambda row: url_for("bureau.record", kind=row.kind, record_id=row.record),
    "todo.read",
)


def _states() -> list[tuple[str, str]]:
    return [("open", t("待修改", "To be mended")), ("mended", t("已修改，待复核", "Changed, the bureau looks again"))]


@blueprint.get("/rejections")
@act("todo.read")
def rejections() -> Any:
    """Records that the bureau rejected: to be mended, or changed and waiting for the bureau."""
    asked = ask(REJECTIONS)
    with reading() as unit:
        rows = rejected_records(unit)
    return show("operator/rejections.html", asked, asked.page(rows))
