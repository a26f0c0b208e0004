"""Why a push came: what it answers, by which run and score, to which address and where that came from."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from matchhub.services.pushes.why import own_push_why, push_why_by_token
from web.gate import act
from web.messages import blueprint
from web.units import reading


@blueprint.get("/p/<token>/why")
@act("push.follow_link")
def push_by_link(token: str) -> Response:
    """Why the push of a message's link came; a look changes nothing."""
    with reading() as unit:
        why = push_why_by_token(unit, token)
    answer = make_response(render_template("messages/why.html", why=why, token=token))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/enterprise/inbox/<int:push_id>/why")
@act("push.read_own")
def push(push_id: int) -> str:
    """Why a push of the own inbox came."""
    with reading() as unit:
        why = own_push_why(unit, push_id)
    return render_template("messages/why.html", why=why, token="")
