"""What changed since the account last looked: a part of the bureau's first page, or a page of its own."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from matchhub.domain.calendar import moment_said
from matchhub.errors import Refusal
from matchhub.services.worklists.bureau_desk import changes_since, keep_look
from web.bureau import blueprint
from web.bureau.asking import asked
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class LookForm(SmallForm):
    """The changes shown were gone through."""

    seen_at = HiddenField()


FORMS: dict[str, type[SmallForm]] = {"look": LookForm}


@blueprint.get("/changes")
@act("progress.read")
def changes() -> str:
    """Records that came, left or are judged otherwise since this account last looked, with why."""
    return _page(None)


def _page(refused: SmallForm | None) -> str:
    with reading() as unit:
        asking = asked(unit)
        found = changes_since(unit, asking.question)
        now = unit.now
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "bureau/changes_found.html" if part else "bureau/changes.html",
        found=found,
        asking=asking,
        now=now,
        forms=PageForms(FORMS, refused),
    )


@blueprint.post("/changes")
@act("progress.read")
@shown_again(_page)
def keep_changes() -> Response:
    """Keep that this account went through what had changed up to the moment at which the page was shown."""
    with sent(LookForm) as form:
        said = form.seen_at.data or ""
        with writing() as unit:
            try:
                seen_at = moment_said(unit.zone, said)
            except ValueError as fault:
                raise Refusal("moment_unreadable", value=said[:40]) from fault
            keep_look(unit, seen_at)
    flash_notice("notice_changes_seen")
    return redirect(url_for("bureau.desk"))
