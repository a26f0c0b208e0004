"""One import: sums, problems by reason, the problems workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from matchhub.reports.problems import problem_sentence, write_problems
from matchhub.services.records.origins import undone_batches
from matchhub.services.worklists.batches import BatchView, batch_problems, batch_view, problem_rows
from web.gate import act
from web.language import headline, language, word
from web.listing import Column, Filter, Listing, ask, show
from web.operator import blueprint
from web.units import reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/batches/<int:batch_id>")
@act("intake.use")
def batch(batch_id: int) -> Any:
    """Sums of one import and its problems, a page at a time."""
    with reading() as unit:
        view = batch_view(unit, batch_id)
        asked = ask(_problems(view))
        code, file = asked.value("code"), asked.value("file")
        page = batch_problems(unit, batch_id, code, asked.sought, file)
        undone = undone_batches(unit, [batch_id])
    told = [(each, problem_sentence(each, language())) for each in page.items]
    return show("operator/batch.html", asked, page, batch=view, code=code, file=file, told=told, undone=undone)


def _problems(view: BatchView) -> Listing:
    """The list of what one import had to tell: its filters offer the reasons and files that there are."""
    codes = list(dict.fromkeys(code for code, _, _ in view.codes))
    return Listing(
        f"problems-{view.id}",
        ("导入问题", "Problems of the import"),
        (
            Column("file", ("文件", "File"), lambda row: row.file, 28),
            Column("sheet", ("工作表", "Sheet"), lambda row: row.sheet, 14, sorts=False),
            Column("line", ("行", "Line"), lambda row: row.line, 8),
            Column("column", ("列", "Column"), lambda row: row.column, 18),
            Column("value", ("原文", "As written"), lambda row: row.value, 28, sorts=False),
            Column("severity", ("程度", "Severity"), lambda row: word("severity", row.severity), 10),
            Column("code", ("问题与处理", "What is wrong"), lambda row: problem_sentence(row, language()), 60),
        ),
        (
            Filter("code", ("问题", "Reason"), "choice", lambda: [(code, headline(code)) for code in codes]),
            Filter("file", ("文件", "File"), "choice", lambda: [(file, file) for file, _ in view.told_by_file]),
        ),
        act="intake.use",
    )


@blueprint.get("/batches/<int:batch_id>/problems.xlsx")
@act("intake.use")
def batch_workbook(batch_id: int) -> Response:
    """The rows with problems as a workbook, to be corrected and imported again."""
    target = BytesIO()
    with reading() as unit:
        batch_view(unit, batch_id)
        write_problems(target, problem_rows(unit, batch_id), language())
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"problems-{batch_id}.xlsx")
