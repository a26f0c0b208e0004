"""What counted at an earlier moment and counts no longer: a claim handed in then would have lost it."""

from __future__ import annotations

from flask import render_template, request

from matchhub.errors import Refusal
from matchhub.services.records.rows import LossView, loss_views
from web.bureau import blueprint
from web.bureau.asking import asked, asked_claim
from web.gate import act
from web.language import say_refusal
from web.units import reading


@blueprint.get("/losses")
@act("progress.read")
def losses() -> tuple[str, int]:
    """Records that counted when a claim was handed in and do not now, with why; a part of the bureau's first page."""
    fault, found, claimed_at = "", tuple[LossView, ...](), None
    with reading() as unit:
        asking = asked(unit)
        try:
            claimed_at = asked_claim(unit, asking)
            found = loss_views(unit, asking.question, claimed_at)
        except Refusal as refusal:
            fault = say_refusal(refusal)
    template = "bureau/losses_found.html" if request.headers.get("HX-Request") else "bureau/losses.html"
    page = render_template(template, losses=found, asking=asking, claimed_at=claimed_at, fault=fault,
                           typed=request.args.get("claimed_at", ""))  # fmt: skip
    return page, 422 if fault else 200
