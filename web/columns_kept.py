"""Which columns somebody chose of a list, remembered until he chooses otherwise: one cookie for each account and list.

The address goes before what is remembered, so that an address handed on shows what its sender saw.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import after_this_request, g, request
from werkzeug.wrappers import Response

from web.units import runtime

_YEAR = 365 * 24 * 3600
_USUAL = "usual"


def look_of(key: str, known: Collection[str]) -> tuple[list[str], bool]:
    """The columns chosen for the list ``key`` (none: the usual ones), and whether it shows as a table of them.

    ``cols`` and ``look=table`` in the address are remembered, ``look=list`` forgets.
    """
    wanted = [name for name in request.args.getlist("cols")[: len(known)] if name in known]
    look = request.args.get("look", "")
    name = f"columns_{g.actor.account_id or 0}_{key}"
    if wanted or look in ("table", "list"):
        said = "" if look == "list" and not wanted else ".".join(wanted) or _USUAL
        if request.method == "GET" and said != request.cookies.get(name, ""):
            _remember(name, said)
        return wanted, bool(said)
    kept = request.cookies.get(name, "")
    return [each for each in kept.split(".") if each in known], bool(kept)


def _remember(name: str, said: str) -> None:
    secure = runtime().base_url.startswith("https://")

    @after_this_request
    def _(answer: Response) -> Response:
        if said:
            answer.set_cookie(name, said, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
        else:
            answer.delete_cookie(name, httponly=True, samesite="Lax", secure=secure)
        return answer
