"""Importing files: send them, look at what they would do, then write or discard. Nothing is written before that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain, islice
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.reading import ReadFile, read_rows
from matchhub.domain.records import KINDS, Row
from matchhub.errors import Refusal
from matchhub.reports.problems import problem_sentence
from matchhub.services.demo_mark import holds_rows
from matchhub.services.desk import uploads
from matchhub.services.desk.batches import list_batches
from matchhub.services.desk.reviews import open_reviews
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.unit import Unit
from web.bureau.fields import field_word
from web.errors import status_of
from web.gate import roles
from web.language import language, say_refusal, tell
from web.listing import asked_page, asked_text
from web.operator import blueprint
from web.units import reading, runtime, writing

SHOWN_ROWS = 5
SHOWN_PROBLEMS = 50


@blueprint.get("/imports")
@roles("operator")
def imports() -> str:
    """Choose files to import; below, the imports there were."""
    return _page(asked_text("kind"))


def _page(kind: str, fault: str = "") -> str:
    with reading() as unit:
        page = list_batches(unit, page=asked_page())
        held = sum(open_reviews(unit).values())
    return render_template("operator/imports.html", kinds=KINDS, kind=kind, page=page, held=held, fault=fault)


@blueprint.post("/imports")
@roles("operator")
def upload() -> Response | tuple[str, int]:
    """Take files for a preview; a file that cannot be read as asked is refused in words and nothing is kept."""
    kind = request.form.get("kind", "")
    sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
    try:
        with reading() as unit:
            kept = uploads.keep_upload(unit, kind, sent, request.form.get("source_name", "").strip())
            try:
                _read(kept)
            except Refusal:
                uploads.discard_upload(unit, kept.token)
                raise
    except Refusal as refusal:
        return _page(kind, say_refusal(refusal)), status_of(refusal)
    return redirect(url_for("operator.preview", token=kept.token))


def _read(upload: uploads.Upload) -> list[ReadFile]:
    """Open every file of an upload; the first that cannot be read raises ``FileRefused``."""
    home = runtime().home
    return [
        read_rows(uploads.upload_path(home, file.sha256), upload.kind, name=file.name) for file in upload.files
    ]


@dataclass(frozen=True, slots=True)
class FilePreview:
    """How one file was understood: its parts, and the first rows as records."""

    read: ReadFile
    rows: tuple[Row, ...]

    @property
    def names(self) -> list[str]:
        """Fields that the first rows speak of, in the order of the record."""
        said = [row.record for row in self.rows if row.record is not None]
        if not said:
            return []
        names = [each.name for each in fields(said[0]) if each.name != "source"]
        return [name for name in names if any(_filled(getattr(record, name)) for record in said)]

    @property
    def headings(self) -> list[str]:
        """Words for those fields."""
        return [field_word(self.read.kind, name) for name in self.names]


def _filled(value: Any) -> bool:
    return value not in (None, "", (), False)


@blueprint.get("/imports/<token>")
@roles("operator")
def preview(token: str) -> str:
    """What was understood of the files: sheet, header, columns, first rows. Nothing is written."""
    with reading() as unit:
        kept = uploads.find_upload(unit, token)
    files = [FilePreview(read, tuple(islice(read.rows, SHOWN_ROWS))) for read in _read(kept)]
    return render_template("operator/preview.html", upload=kept, files=files)


@blueprint.post("/imports/<token>/sums")
@roles("operator")
def sums(token: str) -> str:
    """What writing the files would do: sums and the first problems, from a trial that is rolled back."""
    with reading() as unit:
        kept = uploads.find_upload(unit, token)
    read = _read(kept)
    result = _trial(kept, read)
    remarks = [remark for each in read for remark in each.remarks]
    return render_template(
        "operator/preview_sums.html",
        sums=result.sums,
        told=[(each, problem_sentence(each, language())) for each in result.problems[:SHOWN_PROBLEMS]],
        number=len(result.problems),
        remarks=[(each, problem_sentence(each, language())) for each in remarks[:SHOWN_PROBLEMS]],
    )


class _Trial(Exception):
    """Leaves the unit so that nothing is kept."""


def _trial(upload: uploads.Upload, read: Sequence[ReadFile]) -> ImportResult:
    result: ImportResult | None = None
    try:
        with writing() as unit:
            result = _import(unit, upload, read)
            raise _Trial
    except _Trial:
        pass
    assert result is not None
    return result


def _import(unit: Unit, upload: uploads.Upload, read: Sequence[ReadFile]) -> ImportResult:
    """Record the rows; in a demo base they are demo rows too, so that nothing tried out there ever counts."""
    return import_rows(
        unit,
        upload.kind,
        _rows(read),
        files=_about(upload, read),
        source_name=upload.source_name,
        demo=holds_rows(unit, demo=True),
    )


def _rows(read: Sequence[ReadFile]) -> Iterator[Row]:
    return chain.from_iterable(file.rows for file in read)


def _about(upload: uploads.Upload, read: Sequence[ReadFile]) -> list[dict[str, Any]]:
    return [
        {
            "name": file.name,
            "bytes": file.size,
            "sha256": file.sha256,
            "sheet": each.sheet,
            "header_line": each.header_line,
        }
        for file, each in zip(upload.files, read, strict=True)
    ]


@blueprint.post("/imports/<token>/confirm")
@roles("operator")
def confirm_import(token: str) -> Response:
    """Write the files of an upload and show what became of each row."""
    with reading() as looking, uploads.taken_upload(looking, token) as kept:
        read = _read(kept)
        with writing() as unit:
            result = _import(unit, kept, read)
        uploads.mark_imported(runtime().home, kept)
    tell("notice_imported", read=result.sums["read"], created=result.sums["created"])
    return redirect(url_for("operator.batch", batch_id=result.batch_id))


@blueprint.post("/imports/<token>/discard")
@roles("operator")
def discard(token: str) -> Response:
    """Forget files that were sent for a preview."""
    with reading() as unit:
        uploads.discard_upload(unit, token)
    tell("notice_upload_discarded", "info")
    return redirect(url_for("operator.imports"))
