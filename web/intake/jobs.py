"""Import jobs: how far they are, what they did, and stopping them."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.intake import jobs
from web.gate import roles
from web.intake import blueprint
from web.language import tell
from web.listing import asked_text
from web.units import reading


@blueprint.get("/jobs/<int:job_id>")
@roles("operator")
def job(job_id: int) -> str:
    """One import with its progress bar."""
    with reading() as unit:
        view = jobs.job_view(unit, job_id)
    return render_template("intake/job.html", job=view, token_of_upload=asked_text("token"))


@blueprint.get("/jobs/<int:job_id>/progress")
@roles("operator")
def progress(job_id: int) -> str:
    """The part of that page that is asked for again while the import runs."""
    with reading() as unit:
        view = jobs.job_view(unit, job_id)
    return render_template("intake/progress.html", job=view, token_of_upload=asked_text("token"))


@blueprint.post("/jobs/<int:job_id>/cancel")
@roles("operator")
def cancel(job_id: int) -> Response:
    """Ask an import to stop; nothing it did is kept."""
    with reading() as unit:
        jobs.wish_cancelled(unit, job_id)
    tell("notice_import_stopping", "info")
    return redirect(url_for("intake.job", job_id=job_id, token=request.form.get("token") or None))
