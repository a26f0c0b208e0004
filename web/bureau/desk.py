"""The first page after signing in."""

from __future__ import annotations

from flask import render_template

from web.bureau import blueprint
from web.gate import roles


@blueprint.get("/")
@roles("reviewer")
def desk() -> str:
    """What waits for this account."""
    return render_template("bureau/desk.html")
