"""The operator's first page: what waits, and how far the goals are."""

from __future__ import annotations

from flask import render_template

from matchhub.services.worklists.todo import todo
from web.gate import act
from web.operator import blueprint
from web.units import reading


@blueprint.get("/")
@act("todo.read")
def desk() -> str:
    """What waits for the operator, each number leading to its list."""
    with reading() as unit:
        waiting = todo(unit)
    return render_template("operator/desk.html", todo=waiting)
