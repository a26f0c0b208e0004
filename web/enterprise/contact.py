"""A patent beside an own demand, and the wish to be put in contact about it."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.conversations.interest import express_interest
from matchhub.services.patents.page import patent_view
from matchhub.services.pushes.inbox import note_view
from matchhub.services.records.own_demand import own_pair
from web.enterprise import blueprint
from web.enterprise.questions import count_question
from web.forms import Form, RecordField
from web.gate import act
from web.language import flash_notice
from web.units import reading, writing


class ContactForm(Form):
    """The demand from which the wish came, if it came from one; sent by buttons alone."""

    demand_id = RecordField()


@blueprint.get("/demands/<int:demand_id>/patents/<int:patent_id>")
@act("demand.read_own")
def pair(demand_id: int, patent_id: int) -> str:
    """Why a patent was found for an own demand; that the enterprise looked at it is kept as a platform event."""
    count_question()
    with reading() as unit:
        view = own_pair(unit, demand_id, patent_id)
        patent = patent_view(unit, patent_id)
    with writing() as unit:
        note_view(unit, patent_id, demand_id)
    return render_template("enterprise/pair.html", pair=view, patent=patent)


@blueprint.post("/patents/<int:patent_id>/contact")
@act("patent.ask_contact")
def ask_contact(patent_id: int) -> Response:
    """Record that the enterprise wants contact about a patent, for one of its demands where it came from one."""
    demand_id = ContactForm().demand_id.data
    with writing() as unit:
        fresh = express_interest(unit, patent_id, demand_id)
    flash_notice("notice_contact_asked" if fresh else "notice_contact_known", "success" if fresh else "info")
    if demand_id is None:
        return redirect(url_for("home.patent", patent_id=patent_id))
    return redirect(url_for("enterprise.pair", demand_id=demand_id, patent_id=patent_id))
