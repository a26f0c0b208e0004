"""Reading a source's files with what is remembered of it, and running the imports that wait for the worker."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.beside import rows_beside
from ingest.looking import headers_under
from ingest.reading import OpenedFile, ReadFile, open_file, read_opened, read_rows
from ingest.tables import Table
from ingest.walking import Part
from matchhub.domain.corrections import TableWord
from matchhub.domain.records import Kind
from matchhub.errors import Refusal
from matchhub.services.imports import jobs
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.headers import Corrections, Memory, remember_headers, remembered_headers
from matchhub.services.imports.trials import apart
from matchhub.services.imports.uploads import upload_path
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor, Unit

log = logging.getLogger("matchhub.imports")
Progress = Callable[[int], None]


class _Trial(Exception):
    """Leaves the unit of a trial so that nothing is kept."""


def headers_of(part: Part) -> list[str]:
    """Every header of a table, understood or not."""
    return [column.header for column in part.columns] + [column.header for column in part.unknown_columns]


def read_corrected(path: Path, kind: Kind | None, corrections: Corrections, name: str | None = None) -> ReadFile:
    """``read_rows`` with a person's corrections."""
    return read_rows(
        path,
        kind,
        name=name,
        sheet=corrections.sheet,
        header_line=corrections.header_line,
        mapping=corrections.mapping or None,
        words=corrections.tables,
    )


def read_remembered(
    path: Path, kind: Kind, memories: Sequence[Memory], name: str | None = None
) -> tuple[ReadFile, Corrections]:
    """Read a file with what its source's tables were corrected to before; else as it speaks for itself."""
    opened = open_file(path, name)
    words = recalled_words(opened, kind, memories)
    return read_opened(opened, kind, words=words), Corrections(tables=words)


def recalled_words(opened: OpenedFile, kind: Kind, memories: Sequence[Memory]) -> tuple[TableWord, ...]:
    """For each table of a file whose headers were corrected before: the newest word on them."""
    words = (_recalled(table, kind, memories) for table in opened.tables)
    return tuple(word for word in words if word is not None)


def _recalled(table: Table, kind: Kind, memories: Sequence[Memory]) -> TableWord | None:
    """The header may stand in another row than it did then, below a longer title."""
    for memory in memories:
        if memory.corrections.sheet in (None, table.sheet):
            word = memory.word_on(table.file, table.sheet, table.hidden)
            for each in (word, replace(word, header_line=None)):
                if memory.fits(headers_under(table, kind, each)):
                    return each
    return None


def about(read: ReadFile, sha256: str, size: int) -> dict[str, Any]:
    """What a batch keeps of a file."""
    return {
        "name": read.file,
        "bytes": size,
        "sha256": sha256,
        "sheet": read.sheet,
        "header_line": read.header_line,
        "as_of_on": read.as_of_on and read.as_of_on.isoformat(),
    }


def run_waiting_imports(runtime: Runtime) -> int:
    """Run every import that waits, and those a dead process left; returns how many were dealt with here."""
    with runtime.unit(write=False) as unit:
        waiting = jobs.unfinished_jobs(unit)
    return sum(_run_held(runtime, job_id) for job_id in waiting)


def _run_held(runtime: Runtime, job_id: int) -> bool:
    with jobs.held_job(runtime.home, job_id) as mine:
        if not mine:
            return False
        with runtime.unit() as unit:
            begun = jobs.begin_job(unit, job_id)
        if begun is not None:
            _run(runtime, *begun)
    jobs.forget_files(runtime.home, job_id)
    return begun is not None


def _run(runtime: Runtime, job: jobs.JobView, actor: Actor) -> None:
    try:
        _import(runtime, job, actor)
    except jobs.Cancelled:
        _end(runtime, job.id, "cancelled")
    except Refusal as refusal:
        _end(runtime, job.id, "refused", refusal=refusal)
    except Exception:
        log.exception("import job %s failed", job.id)
        _end(runtime, job.id, "refused", refusal=Refusal("import_failed"))


def _end(
    runtime: Runtime, job_id: int, state: str, result: ImportResult | None = None, refusal: Refusal | None = None
) -> None:
    with runtime.unit() as unit:
        jobs.end_job(unit, job_id, state, result, refusal)


def _import(runtime: Runtime, job: jobs.JobView, actor: Actor) -> None:
    jobs.report_progress(runtime.home, job.id, 0, None)
    read = [
        read_corrected(upload_path(runtime.home, file.sha256), job.kind, file.corrections, file.name)
        for file in job.files
    ]
    if job.mode == "try":
        with apart(runtime, jobs.trial_folder(runtime.home, job.id)) as trial:
            result = _try(trial, job, actor, read, _teller(runtime, job.id, read))
        _end(runtime, job.id, "done", result)
        return
    with runtime.unit(actor) as unit:
        result = _record(unit, job, read, _teller(runtime, job.id, read))
        _remember(unit, job, read)
        jobs.end_job(unit, job.id, "done", result)


def _remember(unit: Unit, job: jobs.JobView, read: Sequence[ReadFile]) -> None:
    """Keep what a person said of each table for the next file of this source."""
    for file, each in zip(job.files, read, strict=True):
        for part in each.parts if file.corrections.remember else ():
            word = file.corrections.word_on(part.file, part.sheet)
            said = Corrections(header_line=word.header_line, mapping=word.mapping)
            if said.any:
                remember_headers(unit, job.source_name, job.kind, headers_of(part), said)


def _try(trial: Runtime, job: jobs.JobView, actor: Actor, read: Sequence[ReadFile], progress: Progress) -> ImportResult:
    result: ImportResult | None = None
    try:
        with trial.unit(actor) as unit:
            result = _record(unit, job, read, progress)
            raise _Trial
    except _Trial:
        pass
    assert result is not None
    return result


def _record(unit: Unit, job: jobs.JobView, read: Sequence[ReadFile], progress: Progress) -> ImportResult:
    """Record the rows; in a demo base they are demo rows too, so that nothing tried out there ever counts."""
    return import_rows(
        unit,
        job.kind,
        itertools.chain.from_iterable(rows_beside(each) for each in read),
        files=[about(each, file.sha256, file.size) for each, file in zip(read, job.files, strict=True)],
        source_name=job.source_name,
        demo=holds_rows(unit, demo=True),
        progress=progress,
    )


def _teller(runtime: Runtime, job_id: int, read: Sequence[ReadFile]) -> Progress:
    total = row_count(read)
    return lambda done: jobs.report_progress(runtime.home, job_id, done, total)


def row_count(read: Sequence[ReadFile]) -> int | None:
    """Data rows of all files, where every one knows its own."""
    counts = [each.row_count for each in read]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


def memories_of(runtime: Runtime, source_name: str, kind: Kind) -> list[Memory]:
    """What is remembered of a source."""
    with runtime.unit(write=False) as unit:
        return remembered_headers(unit, source_name, kind)
