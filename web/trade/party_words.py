"""A party's own yes or no to what was done to its deal or licence."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from matchhub.services.evidence.party_words import give_word
from web.gate import act
from web.language import flash_notice
from web.page_forms import sent, shown_again
from web.record_forms import PartyWordForm
from web.trade import blueprint
from web.trade.deals import deal_page
from web.trade.licences import licence_page
from web.units import writing


@blueprint.post("/deals/<int:deal_id>/word")
@act("party_word.give")
@shown_again(deal_page)
def give_deal_word(deal_id: int) -> Response:
    """Say whether what was recorded of a deal is so."""
    _give("deals", deal_id)
    return redirect(url_for("trade.deal", deal_id=deal_id, _anchor="parties"))


@blueprint.post("/licences/<int:licence_id>/word")
@act("party_word.give")
@shown_again(licence_page)
def give_licence_word(licence_id: int) -> Response:
    """Say whether what was recorded of a licence is so."""
    _give("licences", licence_id)
    return redirect(url_for("trade.licence", licence_id=licence_id, _anchor="parties"))


def _give(kind: str, record_id: int) -> None:
    with sent(PartyWordForm) as form, writing() as unit:
        give_word(unit, (kind, record_id), form.answer.data, form.note.data)
    flash_notice("notice_party_word_given")
