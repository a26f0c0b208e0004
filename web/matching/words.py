"""Words for a demand: a part of its page with chips to add and to remove, and whether it has a good match yet."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.services.matching.refining import refine, refining, unrefine
from web.forms import ButtonField, Length, TextField
from web.gate import act
from web.language import flash_notice
from web.matching import blueprint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class WordForm(SmallForm):
    """A word for a demand: typed, or one of the chips (``origin`` is suggested)."""

    blamed = {"refinement_word": "word"}
    word = TextField(validators=[Length(1, 200)])
    origin = ButtonField()


def _part(refused: SmallForm | None, demand_id: int) -> str:
    """The part alone where scripts put it into the demand's page, else a page of its own."""
    with reading() as unit:
        view = refining(unit, demand_id)
    template = "matching/words.html" if request.headers.get("HX-Request") else "matching/words_page.html"
    return render_template(template, view=view, back=_page_of(demand_id), forms=PageForms({"word": WordForm}, refused))


@blueprint.get("/demands/<int:demand_id>/words")
@act("demand.refine")
def demand_words(demand_id: int) -> str:
    """The words chosen for a demand, words to add, its best matches: a part of the demand's page."""
    return _part(None, demand_id)


@blueprint.post("/demands/<int:demand_id>/words")
@act("demand.refine")
@shown_again(_part)
def add_demand_word(demand_id: int) -> Response:
    """Add a word to a demand; the page is shown anew with its matches."""
    with sent(WordForm) as form, writing() as unit:
        refine(unit, demand_id, form.word.data, form.origin.data or "typed")
    flash_notice("notice_word_added", word=form.word.data)
    return _shown_again(demand_id)


@blueprint.post("/demands/<int:demand_id>/words/<int:refinement_id>/remove")
@act("demand.refine")
def remove_demand_word(demand_id: int, refinement_id: int) -> Response:
    """Take a word back from a demand."""
    with writing() as unit:
        unrefine(unit, demand_id, refinement_id)
    flash_notice("notice_word_removed", "info")
    return _shown_again(demand_id)


def _shown_again(demand_id: int) -> Response:
    """The whole page again: its matches have changed with the words."""
    if request.headers.get("HX-Request"):
        return Response("", headers={"HX-Refresh": "true"})
    return redirect(_page_of(demand_id))


def _page_of(demand_id: int) -> str:
    page = "operator.demand" if g.actor.may("demand.verify") else "enterprise.demand"
    return url_for(page, demand_id=demand_id)
