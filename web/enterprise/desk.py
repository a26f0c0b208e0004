"""The first page after signing in."""

from __future__ import annotations

from flask import render_template

from matchhub.services.evidence.party_words import asked_of_actor
from matchhub.services.worklists import enterprise_home
from web.enterprise import blueprint
from web.gate import act
from web.page_forms import PageForms
from web.record_forms import DiscardForm
from web.units import reading


@blueprint.get("/")
@act("enterprise.read_own")
def desk() -> str:
    """Own demands with what they are worth and miss, best scores, unread pushes, local or not and why."""
    with reading() as unit:
        view = enterprise_home.desk(unit)
        asked = asked_of_actor(unit)
    discards = PageForms({"discard": DiscardForm}, None)
    return render_template("enterprise/desk.html", desk=view, asked=asked, discards=discards)
