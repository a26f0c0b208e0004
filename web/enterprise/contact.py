"""A patent beside an own demand, and the wish to be put in contact about it."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.conversations.asking import asking_page
from matchhub.services.conversations.interest import express_interest
from matchhub.services.patents.page import patent_view
from matchhub.services.pushes.inbox import note_view
from matchhub.services.records.own_demand import own_pair
from web.enterprise import blueprint
from web.enterprise.questions import count_question
from web.forms import RecordField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import leave_note, reading, writing


class ContactForm(SmallForm):
    """The demand from which a patent's holder is asked; the page has one form for each own demand."""

    row_field = "demand_id"
    demand_id = RecordField()


@blueprint.get("/demands/<int:demand_id>/patents/<int:patent_id>")
@act("demand.read_own")
def pair(demand_id: int, patent_id: int) -> str:
    """Why a patent was found for an own demand; that the enterprise looked at it is kept as a platform event."""
    count_question()
    with reading() as unit:
        view = own_pair(unit, demand_id, patent_id)
        patent = patent_view(unit, patent_id)
    leave_note(lambda unit: note_view(unit, patent_id, demand_id))
    return render_template("enterprise/pair.html", pair=view, patent=patent)


def _asking_page(refused: SmallForm | None, patent_id: int) -> str:
    with reading() as unit:
        page = asking_page(unit, patent_id)
    return render_template("enterprise/contact.html", page=page, forms=PageForms({"contact": ContactForm}, refused))


@blueprint.get("/patents/<int:patent_id>/contact")
@act("patent.ask_contact")
def choose_demand(patent_id: int) -> str:
    """From which own demand a patent's holder is asked, and what the others lack for it."""
    count_question()
    return _asking_page(None, patent_id)


@blueprint.post("/patents/<int:patent_id>/contact")
@act("patent.ask_contact")
@shown_again(_asking_page)
def ask_contact(patent_id: int) -> Response:
    """Ask a patent's holder from one of the own demands; the thread of the two opens."""
    with sent(ContactForm) as form, writing() as unit:
        told = express_interest(unit, patent_id, form.demand_id.data)
    flash_notice("notice_contact_asked" if told.fresh else "notice_contact_known", "success" if told.fresh else "info")
    return redirect(url_for("trade.thread", thread_id=told.thread_id))
