"""A holder's own list, read by the reader of all imports: kept, tried, written, taken back; its organisation's alone.

What of a row is taken say ``own_rows`` and ``own_grade_rows``. A list has at most ``MOST_ROWS`` rows, so it is written
at once and needs no job of the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from sqlalchemy import func, select

from ingest.reader_process import rows_from_reader_process
from ingest.reading import ReadFile
from matchhub.db.tables import ReviewItem
from matchhub.domain.records import Kind, Row
from matchhub.errors import Conflict, Refusal
from matchhub.services.imports.batch import ImportResult, record_batch
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.own_grade_rows import own_grade_rows
from matchhub.services.imports.own_rows import own_rows
from matchhub.services.imports.previews import FileView, preview_upload
from matchhub.services.imports.reading import file_description, read_corrected, tell_of_files
from matchhub.services.imports.undoing import take_back
from matchhub.services.imports.uploads import (
    Upload,
    discard_upload,
    find_upload,
    keep_corrections,
    mark_imported,
    put_upload,
    taken_upload,
    upload_path,
)
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor, Unit
from matchhub.services.worklists.batches import readable_batch

MOST_ROWS = 5_000
# What an institution may send of itself, and what of its rows is taken.
_OWN_ROWS: Mapping[Kind, Callable[[Unit, Iterable[Row]], Iterator[Row]]] = {
    "patents": own_rows,
    "stock_grades": own_grade_rows,
}
OWN_KINDS: tuple[Kind, ...] = tuple(_OWN_ROWS)


class _Trial(Exception):
    """Leaves the unit of a trial so that nothing is kept."""


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one batch that went before the operator: those that wait, were accepted, were refused."""

    waiting: int
    accepted: int
    refused: int


def keep_own_list(
    runtime: Runtime, actor: Actor, files: Sequence[tuple[str, IO[bytes]]], kind: Kind = "patents"
) -> tuple[Upload, bool]:
    """Keep a file and hand out its ticket, which its sender alone can use, and whether it can be read as it is.

    Where not, what its columns mean can be said (``preview_own_list``, ``correct_own_list``). Raises as
    ``keep_upload``, and ``FileRefused`` for a file that no correction makes readable, in which case nothing is kept,
    ``Refusal("kind_unknown")`` for a kind that is none of ``OWN_KINDS``.
    """
    if kind not in OWN_KINDS:
        raise Refusal("kind_unknown", kind=kind)
    with runtime.unit(actor, write=False) as unit:
        unit.require("own_list.import")
        upload = put_upload(unit, kind, files)
        try:
            views = [preview_upload(runtime, upload, file, None) for file in upload.files]
        except Refusal:
            discard_upload(unit, upload.token)
            raise
    return upload, not any(view.fault for view in views)


def preview_own_list(runtime: Runtime, actor: Actor, token: str) -> tuple[Upload, list[FileView]]:
    """The files of an own list, table by table, with what each column is taken for."""
    with runtime.unit(actor, write=False) as unit:
        unit.require("own_list.import")
        upload = find_upload(unit, token)
    return upload, [preview_upload(runtime, upload, file, None) for file in upload.files]


def correct_own_list(unit: Unit, token: str, corrections: Sequence[Corrections]) -> Upload:
    """Keep what its sender says of the columns of each file, until the list is written or dropped."""
    unit.require("own_list.import")
    return keep_corrections(unit, token, corrections)


def try_own_list(runtime: Runtime, actor: Actor, token: str) -> tuple[Upload, ImportResult]:
    """What writing the list would do; nothing of it is kept. ``NotFound("upload_not_found")`` for another's ticket."""
    found: list[tuple[Upload, ImportResult]] = []
    with suppress(_Trial), runtime.unit(actor) as unit:
        unit.require("own_list.import")
        upload = find_upload(unit, token)
        found.append((upload, _record(unit, upload)))
        raise _Trial
    return found[0]


def write_own_list(unit: Unit, token: str, accepted: bool = False) -> int:
    """Write the list and use its ticket up; returns the batch.

    Raises ``NotFound("upload_not_found")``, and ``Conflict("import_doubtful")`` where the whole is not plausible and
    nobody ``accepted`` that.
    """
    unit.require("own_list.import")
    with taken_upload(unit, token) as upload:
        result = _record(unit, upload)
        if result.doubts and not accepted:
            raise Conflict("import_doubtful")
        mark_imported(unit.home, upload)
    assert result.batch_id is not None
    return result.batch_id


def drop_own_list(unit: Unit, token: str) -> None:
    """Forget a file that was not written."""
    unit.require("own_list.import")
    discard_upload(unit, token)


def undo_own_list(unit: Unit, batch_id: int, reason: str) -> dict[str, int]:
    """Take a list of the own organisation back, as ``undo_batch`` does.

    Raises ``NotFound("batch_not_found")`` for another's, ``Conflict("own_list_decided")`` once the operator accepted a
    row of it: what the operator accepted is the operator's to take back.
    """
    unit.require("own_list.undo")
    batch = readable_batch(unit, batch_id, "import.undo")
    if held_rows(unit, batch_id).accepted:
        raise Conflict("own_list_decided", id=batch_id)
    return take_back(unit, batch.id, reason)


def held_rows(unit: Unit, batch_id: int) -> Held:
    """What became of the rows of one batch that went before the operator."""
    readable_batch(unit, batch_id)
    chosen = select(ReviewItem.decision, func.count()).where(ReviewItem.batch_id == batch_id)
    found = dict(unit.session.execute(chosen.group_by(ReviewItem.decision)).all())
    return Held(found.get(None, 0), found.get("accepted", 0), found.get("refused", 0))


def _read(unit: Unit, upload: Upload) -> list[ReadFile]:
    return [
        read_corrected(upload_path(unit.home, file.sha256), upload.kind, file.corrections or Corrections(), file.name)
        for file in upload.files
    ]


def _record(unit: Unit, upload: Upload) -> ImportResult:
    read = _read(unit, upload)
    rows = list(islice(chain.from_iterable(rows_from_reader_process(file) for file in read), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Refusal("own_list_too_long", most=MOST_ROWS)
    described = [file_description(each, file.sha256, file.size) for each, file in zip(read, upload.files, strict=True)]
    own: list[Row] = list(_OWN_ROWS[upload.kind](unit, rows))
    result = record_batch(unit, upload.kind, own, files=described, colleagues_alone=True)
    tell_of_files(result, read)
    return result
