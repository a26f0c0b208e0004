"""A party's own word on telling its deal or licence in public."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.records.stories import give_story_consent
from web.gate import act
from web.language import flash_notice
from web.page_forms import sent, shown_again
from web.record_forms import StoryForm
from web.trade import blueprint
from web.trade.deals import deal_page
from web.trade.licences import licence_page
from web.units import writing


@blueprint.post("/deals/<int:deal_id>/story")
@act("story.consent")
@shown_again(deal_page)
def give_deal_story(deal_id: int) -> Response:
    """Agree that a deal is told as a success story, or take that back."""
    _give("deals", deal_id)
    return redirect(url_for("trade.deal", deal_id=deal_id, _anchor="story"))


@blueprint.post("/licences/<int:licence_id>/story")
@act("story.consent")
@shown_again(licence_page)
def give_licence_story(licence_id: int) -> Response:
    """Agree that a licence is told as a success story, or take that back."""
    _give("licences", licence_id)
    return redirect(url_for("trade.licence", licence_id=licence_id, _anchor="story"))


def _give(kind: str, record_id: int) -> None:
    with sent(StoryForm) as form, writing() as unit:
        if form.consent.data not in ("given", "taken"):
            raise Refusal("decision_unknown", decision=form.consent.data)
        granted = form.consent.data == "given"
        give_story_consent(unit, (kind, record_id), granted, form.figures.data)
    flash_notice("notice_story_agreed" if granted else "notice_story_withdrawn")
