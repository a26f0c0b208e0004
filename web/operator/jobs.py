"""The worker seen: every scheduled job with its last and next run, to be run now, paused and let go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.operation.job_board import job_board, worker_view
from matchhub.operation.timetable import TIMES
from matchhub.services.kernel.jobs import ask_job, pause_job, resume_job
from matchhub.services.kernel.unit import Unit
from matchhub.wording import labels
from web.display import moment
from web.gate import act
from web.language import flash_notice, word
from web.listing import Column, Filter, Listing, ask, show
from web.operator import blueprint
from web.units import reading, writing

STATES = ("fine", "running", "failed", "died", "missed", "never")
JOBS = Listing(
    "jobs",
    ("后台任务", "Scheduled jobs"),
    (
        Column("name", ("任务", "Job"), lambda row: word("scheduled_job", row.name), 24),
        Column("state", ("状态", "State"), lambda row: word("scheduled_job_state", row.state), 14),
        Column("paused", ("已暂停", "Paused"), lambda row: row.paused_at is not None, 8),
        Column("last", ("上次运行", "Last run"), lambda row: moment(row.last.began_at) if row.last else "", 18),
        Column("seconds", ("用时（秒）", "Seconds"), lambda row: row.seconds, 10),
        Column("next", ("下次运行", "Next run"), lambda row: "" if row.paused_at else moment(row.next_at), 18),
    ),
    (
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: row.state),
    ),
    act="job.read",
    tie=lambda row: row.name,
)  # fmt: skip


def _states() -> list[tuple[str, str]]:
    return [(key, word("scheduled_job_state", key)) for key in STATES]


@blueprint.get("/jobs")
@act("job.read")
def jobs() -> Any:
    """All jobs, and whether a worker lives."""
    asked = ask(JOBS)
    with reading() as unit:
        page, worker = asked.page(job_board(unit)), worker_view(unit)
    return show("operator/jobs.html", asked, page, worker=worker, told=labels()["job_outcome"])


@blueprint.post("/jobs/<name>/run")
@act("job.run")
def run_job_now(name: str) -> Response:
    """Ask the worker to do it within seconds."""
    return _told(ask_job, name, "notice_job_asked")


@blueprint.post("/jobs/<name>/pause")
@act("job.pause")
def pause(name: str) -> Response:
    """Let it wait until somebody lets it go on."""
    return _told(pause_job, name, "notice_job_paused")


@blueprint.post("/jobs/<name>/resume")
@act("job.pause")
def resume(name: str) -> Response:
    """Let it go on at its next time."""
    return _told(resume_job, name, "notice_job_resumed")


def _told(tell: Callable[[Unit, str], None], name: str, notice: str) -> Response:
    """Tell a job what was asked of it, and go back to the list; ``NotFound`` for a job that is none."""
    if name not in TIMES:
        raise NotFound()
    with writing() as unit:
        tell(unit, name)
    flash_notice(notice)
    return redirect(url_for("operator.jobs"))
