"""The first page after signing in."""

from __future__ import annotations

from flask import render_template

from matchhub.services.evidence.party_words import asked_of_actor
from matchhub.services.worklists import institution_home
from web.gate import act
from web.institution import blueprint
from web.units import reading


@blueprint.get("/")
@act("patent.keep_own")
def desk() -> str:
    """Own patents in numbers, the demands that fit them best, enterprises that want contact."""
    with reading() as unit:
        view = institution_home.desk(unit)
        asked = asked_of_actor(unit)
    return render_template("institution/desk.html", desk=view, asked=asked)
