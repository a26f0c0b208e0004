"""Every scheduled job with its last and next run: for the page of jobs, ``doctor`` and ``/metrics`` alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matchhub.operation.timetable import TIMES, last_due, may_catch_up, next_run
from matchhub.services.kernel.jobs import GIVEN_UP, LastRun, last_runs, last_seen, missed_ticks, orders
from matchhub.services.kernel.unit import Unit

WORKER_SILENT = timedelta(minutes=2)
CLOCKS_APART = timedelta(seconds=30)  # web and worker on two machines
OVERDUE = timedelta(minutes=15)  # a worker that runs has caught up by then


@dataclass(frozen=True, slots=True)
class JobView:
    """One job; ``state``: ``fine``, ``running``, ``failed``, ``died`` (never ended), ``missed``, ``never``."""

    name: str
    state: str
    last: LastRun | None
    next_at: datetime
    paused_at: datetime | None
    asked_at: datetime | None

    @property
    def seconds(self) -> float | None:
        """How long the last run took; None while it runs, and when it never ran."""
        if self.last is None or self.last.ended_at is None:
            return None
        return (self.last.ended_at - self.last.began_at).total_seconds()

    @property
    def ails(self) -> bool:
        """Whether somebody should look: it broke, died or was missed, and nobody told it to wait."""
        return self.state in ("failed", "died", "missed") and self.paused_at is None


def job_board(unit: Unit) -> list[JobView]:
    """Every job of the timetable, in its order."""
    ran, asked = last_runs(unit), orders(unit)
    due = {name: at for name in TIMES if (at := last_due(name, unit.zone, unit.now)) is not None}
    missed = missed_ticks(unit, due).keys()
    views = []
    for name in TIMES:
        order, last = asked.get(name), ran.get(name)
        paused_at, asked_at = (order.paused_at, order.asked_at) if order else (None, None)
        next_at = next_run(name, unit.zone, unit.now)
        views.append(JobView(name, _state(unit, name, last, name in missed), last, next_at, paused_at, asked_at))
    return views


def ailing_jobs(unit: Unit, board: Sequence[JobView] | None = None) -> list[str]:
    """Jobs that broke, died or were missed, the plan of the day among them."""
    return [job.name for job in (job_board(unit) if board is None else board) if job.ails]


def _state(unit: Unit, name: str, last: LastRun | None, missed: bool) -> str:
    due = last_due(name, unit.zone, unit.now)
    if last is not None and last.ended_at is None:
        return "running" if unit.now - last.began_at < GIVEN_UP else "died"
    if last is not None and last.failed:
        return "failed"
    if due is not None and unit.now - due > OVERDUE and (last is None or last.began_at < due):
        waits = not (missed and may_catch_up(name, unit.zone, unit.pack.holidays, unit.now))
        return "fine" if waits and last is not None else "missed"
    return "fine" if last is not None else "never"


@dataclass(frozen=True, slots=True)
class WorkerView:
    """The worker's last sign of life: ``alive``, ``silent``, ``never`` or ``ahead`` (it lies in the future)."""

    state: str
    ago: timedelta | None


def worker_view(unit: Unit) -> WorkerView:
    """Whether a worker gave a sign of life within two minutes."""
    ago = last_seen(unit)
    if ago is None:
        return WorkerView("never", None)
    if ago < -CLOCKS_APART:
        return WorkerView("ahead", ago)
    return WorkerView("alive" if ago <= WORKER_SILENT else "silent", ago)


def metric_lines(unit: Unit) -> Iterator[str]:
    """The board in the text format of Prometheus: moments in seconds since 1970, 1 and 0 for yes and no."""
    worker = worker_view(unit)
    yield "# HELP matchhub_worker_alive A worker gave a sign of life within two minutes."
    yield "# TYPE matchhub_worker_alive gauge"
    yield f"matchhub_worker_alive {int(worker.state == 'alive')}"
    board = job_board(unit)
    for name, told, value in (
        ("last_start", "Start of the newest run.", lambda job: job.last and job.last.began_at.timestamp()),
        ("last_seconds", "How long the newest run took.", lambda job: job.seconds),
        ("next_start", "When it falls due next.", lambda job: job.next_at.timestamp()),
        ("fine", "0: it broke, died or was missed.", lambda job: int(not job.ails)),
        ("paused", "Somebody told it to wait.", lambda job: int(job.paused_at is not None)),
    ):
        yield f"# HELP matchhub_job_{name} {told}"
        yield f"# TYPE matchhub_job_{name} gauge"
        for job in board:
            if (number := value(job)) is not None:
                yield f'matchhub_job_{name}{{job="{job.name}"}} {number:.3f}'
