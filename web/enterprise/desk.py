"""The first page after signing in."""

from __future__ import annotations

from flask import render_template

from web.enterprise import blueprint
from web.gate import roles


@blueprint.get("/")
@roles("enterprise")
def desk() -> str:
    """What waits for this account."""
    return render_template("enterprise/desk.html")
