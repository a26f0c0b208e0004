"""The cookie of a signed-in browser, and who the current request comes from.

Flask-Login is not used: it keeps the account in a signed cookie, which can be played again after signing out, and
would have to be bent to look up our sessions anyway.
"""

from __future__ import annotations

from flask import g, request, session
from werkzeug.wrappers import Response

from matchhub.domain.devices import address_part, device_word
from matchhub.services.accounts import sessions
from matchhub.services.kernel.unit import SYSTEM, VISITOR
from web.callers import load_caller
from web.units import leave_note, runtime

COOKIE = "matchhub_session"


def load_actor() -> None:
    """Before every request: set ``g.actor`` to the account of the cookie's session (of the key, where a program calls
    the API), or to a visitor."""
    if request.blueprint == "api":
        return load_caller()
    g.actor = VISITOR
    token = request.cookies.get(COOKIE)
    if not token or request.endpoint == "static":
        return
    with runtime().unit(SYSTEM, write=False) as unit:
        actor, due = sessions.holder_of(unit, token)
    if actor is None:
        return
    g.actor = actor
    if due:
        leave_note(lambda unit: sessions.mark_seen(unit, token))


def current_token() -> str | None:
    """The token this browser sent, valid or not."""
    return request.cookies.get(COOKIE)


def this_device() -> tuple[str, str]:
    """Word of the browser that asks and part of its address, as the list of one's devices keeps them."""
    return device_word(request.headers.get("User-Agent", "")), address_part(request.remote_addr or "")


def remember(response: Response, token: str) -> Response:
    """Give the browser its new token; the form token of the time before signing in becomes worthless."""
    session.clear()
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=runtime().base_url.startswith("https://"),
    )
    return response


def forget(response: Response) -> Response:
    """Take the token away from the browser."""
    session.clear()
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return response
