"""Own patents and the published demands that fit them, from either side, and interest in a demand."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.conversations.interest import offer_patent
from matchhub.services.patents.page import patent_view
from matchhub.services.worklists import institution_home
from web.forms import Form, RecordField
from web.gate import act
from web.institution import blueprint
from web.language import flash_notice
from web.paging import asked_page
from web.units import reading, writing


class OfferForm(Form):
    """The own patent that may solve a demand; sent by buttons alone."""

    patent_id = RecordField()


@blueprint.get("/patents")
@act("patent.keep_own")
def patents() -> str:
    """Own patents, those that fit today's demands best first."""
    with reading() as unit:
        page = institution_home.own_patents(unit, asked_page())
    return render_template("institution/patents.html", page=page)


@blueprint.get("/patents/<int:patent_id>")
@act("patent.keep_own")
def patent(patent_id: int) -> str:
    """One own patent with the demands it fits best and why."""
    with reading() as unit:
        pairs = institution_home.demands_for_patent(unit, patent_id)
        view = patent_view(unit, patent_id)
    return render_template("institution/patent.html", patent=view, pairs=pairs)


@blueprint.get("/demands")
@act("demand.answer")
def demands() -> str:
    """Published demands that own patents fit, the best first; never the firm."""
    with reading() as unit:
        page = institution_home.fitting_demands(unit, asked_page())
    return render_template("institution/demands.html", page=page)


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
