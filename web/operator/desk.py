"""The first page after signing in."""

from __future__ import annotations

from flask import render_template

from web.gate import roles
from web.operator import blueprint


@blueprint.get("/")
@roles("operator")
def desk() -> str:
    """What waits for this account."""
    return render_template("operator/desk.html")
