"""Which act a route is. Every view says so itself; a view that does not keeps the application from starting.

Who may do the act stands in the table of permissions (``matchhub.domain.permissions``), not here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchhub.domain.permissions import UnknownAct, permissions
from matchhub.errors import NotAllowed
from matchhub.services.accounts.sessions import CODE_DUE, SETUP_DUE
from matchhub.services.kernel.unit import VISITOR, Actor

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "_act"
_UNGUARDED = "_without_form_token"
BY_CALL = "by_call"  # name in ``g``: a view acts for a call of the API and is asked for no page


class ActMissing(RuntimeError):
    """A route does not say which act it is, or one that the table does not hold; raised while the site is made."""


class SessionEnded(Exception):
    """Nobody is signed in (any more) who may do what was sent; ``web.account.signing_in`` answers."""


def act(name: str) -> Callable[[View], View]:
    """Declare which act a view is; who may not do it is sent to sign in, or gets 403."""
    try:
        permissions().roles_of(name)
    except UnknownAct as unknown:
        raise ActMissing(f"not in the table of permissions: {name}") from unknown

    def mark(view: View) -> View:
        setattr(view, _MARK, name)
        return view

    return mark


def without_form_token(view: View) -> View:
    """Let a view be posted to by other programs (one-click unsubscribe): no form token, no check of the origin."""
    setattr(view, _UNGUARDED, True)
    return view


def act_of(app: Flask, endpoint: str) -> str | None:
    """The act that an endpoint declares; ``None`` when it does not say."""
    return act_of_view(app.view_functions[endpoint])


def act_of_view(view: Callable[..., Any]) -> str | None:
    """The act that a view declares; ``None`` when it does not say."""
    return getattr(view, _MARK, None)


def may_call(app: Flask, endpoint: str, actor: Actor) -> bool:
    """Whether an actor may call an endpoint; nobody may call one that does not declare its act."""
    name = act_of(app, endpoint)
    return name is not None and actor.may(name)


def may(name: str) -> bool:
    """Whether whoever looks at the page may do an act; for templates."""
    actor: Actor = g.get("actor", VISITOR)
    return actor.may(name)


def by_call() -> bool:
    """Whether a program calls the API: refusals are raised for it, no page is shown."""
    return bool(g.get(BY_CALL))


def is_unguarded(view: Callable[..., Any]) -> bool:
    """Whether a view takes posts without a form token."""
    return bool(getattr(view, _UNGUARDED, False))


def require_declarations(app: Flask) -> None:
    """Raise ``ActMissing`` naming every route that does not say which act it is."""
    silent = sorted({rule.endpoint for rule in app.url_map.iter_rules() if act_of(app, rule.endpoint) is None})
    if silent:
        raise ActMissing(f"routes without @act: {', '.join(silent)}")


def check_act() -> AnyResponse | None:
    """Before every request: let pass, send to sign in, or refuse with 403."""
    if request.endpoint is None:
        return None  # no such route: the 404 page answers
    if (first := _to_do_first(request.endpoint)) is not None:
        return first
    if may_call(current_app, request.endpoint, g.actor):
        return _to_waiting(request.endpoint)
    if not g.actor.is_visitor:
        return _only_confirmed(act_of(current_app, request.endpoint) or "")
    if request.path.startswith("/api/"):
        abort(401)
    return _to_sign_in()


_ALWAYS = frozenset(
    {
        "account.sign_in",
        "account.sign_out",
        "account.choose_language",
        "account.help_page",
        "account.agreement",
        "messages.privacy",
    }
)


def _to_do_first(endpoint: str) -> AnyResponse | None:
    """A one-time code is given, a password that another hand set is changed, codes are switched on by whoever must
    have them, and texts that changed are agreed to, before anything else. A program can do none of it, and waits."""
    due = _first_of(g.actor)
    if due and request.blueprint == "api":
        raise NotAllowed("api_person_first")
    if not due or endpoint in (*due, *_ALWAYS) or endpoint == "static" or endpoint.startswith("status."):
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" and endpoint != "home.index" else None
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for(due[0])})
    return redirect(url_for(due[0], next=wanted))


def _first_of(actor: Actor) -> tuple[str, ...]:
    """The endpoints of what an account does first, the page before its steps; none when nothing is due."""
    if actor.due == CODE_DUE:
        return ("account.sign_in_code",)
    if actor.must_change:
        return ("account.password",)
    if actor.due == SETUP_DUE:
        return _SETUP
    return ("account.consent",) if actor.consent_due else ()


_SETUP = (
    "account.second_factor",
    "account.start_second_factor",
    "account.second_factor_picture",
    "account.switch_second_factor_on",
)


def _to_waiting(endpoint: str) -> AnyResponse | None:
    """Let pass, but keep an account for which nothing is stored yet to public pages and its own account."""
    if not g.actor.waits or may_call(current_app, endpoint, VISITOR) or request.blueprint == "account":
        return None
    if request.blueprint == "api":
        raise NotAllowed("account_unconfirmed", role=g.actor.role)
    return redirect(url_for("account.waiting"))


def _only_confirmed(name: str) -> AnyResponse:
    """Tell an account what it may once it is confirmed; refuse everybody else."""
    if not g.actor.may_once_confirmed(name):
        abort(403)
    if request.blueprint == "api":
        raise NotAllowed("account_unconfirmed", role=g.actor.role)
    return redirect(url_for("account.waiting"))


def _to_sign_in() -> AnyResponse:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.method == "POST" and not request.headers.get("HX-Request"):
        raise SessionEnded()
    target = url_for("account.sign_in", next=wanted)
    if request.headers.get("HX-Request"):
        # What a page sends by itself while somebody types must not lead away from what was typed: the page asks for
        # the password in place (again.js).
        typing = {"HX-Trigger": "session-ended", "HX-Reswap": "none"}
        return Response(
            status=401, headers=typing if request.method == "POST" else {"HX-Redirect": url_for("account.sign_in")}
        )
    return redirect(target)


def safe_target(target: str | None, otherwise: str) -> str:
    """``target`` when it is a path on this site, else ``otherwise``: no link may lead a signed-in person away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return otherwise
    return target
