"""What the links of a letter open: why it came, and the switch. A look changes nothing; only a post does (P9)."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from matchhub.services.recipients.why import letter_by_token, turn_off_by_token
from web.gate import act, without_form_token
from web.messages import blueprint
from web.units import reading, writing


def _page(token: str, done: bool) -> Response:
    with reading() as unit:
        letter = letter_by_token(unit, token)
    answer = make_response(render_template("messages/letter.html", letter=letter, token=token, done=done))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/messages/letters/<token>")
@act("message.follow_link")
def letter(token: str) -> Response:
    """Why this letter came, where its address came from, and the button that stops such letters."""
    return _page(token, False)


@blueprint.get("/messages/letters/<token>/off")
@act("message.follow_link")
def ask_off(token: str) -> Response:
    """The same page, as the link to switch off opens it; changes nothing."""
    return _page(token, False)


@blueprint.post("/messages/letters/<token>/off")
@act("message.follow_link")
@without_form_token
def off(token: str) -> Response:
    """No more messages of this kind by this channel: from the page, or by another program's one click (RFC 8058)."""
    with writing() as unit:
        turn_off_by_token(unit, token)
    return _page(token, True)
