"""The front page."""

from __future__ import annotations

from flask import render_template

from web.gate import public
from web.home import blueprint


@blueprint.get("/")
@public
def index() -> str:
    """Search box, counts of the base, latest offers and demands."""
    return render_template("home/index.html")
