"""Files sent by the operator: kept at once, then previewed and corrected, then tried or written by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.records import KINDS
from matchhub.domain.sources import OWN, SOURCE_KINDS, ImportSource
from matchhub.errors import FileRefused, NotFound
from matchhub.services.imports import jobs
from matchhub.services.imports import uploads as kept
from matchhub.services.imports.headers import Corrections, known_sources
from matchhub.services.imports.pairs import open_pairs
from matchhub.services.imports.previews import FileView, preview_upload, refused_by_signature
from matchhub.services.imports.reading import known_fields
from matchhub.services.imports.review_queue import open_reviews
from web.forms import ButtonField, DayField, FilesField, Form, LabelledField, Length, TextField
from web.gate import act
from web.intake import blueprint
from web.intake.corrections import CorrectionsForm, corrections_of
from web.language import flash_notice, say_refusal
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, runtime, take_key, writing


class UploadForm(SmallForm):
    """Files of one kind, and where they come from."""

    blamed = {"kind_": "kind", "source_kind": "source_kind", "source_issuer": "issuer", "source_day": "issued_on",
              "": "files"}  # fmt: skip
    kind = LabelledField("kind", KINDS)
    files = FilesField()
    source_name = TextField(validators=[Length(1, 200)])
    source_kind = LabelledField("source_kind", SOURCE_KINDS, default=OWN)
    issuer = TextField(validators=[Length(0, 255)])
    issued_on = DayField()


class KindForm(Form):
    """A button: the files are of this kind."""

    kind = ButtonField()


class DropForm(Form):
    """A button: leave the file of this digest out."""

    sha256 = ButtonField()


@blueprint.get("/")
@act("intake.use")
def uploads() -> str:
    """Send files; below, the imports under way and what waits for a person."""
    return _page(None)


def _page(refused: SmallForm | None) -> str:
    with reading() as unit:
        running, pairs, sources = jobs.list_jobs(unit), open_pairs(unit), known_sources(unit)
        held = sum(open_reviews(unit).values())
    return render_template(
        "intake/uploads.html",
        kind=asked_text("kind"),
        jobs=running,
        pairs=pairs,
        held=held,
        sources=sources,
        forms=PageForms({"upload": UploadForm}, refused),
    )


@blueprint.post("/uploads")
@act("intake.use")
@shown_again(_page)
def send_files() -> Response:
    """Keep the files and answer at once; what is no table by its first bytes is refused, and nothing is kept."""
    with sent(UploadForm) as form, reading() as unit:
        files = [(file.filename or "", file.stream) for file in form.files.data]
        source = ImportSource(form.source_kind.data, form.issuer.data, form.issued_on.data)
        upload = kept.keep_upload(unit, form.kind.data, files, form.source_name.data, source)
        refused = refused_by_signature(runtime(), upload)
        if refused:
            kept.discard_upload(unit, upload.token)
            form.files.errors = [say_refusal(each) for each in refused[:-1]]
            raise refused[-1]  # told at the field like the others
    take_key()
    return redirect(url_for("intake.upload", token=upload.token))


@blueprint.get("/uploads/<token>")
@act("intake.use")
def upload(token: str) -> str:
    """The frame of an upload; the preview of its files is loaded into it."""
    with reading() as unit:
        found = kept.find_upload(unit, token)
    return render_template("intake/upload.html", upload=found)


def _preview(refused: SmallForm | None, token: str, corrections: Sequence[Corrections] = ()) -> str:
    """Preview of the files of an upload, read with ``corrections`` where there are any; these are kept with it."""
    with reading() as unit:
        found = kept.find_upload(unit, token)
    views, unreadable = _views(found, corrections or [None] * len(found.files))
    with reading() as unit:
        if unreadable:
            kept.drop_files(unit, token, {file.sha256 for file, _ in unreadable})
        if views:
            found = kept.keep_corrections(unit, token, [view.corrections for view in views])
    return render_template(
        "intake/preview.html" if request.headers.get("HX-Request") else "intake/upload.html",
        upload=found,
        files=views,
        refused=[say_refusal(fault) for _, fault in unreadable],
        fields=known_fields(found.kind),
        forms=PageForms({"corrections": CorrectionsForm}, refused),
    )


@blueprint.route("/uploads/<token>/look", methods=["GET", "POST"])
@act("intake.use")
@shown_again(_preview)
def preview(token: str) -> str:
    """Preview of the files, table by table; a form sent corrects it, and the corrections are kept with the upload.

    Files that no correction could make readable are dropped, with the reason.
    """
    if request.method == "GET":
        return _preview(None, token)
    with sent(CorrectionsForm) as form, reading() as unit:
        corrections = corrections_of(kept.find_upload(unit, token), form)
    return _preview(None, token, corrections)


def _views(
    upload: kept.Upload, corrections: Sequence[Corrections | None]
) -> tuple[list[FileView], list[tuple[kept.KeptFile, FileRefused]]]:
    views, refused = [], []
    for file, each in zip(upload.files, corrections, strict=True):
        try:
            views.append(preview_upload(runtime(), upload, file, each))
        except FileRefused as fault:
            refused.append((file, fault))
    return views, refused


@blueprint.post("/uploads/<token>/kind")
@act("intake.use")
def change_kind(token: str) -> Response:
    """Take the files for another kind."""
    with reading() as unit:
        kept.change_kind(unit, token, KindForm().kind.data)
    return redirect(url_for("intake.upload", token=token))


@blueprint.post("/uploads/<token>/drop")
@act("intake.use")
def drop_file(token: str) -> Response:
    """Leave one file out."""
    with reading() as unit:
        left = kept.drop_files(unit, token, {DropForm().sha256.data})
    return redirect(url_for("intake.upload", token=token) if left else url_for("intake.uploads"))


@blueprint.post("/uploads/<token>/jobs")
@act("intake.use")
@shown_again(_preview)
def begin(token: str) -> Response:
    """Queue the import of an upload, or its trial, with the corrections sent; the worker runs it."""
    with sent(CorrectionsForm) as form:
        mode: jobs.Mode = "write" if form.mode.data == "write" else "try"
        with reading() as unit:
            found = kept.find_upload(unit, token)
            if form.tables.get("tables-0"):  # a result's page writes without showing the tables again
                found = kept.keep_corrections(unit, token, corrections_of(found, form))
        job_id = _begin(found, token, mode)
    return redirect(url_for("intake.job", job_id=job_id, token=token if mode == "try" else None))


def _begin(found: kept.Upload, token: str, mode: jobs.Mode) -> int:
    if mode == "write":
        take_key()
        with reading() as unit, kept.taken_upload(unit, token):
            job_id = _queue(found, mode)
            kept.mark_imported(runtime().home, found)
        return job_id
    return _queue(found, mode)


def _queue(upload: kept.Upload, mode: jobs.Mode) -> int:
    files = [
        jobs.JobFile(file.name, file.sha256, file.size, file.corrections or Corrections()) for file in upload.files
    ]
    with writing() as unit:
        return jobs.add_job(unit, mode, upload.kind, upload.source_name, files, upload.source)


@blueprint.post("/uploads/<token>/discard")
@act("intake.use")
def discard(token: str) -> Response:
    """Forget files that were sent."""
    with reading() as unit, suppress(NotFound):  # every file of it may have been dropped before
        kept.discard_upload(unit, token)
    flash_notice("notice_upload_discarded", "info")
    return redirect(url_for("intake.uploads"))
