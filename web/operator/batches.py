"""One import: sums, problems by reason, the problems workbook."""

from __future__ import annotations

from io import BytesIO

from flask import render_template, send_file
from werkzeug.wrappers import Response

from matchhub.reports.problems import problem_sentence, write_problems
from matchhub.services.records.origins import undone_batches
from matchhub.services.worklists.batches import batch_problems, batch_view, problem_rows
from web.gate import act
from web.language import language
from web.operator import blueprint
from web.paging import asked_page, asked_text
from web.units import reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/batches/<int:batch_id>")
@act("intake.use")
def batch(batch_id: int) -> str:
    """Sums of one import and its problems, a page at a time."""
    code, file = asked_text("code"), asked_text("file")
    with reading() as unit:
        view = batch_view(unit, batch_id)
        page = batch_problems(unit, batch_id, code, asked_page(), file)
        undone = undone_batches(unit, [batch_id])
    told = [(each, problem_sentence(each, language())) for each in page.items]
    return render_template("operator/batch.html", batch=view, page=page, code=code, file=file, told=told, undone=undone)


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
