"""Who may call which route. Every view says so itself; a view that does not keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchhub.services.kernel.unit import ROLES

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: frozenset[str] = frozenset({"visitor", *ROLES})
_MARK = "_roles"
_UNGUARDED = "_without_form_token"


class RolesMissing(RuntimeError):
    """A route does not say who may call it; raised while the application is made."""


def roles(*names: str) -> Callable[[View], View]:
    """Declare the roles that may call a view; anybody else is sent to sign in, or gets 403."""
    if unknown := set(names) - set(ROLES):
        raise RolesMissing(f"unknown roles: {sorted(unknown)}")
    return _marked(frozenset(names))


def signed_in(view: View) -> View:
    """Declare a view for every role, but not for visitors."""
    return _marked(frozenset(ROLES))(view)


def public(view: View) -> View:
    """Declare a view for everybody, signed in or not."""
    return _marked(PUBLIC)(view)


def without_form_token(view: View) -> View:
    """Let a view be posted to by other programs (one-click unsubscribe): no form token, no check of the origin."""
    setattr(view, _UNGUARDED, True)
    return view


def _marked(allowed: frozenset[str]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, allowed)
        return view

    return mark


def allowed_roles(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Roles that may call an endpoint (``visitor`` included where public); ``None`` when it does not say."""
    return getattr(app.view_functions[endpoint], _MARK, None)


def is_unguarded(view: Callable[..., Any]) -> bool:
    """Whether a view takes posts without a form token."""
    return bool(getattr(view, _UNGUARDED, False))


def require_declarations(app: Flask) -> None:
    """Raise ``RolesMissing`` naming every route that does not say who may call it."""
    silent = sorted({rule.endpoint for rule in app.url_map.iter_rules() if allowed_roles(app, rule.endpoint) is None})
    if silent:
        raise RolesMissing(f"routes without @roles, @signed_in or @public: {', '.join(silent)}")


def check_roles() -> AnyResponse | None:
    """Before every request: let pass, send to sign in, or refuse with 403."""
    if request.endpoint is None:
        return None  # no such route: the 404 page answers
    allowed = allowed_roles(current_app, request.endpoint) or frozenset()
    if g.actor.role in allowed:
        return _to_waiting(allowed)
    if g.actor.role != "visitor":
        abort(403)
    if request.path.startswith("/api/"):
        abort(401)
    return _to_sign_in()


def _to_waiting(allowed: frozenset[str]) -> AnyResponse | None:
    """Let pass, but keep an enterprise that waits for the operator to public pages and its own account."""
    if not g.actor.waits or "visitor" in allowed or request.blueprint == "account":
        return None
    return redirect(url_for("account.waiting"))


def _to_sign_in() -> AnyResponse:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("account.sign_in", next=wanted)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("account.sign_in")})
    return redirect(target)


def safe_target(target: str | None, otherwise: str) -> str:
    """``target`` when it is a path on this site, else ``otherwise``: no link may lead a signed-in person away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return otherwise
    return target
