"""How a page's script asks what was typed is read as, so that the rule stands in one place."""

from __future__ import annotations

from flask import Response, abort, request

from web.forms import READ_KINDS, said_of
from web.gate import act
from web.home import blueprint

_LONGEST = 60


@blueprint.get("/typed/<kind>")
@act("site.read")
def read_typed(kind: str) -> Response:
    """Tell how a typed amount, budget or day is read; an empty answer for what is none."""
    if kind not in READ_KINDS:
        abort(404)
    return Response(said_of(kind, request.args.get("text", "")[:_LONGEST]), mimetype="text/plain")
