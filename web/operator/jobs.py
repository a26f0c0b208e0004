"""The worker seen: every scheduled job with its last and next run, to be run now, paused and let go on."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.operation.job_board import job_board, worker_view
from matchhub.operation.timetable import TIMES
from matchhub.services.kernel.jobs import ask_job, pause_job, resume_job
from matchhub.services.kernel.unit import Unit
from matchhub.wording import labels
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.units import reading, writing


@blueprint.get("/jobs")
@act("job.read")
def jobs() -> str:
    """All jobs, and whether a worker lives."""
    with reading() as unit:
        board, worker = job_board(unit), worker_view(unit)
    return render_template("operator/jobs.html", jobs=board, worker=worker, told=labels()["job_outcome"])


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
