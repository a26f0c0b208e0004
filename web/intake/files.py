"""Files sent by the operator: kept at once, then looked at, corrected, tried or written by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.columns import fields_of
from ingest.reading import Part, ReadFile
from matchhub.cli.import_jobs import memories_of, read_corrected, read_remembered
from matchhub.domain.records import KINDS, Kind, Row
from matchhub.errors import Refusal
from matchhub.services.desk import uploads as kept
from matchhub.services.intake import jobs
from matchhub.services.intake.headers import Corrections, known_sources, remember_headers
from matchhub.services.intake.pairs import open_pairs
from web.errors import status_of
from web.gate import roles
from web.intake import blueprint
from web.language import say_refusal, tell
from web.listing import asked_text
from web.units import reading, runtime, writing

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: what was taken for it, what it resembles, and how often a person said so."""

    index: int
    header: str
    field: str
    proposals: tuple[tuple[str, str, float], ...]
    known: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it was understood, or the refusal in ``fault``."""

    name: str
    read: ReadFile | None
    part: Part | None
    columns: tuple[ColumnView, ...]
    rows: tuple[Row, ...]
    corrections: Corrections
    fault: str = ""


@blueprint.get("/")
@roles("operator")
def uploads() -> str:
    """Send files; below, the imports under way and what waits for a person."""
    return _page(asked_text("kind"))


def _page(kind: str, fault: str = "") -> str:
    with reading() as unit:
        running, waiting, sources = jobs.list_jobs(unit), open_pairs(unit), known_sources(unit)
    return render_template(
        "intake/uploads.html", kinds=KINDS, kind=kind, jobs=running, pairs=waiting, sources=sources, fault=fault
    )


@blueprint.post("/uploads")
@roles("operator")
def send_files() -> Response | tuple[str, int]:
    """Keep the files and answer at once; nothing is read yet."""
    kind = request.form.get("kind", "")
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    try:
        with reading() as unit:
            upload = kept.keep_upload(unit, kind, sent, request.form.get("source_name", "").strip())
    except Refusal as refusal:
        return _page(kind, say_refusal(refusal)), status_of(refusal)
    return redirect(url_for("intake.upload", token=upload.token))


@blueprint.get("/uploads/<token>")
@roles("operator")
def upload(token: str) -> str:
    """The frame of an upload; what was understood of the files is loaded into it."""
    with reading() as unit:
        found = kept.find_upload(unit, token)
    return render_template("intake/upload.html", upload=found)


@blueprint.route("/uploads/<token>/look", methods=["GET", "POST"])
@roles("operator")
def look(token: str) -> str:
    """What is understood of the files: sheet, header, meaning of columns, first rows; a form sent corrects it."""
    with reading() as unit:
        found = kept.find_upload(unit, token)
    views = _understood(found, request.method == "POST")
    template = "intake/look.html" if request.headers.get("HX-Request") else "intake/upload.html"
    return render_template(template, upload=found, files=views, fields=fields_of(found.kind))


def _understood(upload: kept.Upload, corrected: bool) -> list[FileView]:
    memories = [] if corrected or not upload.source_name else memories_of(runtime(), upload.source_name, upload.kind)
    views = []
    for at, file in enumerate(upload.files):
        path = kept.upload_path(runtime().home, file.sha256)
        said = _said(at, upload.kind) if corrected else Corrections()
        try:
            if corrected:
                read = read_corrected(path, upload.kind, said, file.name)
            else:
                read, said = read_remembered(path, upload.kind, memories, file.name)
        except Refusal as refusal:
            views.append(FileView(file.name, None, None, (), (), said, say_refusal(refusal)))
            continue
        part = read.parts[0]
        views.append(FileView(file.name, read, part, _columns(part), tuple(islice(read.rows, SHOWN_ROWS)), said))
    return views


def _columns(part: Part) -> tuple[ColumnView, ...]:
    known = [ColumnView(each.index, each.header, each.field, (), True) for each in part.columns]
    unknown = [ColumnView(each.index, each.header, "", each.proposals, False) for each in part.unknown_columns]
    return tuple(sorted([*known, *unknown], key=lambda column: column.index))


def _said(at: int, kind: Kind) -> Corrections:
    """Corrections of file number ``at`` in the form: only what a person changed."""
    form = request.form
    line = form.get(f"line-{at}", "").strip()
    mapping = {}
    for number in range(int(form.get(f"columns-{at}", "0") or 0)):
        header, field = form.get(f"head-{at}-{number}", ""), form.get(f"map-{at}-{number}", "")
        before = form.get(f"was-{at}-{number}", "")
        if header and (field != before or form.get(f"said-{at}-{number}") == "1"):
            if field and field not in fields_of(kind) and field != before:
                raise Refusal("header_field_unknown", header=header, field=field)
            mapping[header] = field
    return Corrections(
        form.get(f"sheet-{at}", "").strip() or None,
        int(line) if line.isdecimal() and 0 < len(line) < 6 and int(line) else None,
        mapping,
    )


@blueprint.post("/uploads/<token>/jobs")
@roles("operator")
def begin(token: str) -> Response:
    """Queue the import of an upload, or its trial, as it is understood now; the worker runs it."""
    mode: jobs.Mode = "write" if request.form.get("mode") == "write" else "try"
    with reading() as unit:
        found = kept.find_upload(unit, token)
    said = [_said(at, found.kind) for at in range(len(found.files))]
    if mode == "write":
        with reading() as looking, kept.taken_upload(looking, token):
            job_id = _queue(found, mode, said)
            kept.mark_imported(runtime().home, found)
    else:
        job_id = _queue(found, mode, said)
    return redirect(url_for("intake.job", job_id=job_id, token=token if mode == "try" else None))


def _queue(upload: kept.Upload, mode: jobs.Mode, said: Sequence[Corrections]) -> int:
    files = [
        jobs.JobFile(file.name, file.sha256, file.size, each) for file, each in zip(upload.files, said, strict=True)
    ]
    learned = _to_remember(upload, said) if mode == "write" and request.form.get("remember") == "1" else []
    with writing() as unit:
        for headers, each in learned:
            remember_headers(unit, upload.source_name, upload.kind, headers, each)
        return jobs.add_job(unit, mode, upload.kind, upload.source_name, files)


def _to_remember(upload: kept.Upload, said: Sequence[Corrections]) -> list[tuple[list[str], Corrections]]:
    """Headers as the form showed them, with the corrections of each file."""
    found = []
    for at, each in enumerate(said):
        number = int(request.form.get(f"columns-{at}", "0") or 0)
        headers = [request.form.get(f"head-{at}-{place}", "") for place in range(number)]
        if headers and each.any and upload.source_name:
            found.append((headers, each))
    return found


@blueprint.post("/uploads/<token>/discard")
@roles("operator")
def discard(token: str) -> Response:
    """Forget files that were sent."""
    with reading() as unit:
        kept.discard_upload(unit, token)
    tell("notice_upload_discarded", "info")
    return redirect(url_for("intake.uploads"))
