"""Reading a source's files with what is remembered of it, and running the imports that wait for the worker."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence

from ingest.reader_process import rows_from_reader_process
from ingest.reading import ReadFile
from matchhub.errors import Refusal
from matchhub.services.imports import jobs
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.headers import Corrections, remember_headers
from matchhub.services.imports.importing import keep_originals, told_if_overtaken, unaccepted
from matchhub.services.imports.reading import (
    file_description,
    headers_of,
    read_corrected,
    row_count,
    tell_of_files,
    words_of,
)
from matchhub.services.imports.source_words import remember_words
from matchhub.services.imports.trials import apart
from matchhub.services.imports.uploads import upload_path
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor, Unit

log = logging.getLogger("matchhub.imports")
Progress = Callable[[int], None]


class _Trial(Exception):
    """Leaves the unit of a trial so that nothing is kept."""


class _Doubted(Exception):
    """Leaves the unit of an import that is not plausible as a whole: nothing is kept before a person said yes."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


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
    words = words_of(runtime, job.source_name, job.kind)
    read = [
        read_corrected(upload_path(runtime.home, file.sha256), job.kind, file.corrections, file.name, words)
        for file in job.files
    ]
    if job.mode == "try":
        with apart(runtime, jobs.trial_folder(runtime.home, job.id)) as trial:
            result = _try(trial, job, actor, read, _teller(runtime, job.id, read))
        _end(runtime, job.id, "done", result)
        return
    accepted = {code for file in job.files for code in file.corrections.accepted}
    try:
        with told_if_overtaken(), runtime.unit(actor) as unit:
            result = _record(unit, job, read, _teller(runtime, job.id, read))
            if unaccepted(result, accepted):
                raise _Doubted(result)
            keep_originals(unit, job.source, [upload_path(runtime.home, file.sha256) for file in job.files])
            _remember(unit, job, read)
            jobs.end_job(unit, job.id, "done", result)
    except _Doubted as doubted:
        _end(runtime, job.id, "refused", doubted.result, Refusal("import_doubtful"))


def _remember(unit: Unit, job: jobs.JobView, read: Sequence[ReadFile]) -> None:
    """Keep the corrections of each table, and what words mean, for the next file of this source."""
    for file, each in zip(job.files, read, strict=True):
        if file.corrections.remember:
            remember_words(unit, job.source_name, job.kind, file.corrections.words)
        for part in each.parts if file.corrections.remember else ():
            correction = file.corrections.correction_of(part.file, part.sheet)
            kept = Corrections(header_line=correction.header_line, mapping=correction.mapping)
            if kept.any:
                remember_headers(unit, job.source_name, job.kind, headers_of(part), kept)


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
    result = import_rows(
        unit,
        job.kind,
        itertools.chain.from_iterable(rows_from_reader_process(each) for each in read),
        files=[file_description(each, file.sha256, file.size) for each, file in zip(read, job.files, strict=True)],
        source_name=job.source_name,
        source=job.source,
        progress=progress,
    )
    tell_of_files(result, read)
    return result


def _teller(runtime: Runtime, job_id: int, read: Sequence[ReadFile]) -> Progress:
    total = row_count(read)
    return lambda done: jobs.report_progress(runtime.home, job_id, done, total)
