"""Import jobs: how far they are, what they did, and stopping them."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Conflict
from matchhub.services.imports import jobs
from matchhub.services.imports import uploads as kept
from web.forms import ButtonField, Length, TextField
from web.gate import act
from web.intake import blueprint
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing


class CancelForm(SmallForm):
    """A button: stop the import; ``token`` names the upload whose trial it is."""

    token = ButtonField()


class AgainForm(SmallForm):
    """A button: preview the files of an import again, or write them as they are (``accept``)."""

    accept = TextField(validators=[Length(0, 1)])


_FORMS = {"cancel": CancelForm, "again": AgainForm}


@blueprint.get("/jobs/<int:job_id>")
@act("intake.use")
def job(job_id: int) -> str:
    """One import with its progress bar."""
    return _page(None, job_id)


@blueprint.get("/jobs/<int:job_id>/progress")
@act("intake.use")
def progress(job_id: int) -> str:
    """The part of that page that is asked for again while the import runs."""
    return _page(None, job_id, "intake/progress.html")


def _page(refused: SmallForm | None, job_id: int, template: str = "intake/job.html") -> str:
    with reading() as unit:
        view = jobs.job_view(unit, job_id)
        asleep = jobs.lacks_worker(unit, view)
    token = refused.token.data if isinstance(refused, CancelForm) else asked_text("token")
    return render_template(template, job=view, asleep=asleep, token_of_upload=token, forms=PageForms(_FORMS, refused))


@blueprint.post("/jobs/<int:job_id>/cancel")
@act("intake.use")
@shown_again(_page)
def cancel(job_id: int) -> Response:
    """Ask an import to stop; nothing it did is kept."""
    with sent(CancelForm) as form, reading() as unit:
        jobs.wish_cancelled(unit, job_id)
    flash_notice("notice_import_stopping", "info")
    return redirect(url_for("intake.job", job_id=job_id, token=form.token.data or None))


@blueprint.post("/jobs/<int:job_id>/again")
@act("intake.use")
@shown_again(_page)
def again(job_id: int) -> Response:
    """Preview the files of a cancelled or refused import again; with ``accept`` write them as they are after all."""
    with sent(AgainForm) as form, reading() as unit:
        job = jobs.job_view(unit, job_id)
        if job.state not in ("cancelled", "refused"):
            raise Conflict("import_job_wrote", id=job_id)
    if form.accept.data == "1":
        return _write_accepted(job)
    with reading() as unit:
        files = [kept.KeptFile(file.name, file.sha256, file.size, file.corrections) for file in job.files]
        upload = kept.keep_again(unit, job.kind, job.source_name, files, job.source)
    return redirect(url_for("intake.upload", token=upload.token))


def _write_accepted(job: jobs.JobView) -> Response:
    """Queue an import again whose doubts a person answered with a yes."""
    codes = tuple(dict.fromkeys(doubt["code"] for doubt in job.outcome.get("doubts") or ()))
    files = [replace(file, corrections=replace(file.corrections, accepted=codes)) for file in job.files]
    with writing() as unit:
        number = jobs.add_job(unit, job.mode, job.kind, job.source_name, files, job.source)
    return redirect(url_for("intake.job", job_id=number))
