"""Imports that the worker runs. One batch is one transaction, so how far a job is cannot stand in the same base.

State and outcome are rows; how far a running job is, and the wish to cancel it, are small files under ``home/jobs``,
which need no write lock. A lock on ``<id>.lock`` is held while a job runs: a job called running without its lock being
held was left by a dead process and begins again (``docs/decisions/0016-import-jobs.md``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import select

from matchhub.db.tables import ImportJob
from matchhub.domain.records import KINDS, Kind
from matchhub.domain.sources import OWN_LIST, STOCK, ImportSource
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.sessions import actor_of_account
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.jobs import last_seen
from matchhub.services.kernel.locks import held
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import SYSTEM, Actor, Unit

Mode = Literal["try", "write"]
ENDED = ("done", "refused", "cancelled")
QUIET = timedelta(minutes=2)
# What a refused import tells of its files: who is asked for a yes must see it.
_TOLD = ("doubts", "remarks", "remark_count", "unknown_columns", "replaced", "replaced_examples")
MOST_ATTEMPTS = 3  # begun so often without an end: the file itself must be to blame


@dataclass(frozen=True, slots=True)
class JobFile:
    """One file of a job, kept by its hash among the uploads, and how it is to be read."""

    name: str
    sha256: str
    size: int
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. ``done`` and ``total`` are rows (total None: not known yet); ``outcome`` sums or the refusal."""

    id: int
    mode: Mode
    kind: Kind
    source_name: str
    source: ImportSource
    files: tuple[JobFile, ...]
    state: str
    done: int
    total: int | None
    batch_id: int | None
    outcome: dict[str, Any]
    account_id: int | None
    created_at: datetime
    finished_at: datetime | None
    cancelling: bool

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def lacks_source(self) -> bool:
        """Whether it brings records of the stock whose files nobody named a source for."""
        return self.source.is_own and self.kind in STOCK

    @property
    def percent(self) -> int | None:
        """How far it is, 0..100."""
        return None if not self.total else min(100, 100 * self.done // self.total)


class Cancelled(Exception):
    """Leaves the unit of a job that was cancelled; nothing is kept."""


def add_job(
    unit: Unit,
    mode: Mode,
    kind: str,
    source_name: str,
    files: Sequence[JobFile],
    source: ImportSource = OWN_LIST,
) -> int:
    """Queue an import (``write``) or its trial (``try``) of files of a source; returns its number."""
    unit.require("import.run")
    if kind not in KINDS:
        raise Refusal("kind_unknown", kind=kind)
    kept = [
        {"name": each.name, "sha256": each.sha256, "size": each.size, **each.corrections.to_json()} for each in files
    ]
    job = ImportJob(mode=mode, kind=kind, source_name=source_name[:255], files=kept, origin=source.to_json(),
                    state="waiting", account_id=unit.actor.account_id, created_at=unit.now)  # fmt: skip
    unit.session.add(job)
    unit.session.flush()
    append_event(unit, "import.queued", kind, job.id, mode=mode)
    return job.id


def job_view(unit: Unit, job_id: int) -> JobView:
    """One job as it stands this moment; ``NotFound("import_job_not_found")``."""
    unit.require("import.run")
    return _view(unit, _job(unit, job_id))


def list_jobs(unit: Unit, most: int = 10) -> list[JobView]:
    """The newest jobs."""
    unit.require("import.run")
    chosen = select(ImportJob).order_by(ImportJob.id.desc()).limit(most)
    return [_view(unit, job) for job in unit.session.execute(chosen).scalars()]


def lacks_worker(unit: Unit, job: JobView) -> bool:
    """Whether a job waits though no worker gave a sign of life lately and none is at an import, which keeps it so."""
    seen = last_seen(unit)
    if job.state != "waiting" or (seen is not None and seen <= QUIET):
        return False
    return unit.session.execute(select(ImportJob.id).where(ImportJob.state == "running").limit(1)).first() is None


def wish_cancelled(unit: Unit, job_id: int) -> None:
    """Ask a job to stop; needs no write lock, so it is heard while the job holds it.

    Raises ``NotFound`` and ``Conflict("import_job_ended")``.
    """
    unit.require("import.run")
    if _job(unit, job_id).state in ENDED:
        raise Conflict("import_job_ended", id=job_id)
    _file(unit.home, job_id, "cancel").touch()


def unfinished_jobs(unit: Unit) -> list[int]:
    """Jobs that wait, or are called running, the oldest first."""
    chosen = select(ImportJob.id).where(ImportJob.state.not_in(ENDED)).order_by(ImportJob.id)
    return list(unit.session.execute(chosen).scalars())


@contextmanager
def held_job(home: Path, job_id: int) -> Iterator[bool]:
    """Hold a job for this process; false when another one has it. The system frees it when the process dies."""
    with held(_file(home, job_id, "lock"), wait=False) as mine:
        yield mine


def begin_job(unit: Unit, job_id: int) -> tuple[JobView, Actor] | None:
    """Begin a held job, or begin it again; ``None`` when it has ended, was cancelled, or failed too often."""
    job = _job(unit, job_id)
    if job.state in ENDED:
        return None
    if is_cancelled(unit.home, job_id):
        end_job(unit, job_id, "cancelled")
        return None
    if job.attempts >= MOST_ATTEMPTS:
        end_job(unit, job_id, "refused", refusal=Refusal("import_given_up"))
        return None
    # What it writes is the doing of who asked for it; nothing is done in the name of an account that was taken away.
    actor = SYSTEM if job.account_id is None else actor_of_account(unit, job.account_id)
    if actor is None:
        end_job(unit, job_id, "refused", refusal=Refusal("import_account_gone"))
        return None
    job.state, job.started_at, job.attempts = "running", unit.now, job.attempts + 1
    return _view(unit, job), actor


def end_job(
    unit: Unit, job_id: int, state: str, result: ImportResult | None = None, refusal: Refusal | None = None
) -> None:
    """Write down how a job ended. In the unit that wrote the batch it ends with it, so it is never done twice."""
    job = _job(unit, job_id)
    job.state, job.finished_at = state, unit.now
    if result is not None:
        job.outcome = to_json({**result.to_json(), "problem_count": result.problem_count})
        job.rows_done = job.rows_total = result.sums["read"]
        job.batch_id = result.batch_id if job.mode == "write" and refusal is None else None
    if refusal is not None:
        told = (job.outcome or {}) if result is not None else {}
        said = {"code": refusal.code, "data": to_json({k: str(v) for k, v in refusal.data.items()})}
        job.outcome = said | {name: told.get(name, []) for name in _TOLD}


def report_progress(home: Path, job_id: int, done: int, total: int | None) -> None:
    """Say how far a job is; raises ``Cancelled`` when somebody wished so."""
    place = _file(home, job_id, "json")
    part = place.with_suffix(".part")
    part.write_text(json.dumps({"done": done, "total": total}), "utf-8")
    with suppress(PermissionError):  # on Windows while somebody reads the last word: the next one replaces it
        part.replace(place)
    if is_cancelled(home, job_id):
        raise Cancelled


def is_cancelled(home: Path, job_id: int) -> bool:
    """Whether somebody wished the job to stop."""
    return _file(home, job_id, "cancel").exists()


def trial_folder(home: Path, job_id: int) -> Path:
    """Where a trial keeps its copy of the base; the job's lock keeps others away."""
    return _file(home, job_id, "trial")


def forget_files(home: Path, job_id: int) -> None:
    """Remove the small files of a job that has ended and is held no more."""
    for kind in ("json", "part", "cancel", "lock"):
        with suppress(PermissionError):  # on Windows while another process has it open, which forgets it in its turn
            _file(home, job_id, kind).unlink(missing_ok=True)
    shutil.rmtree(trial_folder(home, job_id), ignore_errors=True)


def _file(home: Path, job_id: int, kind: str) -> Path:
    folder = home / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{job_id}.{kind}"


def _job(unit: Unit, job_id: int) -> ImportJob:
    job = unit.session.get(ImportJob, job_id)
    if job is None:
        raise NotFound("import_job_not_found", id=job_id)
    return job


def _view(unit: Unit, job: ImportJob) -> JobView:
    done, total = job.rows_done, job.rows_total
    place = _file(unit.home, job.id, "json")
    if job.state == "running" and place.exists():
        told = json.loads(place.read_text("utf-8"))
        done, total = told["done"], told["total"]
    files = tuple(
        JobFile(each["name"], each["sha256"], each["size"], Corrections.from_json(each)) for each in job.files
    )
    return JobView(
        id=job.id,
        mode=cast(Mode, job.mode),
        kind=cast(Kind, job.kind),
        source_name=job.source_name,
        source=ImportSource.from_json(job.origin),
        files=files,
        state=job.state,
        done=done,
        total=total,
        batch_id=job.batch_id,
        outcome=job.outcome or {},
        account_id=job.account_id,
        created_at=job.created_at,
        finished_at=job.finished_at,
        cancelling=job.state not in ENDED and is_cancelled(unit.home, job.id),
    )
