"""The worksheet of a sample: on paper, as a workbook, and the workbook filled in and sent back."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.domain.sampling import FINDINGS
from matchhub.reports.tables import Cell, Sheet, write_tables
from matchhub.services.imports.worksheets import COLUMNS, SheetWords, WorksheetFaulty, take_worksheet
from matchhub.services.records.samples import SampledRow, SampleLine, sample_view
from web.bureau import blueprint
from web.bureau.exporting import XLSX
from web.bureau.sample_lists import source_word
from web.bureau.samples import WorksheetForm, sample_page
from web.gate import act
from web.language import flash_notice, t, word, words
from web.page_forms import FormRefused, sent, shown_again
from web.units import reading, writing

_WIDTHS = {"position": 6, "sample": 18, "record": 10, "title": 44, "number": 22, "source": 24, "person": 14,
           "finding": 12, "note": 50}  # fmt: skip


@blueprint.get("/samples/<int:sample_id>/sheet")
@act("sample.read")
def worksheet(sample_id: int) -> str:
    """The worksheet as it is printed and signed."""
    with reading() as unit:
        line, rows = sample_view(unit, sample_id)
    return render_template("bureau/worksheet.html", line=line, rows=rows, source_word=source_word)


@blueprint.get("/samples/<int:sample_id>/sheet.xlsx")
@act("sample.read")
def worksheet_file(sample_id: int) -> Response:
    """The worksheet as a workbook, to be filled in and sent back."""
    with reading() as unit:
        line, rows = sample_view(unit, sample_id)
    headings = [(word("sheet_column", each), _WIDTHS[each]) for each in COLUMNS]
    choices = {COLUMNS.index("finding"): [word("finding", each) for each in FINDINGS]}
    target = BytesIO()
    write_tables(target, [Sheet(t("核查表", "Worksheet"), headings, [_cells(line, row) for row in rows], choices)])
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"sample-{line.mark}.xlsx")


def _cells(line: SampleLine, row: SampledRow) -> tuple[Cell, ...]:
    finding = word("finding", row.finding) if row.finding else ""
    label = row.label
    return (row.position, line.mark, row.record_id, label.title, label.number, source_word(row.source), row.person,
            finding, row.note)  # fmt: skip


def _spoken() -> SheetWords:
    """A sheet that was handed out in one language may be sent back by a page in the other."""
    headings, findings = words()["sheet_column"], words()["finding"]
    return SheetWords(
        {text: column for column in COLUMNS for text in headings[column].values()},
        {text: key for key in FINDINGS for text in findings[key].values()},
    )


@blueprint.post("/samples/<int:sample_id>/sheet")
@act("sample.keep")
@shown_again(sample_page)
def send_worksheet(sample_id: int) -> Response:
    """Take in a filled worksheet, all of it or nothing."""
    with sent(WorksheetForm) as form:
        try:
            with writing() as unit:
                taken = take_worksheet(unit, sample_id, *form.file.file, _spoken())
        except WorksheetFaulty as faulty:
            form.faults = faulty.faults
            raise FormRefused(form, 422) from faulty
    flash_notice("notice_sheet_taken", written=taken.written, empty=taken.empty)
    return redirect(url_for("bureau.sampled", sample_id=sample_id))
