"""The published demands that own patents fit, and interest in one."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.conversations.interest import offer_patent
from matchhub.services.worklists import institution_home
from web.forms import Form, RecordField
from web.gate import act
from web.institution import blueprint
from web.language import flash_notice
from web.paging import asked_page, asked_text
from web.units import reading, writing


class OfferForm(Form):
    """The own patent that may solve a demand; sent by buttons alone."""

    patent_id = RecordField()


@blueprint.get("/demands")
@act("demand.answer")
def demands() -> str:
    """Published demands that own patents fit, with search, filters and order; never the firm."""
    filters = institution_home.DemandFilters(
        words=asked_text("q"),
        field=asked_text("field"),
        fit=asked_text("fit"),
        interest=asked_text("interest"),
        sort=asked_text("sort") or "fit",
    )
    with reading() as unit:
        found = institution_home.fitting_demands(unit, asked_page(), filters)
    ways = {"fits": institution_home.FITS, "interest": institution_home.INTEREST, "sorts": institution_home.SORTS}
    return render_template("institution/demands.html", found=found, page=found.page, filters=filters, ways=ways)


@blueprint.get("/demands/<int:demand_id>")
@act("demand.answer")
def demand(demand_id: int) -> str:
    """One published demand with the own patents that fit it and why."""
    with reading() as unit:
        brief, pairs = institution_home.patents_for_demand(unit, demand_id)
    return render_template("institution/demand.html", demand=brief, pairs=pairs)


@blueprint.post("/demands/<int:demand_id>/interest")
@act("demand.answer")
def offer(demand_id: int) -> Response:
    """Tell the enterprise that an own patent may solve its demand; the thread of the two opens."""
    form = OfferForm()
    with writing() as unit:
        told = offer_patent(unit, form.patent_id.data or 0, demand_id)
    flash_notice("notice_offered" if told.fresh else "notice_offered_known", "success" if told.fresh else "info")
    return redirect(url_for("trade.thread", thread_id=told.thread_id))
