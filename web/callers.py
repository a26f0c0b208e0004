"""Who calls: the key of ``Authorization: Bearer``, its scopes, and how many calls it has left."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from matchhub.errors import NotAllowed, Refusal
from matchhub.services.accounts import api_keys
from matchhub.services.kernel.limits import LimitReached
from matchhub.services.kernel.unit import SYSTEM, VISITOR
from web.rooms import WRITING
from web.units import runtime

_OPEN = "api.document"  # what describes the API is for everybody


class KeyMissing(Refusal):
    """No key came with the call, or none that is in use."""

    code = "api_key_missing"
    status = 401


def load_caller() -> None:
    """Before every call: set ``g.actor`` to the account of the call's key. A session's cookie counts for nothing here.

    Raises ``KeyMissing`` and ``LimitReached``.
    """
    g.actor, g.caller = VISITOR, None
    if request.endpoint in (None, _OPEN):
        return
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 8 < len(key.strip()) < 200:
        raise KeyMissing()
    with runtime().unit(SYSTEM, write=True) as unit:
        caller = api_keys.let_in(unit, key.strip())
    if caller is None:
        raise KeyMissing()
    g.caller = caller
    if caller.left < 0:
        raise LimitReached("api_calls_many", most=api_keys.MOST_CALLS, minutes=1)
    g.actor = caller.actor


def require_scope(room: str, verb: str) -> None:
    """Refuse what the key was not made for; whoever may write may read."""
    caller: api_keys.Caller = g.caller
    wanted = {f"{room}:{verb}", f"{room}:{WRITING}"}
    if not wanted & caller.scopes:
        raise NotAllowed("api_scope_missing", scope=f"{room}:{verb}")


def tell_limits(response: Response) -> Response:
    """How many calls the key has left in this minute, on every answer to it; no cookie leaves the API."""
    response.headers.remove("Set-Cookie")
    caller: api_keys.Caller | None = g.get("caller")
    if caller is not None:
        seconds = max(1, round((caller.resets_at - runtime().clock()).total_seconds()))
        response.headers["RateLimit-Limit"] = str(api_keys.MOST_CALLS)
        response.headers["RateLimit-Remaining"] = str(max(0, caller.left))
        response.headers["RateLimit-Reset"] = str(seconds)
        if caller.left < 0:
            response.headers["Retry-After"] = str(seconds)
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", "5")
    return response
