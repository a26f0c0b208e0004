"""The industry of one offer: what the patent's classes serve, and a second person's word where none fits."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts.second_factor import proving
from matchhub.services.licensing.industries import give_industry_word
from web.bureau import blueprint
from web.bureau.records import IndustryForm, record_page
from web.gate import act
from web.language import flash_notice
from web.page_forms import sent, shown_again
from web.units import runtime, writing


@blueprint.post("/records/offers/<int:record_id>/industry")
@act("offer.judge_industry")
@shown_again(lambda refused, record_id: record_page(refused, "offers", record_id))
def judge_offer_industry(record_id: int) -> Response:
    """Accept or refuse an industry that no class of the patent serves; with a one-time code."""
    with sent(IndustryForm) as form:
        accepted = form.decision.data == "accepted"
        with writing(proving(runtime(), g.actor)) as unit:
            give_industry_word(unit, record_id, accepted, form.note.data, form.code.data)
    flash_notice("notice_industry_accepted" if accepted else "notice_industry_refused")
    return redirect(url_for("bureau.record", kind="offers", record_id=record_id, _anchor="industry"))
