"""What waits for the reader's own word: deals and licences to be confirmed."""

from __future__ import annotations

from flask import render_template

from matchhub.services.worklists.unconfirmed import list_unconfirmed
from web.bureau import blueprint
from web.gate import act
from web.paging import asked_page
from web.units import reading


@blueprint.get("/unconfirmed")
@act("record.confirm")
def unconfirmed() -> str:
    """Deals and licences that wait for a word of one's own side, the oldest first."""
    with reading() as unit:
        page = list_unconfirmed(unit, asked_page())
    return render_template("bureau/unconfirmed.html", page=page)
