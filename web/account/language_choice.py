"""Choosing the language of the screens."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from web import language
from web.account import blueprint
from web.gate import act, safe_target
from web.units import runtime

_YEAR = 365 * 24 * 3600


@blueprint.get("/language/<code>")
@act("site.read")
def choose_language(code: str) -> Response:
    """Remember ``zh`` or ``en`` in a cookie and go back to the page; nothing else changes."""
    if code not in language.TAGS:
        abort(404)
    answer = redirect(safe_target(request.args.get("next"), url_for("home.index")))
    secure = runtime().base_url.startswith("https://")
    answer.set_cookie(language.COOKIE, code, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer
