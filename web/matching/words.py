"""Words for a demand: a part of its page with chips to add and to remove, and whether it has a good match yet."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.matching.refining import refine, refining, unrefine
from web.errors import status_of
from web.gate import act
from web.language import flash_notice, say_refusal
from web.matching import blueprint
from web.units import reading, writing


@blueprint.get("/demands/<int:demand_id>/words")
@act("demand.refine")
def demand_words(demand_id: int) -> str:
    """The words chosen for a demand, words to add, its best matches: a part of the demand's page."""
    return _part(demand_id)


@blueprint.post("/demands/<int:demand_id>/words")
@act("demand.refine")
def add_demand_word(demand_id: int) -> Response | tuple[str, int]:
    """Add a word to a demand; the page is shown anew with its matches."""
    word = request.form.get("word", "").replace("\x00", "")[:200]
    try:
        with writing() as unit:
            refine(unit, demand_id, word, request.form.get("origin", "typed"))
    except Refusal as refusal:
        if status_of(refusal) == 404 or not request.headers.get("HX-Request"):
            raise
        return _part(demand_id, say_refusal(refusal)), 422
    flash_notice("notice_word_added", word=word.strip())
    return _shown_again(demand_id)


@blueprint.post("/demands/<int:demand_id>/words/<int:refinement_id>/remove")
@act("demand.refine")
def remove_demand_word(demand_id: int, refinement_id: int) -> Response:
    """Take a word back from a demand."""
    with writing() as unit:
        unrefine(unit, demand_id, refinement_id)
    flash_notice("notice_word_removed", "info")
    return _shown_again(demand_id)


def _part(demand_id: int, fault: str = "") -> str:
    with reading() as unit:
        view = refining(unit, demand_id)
    return render_template("matching/words.html", view=view, fault=fault)


def _shown_again(demand_id: int) -> Response:
    """The whole page again: its matches have changed with the words."""
    if request.headers.get("HX-Request"):
        return Response("", headers={"HX-Refresh": "true"})
    page = "operator.demand" if g.actor.may("demand.verify") else "enterprise.demand"
    return redirect(url_for(page, demand_id=demand_id))
