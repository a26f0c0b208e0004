"""Words learned from accepted matches: where each came from, training now, striking one out."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.matching.learned import learned_views, strike_out
from matchhub.services.matching.training import learn, train
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.matching import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class StrikeForm(SmallForm):
    """Why a learned word is struck out; the page has one form for each."""

    reason = TextField(validators=[Length(1, 500)])


def _page(refused: SmallForm | None) -> str:
    with reading() as unit:
        entries = learned_views(unit)
        may_edit = unit.may("learned.edit")
    forms = PageForms({"strike": StrikeForm}, refused)
    return render_template("matching/learned.html", entries=entries, may_edit=may_edit, forms=forms)


@blueprint.get("/learned")
@act("learned.read")
def learned() -> str:
    """The learned words in use with the matches they came from, and those that were struck out."""
    return _page(None)


@blueprint.post("/learned/train")
@act("learned.edit")
def train_now() -> Response:
    """Learn from every match accepted so far; the worker does the same every night."""
    with reading() as unit:
        lesson = learn(unit)
    with writing() as unit:
        summary = train(unit, lesson)
    flash_notice("train_done", **summary.to_json())
    return redirect(url_for("matching.learned"))


@blueprint.post("/learned/<int:entry_id>/strike")
@act("learned.edit")
@shown_again(lambda refused, entry_id: _page(refused))
def strike(entry_id: int) -> Response:
    """Strike a learned word out for good; it stays on record."""
    with sent(StrikeForm, entry_id) as form, writing() as unit:
        strike_out(unit, entry_id, form.reason.data)
    flash_notice("notice_word_struck", "info")
    return redirect(url_for("matching.learned"))
