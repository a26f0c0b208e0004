"""Reading a source's files with what is remembered of it, and running the imports that wait for the worker."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ingest.reading import Part, ReadFile, read_rows
from matchhub.domain.records import Kind
from matchhub.errors import FileRefused, Refusal
from matchhub.services.desk.uploads import upload_path
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.intake import jobs
from matchhub.services.intake.headers import Corrections, Memory, remembered_headers
from matchhub.services.runtime import Runtime
from matchhub.services.unit import Actor

log = logging.getLogger("matchhub.imports")


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
    )


def read_remembered(
    path: Path, kind: Kind, memories: Iterable[Memory], name: str | None = None
) -> tuple[ReadFile, Corrections]:
    """Read a file as its source was read before, when its headers are those; else as it speaks for itself."""
    for memory in memories:
        try:
            read = read_corrected(path, kind, memory.corrections, name)
        except FileRefused:
            continue
        if any(memory.fits(headers_of(part)) for part in read.parts):
            return read, memory.corrections
    return read_rows(path, kind, name=name), Corrections()


def about(read: ReadFile, sha256: str, size: int) -> dict[str, Any]:
    """What a batch keeps of a file."""
    return {
        "name": read.file, "bytes": size, "sha256": sha256, "sheet": read.sheet, "header_line": read.header_line,
    }  # fmt: skip


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
    jobs.tell_progress(runtime.home, job.id, 0, None)
    read = [
        read_corrected(upload_path(runtime.home, file.sha256), job.kind, file.corrections, file.name)
        for file in job.files
    ]
    files = [about(each, file.sha256, file.size) for each, file in zip(read, job.files, strict=True)]
    result: ImportResult | None = None
    try:
        with runtime.unit(actor) as unit:
            rows = itertools.chain.from_iterable(each.rows for each in read)
            result = import_rows(
                unit, job.kind, rows, files=files, source_name=job.source_name, progress=_teller(runtime, job.id, read)
            )
            if job.mode == "try":
                raise _Trial
            jobs.end_job(unit, job.id, "done", result)
    except _Trial:
        _end(runtime, job.id, "done", result)


def _teller(runtime: Runtime, job_id: int, read: Sequence[ReadFile]) -> Callable[[int], None]:
    total = row_count(read)
    return lambda done: jobs.tell_progress(runtime.home, job_id, done, total)


def row_count(read: Sequence[ReadFile]) -> int | None:
    """Data rows of all files, where every one knows its own."""
    counts = [each.row_count for each in read]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


def memories_of(runtime: Runtime, source_name: str, kind: Kind) -> list[Memory]:
    """What is remembered of a source."""
    with runtime.unit(write=False) as unit:
        return remembered_headers(unit, source_name, kind)
