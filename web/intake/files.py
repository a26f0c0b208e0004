"""Files sent by the operator: kept at once, then previewed and corrected, then tried or written by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.records import KINDS
from matchhub.errors import FileRefused, NotFound, Refusal
from matchhub.services.imports import jobs
from matchhub.services.imports import uploads as kept
from matchhub.services.imports.headers import Corrections, known_sources
from matchhub.services.imports.pairs import open_pairs
from matchhub.services.imports.previews import FileView, preview_upload, refused_by_signature
from matchhub.services.imports.reading import known_fields
from matchhub.services.imports.review_queue import open_reviews
from web.errors import status_of
from web.gate import act
from web.intake import blueprint
from web.intake.corrections import corrections_of
from web.language import flash_notice, say_refusal
from web.paging import asked_text
from web.units import reading, runtime, writing


@blueprint.get("/")
@act("intake.use")
def uploads() -> str:
    """Send files; below, the imports under way and what waits for a person."""
    return _page(asked_text("kind"))


def _page(kind: str, faults: Sequence[str] = ()) -> str:
    with reading() as unit:
        running, pairs, sources = jobs.list_jobs(unit), open_pairs(unit), known_sources(unit)
        held = sum(open_reviews(unit).values())
    return render_template(
        "intake/uploads.html",
        kinds=KINDS,
        kind=kind,
        jobs=running,
        pairs=pairs,
        held=held,
        sources=sources,
        faults=faults,
        source_name=request.form.get("source_name", ""),
    )


@blueprint.post("/uploads")
@act("intake.use")
def send_files() -> Response | tuple[str, int]:
    """Keep the files and answer at once; what is no table by its first bytes is refused, and nothing is kept."""
    kind = request.form.get("kind", "")
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    try:
        with reading() as unit:
            upload = kept.keep_upload(unit, kind, sent, request.form.get("source_name", "").strip())
            refused = refused_by_signature(runtime(), upload)
            if refused:
                kept.discard_upload(unit, upload.token)
                return _page(kind, [say_refusal(each) for each in refused]), status_of(refused[0])
    except Refusal as refusal:
        return _page(kind, [say_refusal(refusal)]), status_of(refusal)
    return redirect(url_for("intake.upload", token=upload.token))


@blueprint.get("/uploads/<token>")
@act("intake.use")
def upload(token: str) -> str:
    """The frame of an upload; the preview of its files is loaded into it."""
    with reading() as unit:
        found = kept.find_upload(unit, token)
    return render_template("intake/upload.html", upload=found)


@blueprint.route("/uploads/<token>/look", methods=["GET", "POST"])
@act("intake.use")
def preview(token: str) -> str:
    """Preview of the files, table by table; a form sent corrects it, and the corrections are kept with the upload.

    Files that no correction could make readable are dropped, with the reason.
    """
    with reading() as unit:
        found = kept.find_upload(unit, token)
        sent = corrections_of(found) if request.method == "POST" else [None] * len(found.files)
    views, refused = _views(found, sent)
    with reading() as unit:
        if refused:
            kept.drop_files(unit, token, {file.sha256 for file, _ in refused})
        if views:
            found = kept.keep_corrections(unit, token, [view.corrections for view in views])
    template = "intake/preview.html" if request.headers.get("HX-Request") else "intake/upload.html"
    return render_template(
        template,
        upload=found,
        files=views,
        refused=[say_refusal(fault) for _, fault in refused],
        fields=known_fields(found.kind),
    )


def _views(
    upload: kept.Upload, sent: Sequence[Corrections | None]
) -> tuple[list[FileView], list[tuple[kept.KeptFile, FileRefused]]]:
    views, refused = [], []
    for file, each in zip(upload.files, sent, strict=True):
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
        kept.change_kind(unit, token, request.form.get("kind", ""))
    return redirect(url_for("intake.upload", token=token))


@blueprint.post("/uploads/<token>/drop")
@act("intake.use")
def drop_file(token: str) -> Response:
    """Leave one file out."""
    with reading() as unit:
        left = kept.drop_files(unit, token, {request.form.get("sha256", "")})
    return redirect(url_for("intake.upload", token=token) if left else url_for("intake.uploads"))


@blueprint.post("/uploads/<token>/jobs")
@act("intake.use")
def begin(token: str) -> Response:
    """Queue the import of an upload, or its trial, with the corrections sent; the worker runs it."""
    mode: jobs.Mode = "write" if request.form.get("mode") == "write" else "try"
    with reading() as unit:
        found = kept.find_upload(unit, token)
        if "tables-0" in request.form:
            found = kept.keep_corrections(unit, token, corrections_of(found))
    if mode == "write":
        with reading() as unit, kept.taken_upload(unit, token):
            job_id = _queue(found, mode)
            kept.mark_imported(runtime().home, found)
    else:
        job_id = _queue(found, mode)
    return redirect(url_for("intake.job", job_id=job_id, token=token if mode == "try" else None))


def _queue(upload: kept.Upload, mode: jobs.Mode) -> int:
    files = [
        jobs.JobFile(file.name, file.sha256, file.size, file.corrections or Corrections()) for file in upload.files
    ]
    with writing() as unit:
        return jobs.add_job(unit, mode, upload.kind, upload.source_name, files)


@blueprint.post("/uploads/<token>/discard")
@act("intake.use")
def discard(token: str) -> Response:
    """Forget files that were sent."""
    with reading() as unit, suppress(NotFound):  # every file of it may have been dropped before
        kept.discard_upload(unit, token)
    flash_notice("notice_upload_discarded", "info")
    return redirect(url_for("intake.uploads"))
