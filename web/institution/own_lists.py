"""The institution's own list: sent, looked at before it is written, written, its problems, taken back."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

from flask import g, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.reports.problems import problem_sentence, write_problems
from matchhub.services.imports import own_lists
from matchhub.services.imports.reading import known_fields
from matchhub.services.imports.uploads import find_upload
from matchhub.services.records.origins import undone_batches
from matchhub.services.worklists.batches import batch_problems, batch_view, own_batches, problem_rows
from matchhub.services.worklists.own_patents import own_list_lines
from web.forms import FilesField, LabelledField, Length, TextField
from web.gate import act
from web.institution import blueprint
from web.intake.corrections import CorrectionsForm, corrections_of
from web.language import flash_notice, language, t
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_page
from web.sheets import MIMES, Columns, table_file
from web.units import reading, runtime, take_key, writing


class ListForm(SmallForm):
    """The file of an own list, and what it lists."""

    blamed = {"kind_": "kind", "": "files"}
    kind = LabelledField("kind", own_lists.OWN_KINDS, default="patents")
    files = FilesField()


class WriteForm(SmallForm):
    """A button: write the list; ``accept`` says yes to what is doubtful about the whole."""

    accept = TextField(validators=[Length(0, 1)])


class DropForm(SmallForm):
    """A button: forget the file."""


class UndoForm(SmallForm):
    """Why a list is taken back."""

    blamed = {"note_missing": "note"}
    note = TextField(validators=[Length(1, 1000)])


@blueprint.get("/lists")
@act("own_list.read")
def own_list_page() -> str:
    """Send an own list; below, those that were written."""
    return _lists(None)


def _lists(refused: SmallForm | None) -> str:
    with reading() as unit:
        page = own_batches(unit, asked_page())
        undone = undone_batches(unit, {batch.id for batch in page.items})
    forms = PageForms({"list": ListForm}, refused)
    return render_template("institution/lists.html", page=page, undone=undone, forms=forms, most=own_lists.MOST_ROWS)


@blueprint.get("/lists/form.<ending>")
@act("own_list.read")
def own_list_form(ending: str) -> Response:
    """All own patents as a table to fill in, under headers that the reader knows."""
    with reading() as unit:
        rows = own_list_lines(unit)
    columns: Columns = [
        (t("申请号", "Application number"), 20, lambda each: each.number),
        (t("专利名称", "Title"), 44, lambda each: each.title),
        (t("法律状态", "Legal status"), 12, lambda each: None),  # only what changed is to be said
        (t("法律状态日期", "Status date"), 14, lambda each: None),
        (t("年费已缴至", "Annuity paid until"), 14, lambda each: each.annuity_paid_to_on),
    ]
    return table_file(ending, "own-list", t("本单位专利", "Own patents"), columns, rows)


@blueprint.post("/lists")
@act("own_list.import")
@shown_again(_lists)
def send_own_list() -> Response:
    """Keep the file and lead to what writing it would do, or to what its columns mean where that is not clear."""
    with sent(ListForm) as form:
        files = [(file.filename or "", file.stream) for file in form.files.data]
        upload, readable = own_lists.keep_own_list(runtime(), g.actor, files, form.kind.data)
    take_key()
    page = "institution.own_list_trial" if readable else "institution.own_list_columns"
    return redirect(url_for(page, token=upload.token))


@blueprint.get("/lists/waiting/<token>")
@act("own_list.import")
def own_list_trial(token: str) -> str:
    """What writing the list would do, row by row where something is to be told; nothing is written."""
    return _trial(None, token)


def _trial(refused: SmallForm | None, token: str) -> str:
    upload, result = own_lists.try_own_list(runtime(), g.actor, token)
    told = [(each, problem_sentence(each, language())) for each in result.problems[:100]]
    forms = PageForms({"write": WriteForm, "drop": DropForm}, refused)
    return render_template("institution/list_trial.html", upload=upload, result=result, told=told, forms=forms)


@blueprint.get("/lists/waiting/<token>/columns")
@act("own_list.import")
def own_list_columns(token: str) -> str:
    """What the tables and columns of the file are taken for, to be put right."""
    return _columns(None, token)


def _columns(refused: SmallForm | None, token: str) -> str:
    upload, files = own_lists.preview_own_list(runtime(), g.actor, token)
    forms = PageForms({"corrections": CorrectionsForm, "drop": DropForm}, refused)
    return render_template(
        "institution/list_columns.html", upload=upload, files=files, fields=known_fields(upload.kind), forms=forms
    )


@blueprint.post("/lists/waiting/<token>/columns")
@act("own_list.import")
@shown_again(_columns)
def correct_own_list(token: str) -> Response:
    """Keep what the columns mean; leads to what writing would do, or back where it cannot be read yet."""
    with sent(CorrectionsForm) as form, reading() as unit:
        corrections = corrections_of(find_upload(unit, token), form)
        own_lists.correct_own_list(unit, token, corrections)
    _, files = own_lists.preview_own_list(runtime(), g.actor, token)
    page = "institution.own_list_columns" if any(each.fault for each in files) else "institution.own_list_trial"
    return redirect(url_for(page, token=token))


@blueprint.post("/lists/waiting/<token>")
@act("own_list.import")
@shown_again(_trial)
def write_own_list(token: str) -> Response:
    """Write the list."""
    with sent(WriteForm) as form, writing() as unit:
        batch_id = own_lists.write_own_list(unit, token, form.accept.data == "1")
        sums = batch_view(unit, batch_id).sums
    flash_notice("notice_own_list_written", updated=sums["updated"], review=sums["review"], refused=sums["refused"])
    return redirect(url_for("institution.own_list", batch_id=batch_id))


@blueprint.post("/lists/waiting/<token>/drop")
@act("own_list.import")
def drop_own_list(token: str) -> Response:
    """Forget the file."""
    with reading() as unit, suppress(NotFound):
        own_lists.drop_own_list(unit, token)
    flash_notice("notice_upload_discarded", "info")
    return redirect(url_for("institution.own_list_page"))


@blueprint.get("/lists/<int:batch_id>")
@act("own_list.read")
def own_list(batch_id: int) -> str:
    """One list that was written: its sums, its problems, and what became of the rows before the operator."""
    return _list(None, batch_id)


def _list(refused: SmallForm | None, batch_id: int) -> str:
    with reading() as unit:
        view = batch_view(unit, batch_id)
        page = batch_problems(unit, batch_id, page=asked_page())
        undone = batch_id in undone_batches(unit, [batch_id])
        held = own_lists.held_rows(unit, batch_id)
    told = [(each, problem_sentence(each, language())) for each in page.items]
    forms = PageForms({"undo": UndoForm}, refused)
    return render_template(
        "institution/list.html", batch=view, page=page, told=told, undone=undone, held=held, forms=forms
    )


@blueprint.get("/lists/<int:batch_id>/problems.xlsx")
@act("own_list.read")
def own_list_workbook(batch_id: int) -> Response:
    """The rows with problems as a workbook, to be corrected and sent again."""
    target = BytesIO()
    with reading() as unit:
        batch_view(unit, batch_id)
        write_problems(target, problem_rows(unit, batch_id), language())
    target.seek(0)
    return send_file(target, mimetype=MIMES["xlsx"], as_attachment=True, download_name=f"problems-{batch_id}.xlsx")


@blueprint.post("/lists/<int:batch_id>/undo")
@act("own_list.undo")
@shown_again(_list)
def undo_own_list(batch_id: int) -> Response:
    """Take a list back, with the reason."""
    with sent(UndoForm) as form, writing() as unit:
        sums = own_lists.undo_own_list(unit, batch_id, form.note.data)
    flash_notice("notice_own_list_undone", restored=sums["restored"])
    return redirect(url_for("institution.own_list", batch_id=batch_id))
