"""The earlier lists of deals, offers and licences: they lead to the one list."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from web.gate import act
from web.operator import blueprint
from web.paging import asked_text


@blueprint.get("/deals")
@act("trade.record")
def deals() -> Response:
    """Deals in the one list."""
    return _lead("deals")


@blueprint.get("/offers")
@act("trade.record")
def offers() -> Response:
    """Open-licence offers in the one list."""
    return _lead("offers")


@blueprint.get("/licences")
@act("trade.record")
def licences() -> Response:
    """Open licences in the one list."""
    return _lead("licences")


def _lead(kind: str) -> Response:
    return redirect(url_for("trade.records", kind=kind, q=asked_text("q") or None))
