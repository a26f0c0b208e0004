"""Headers of every answer, and the check that a change was asked for by our own page (PROMISES.md P17)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, current_app, g, request
from werkzeug.wrappers import Response

from web.gate import is_unguarded
from web.units import runtime

# Tabler draws check marks and arrows from data: images; everything else comes from files of this site.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def bound_body() -> None:
    """Before every request: refuse a body that is larger than any form or file may be, before a byte of it is read."""
    typed = request.mimetype == "application/x-www-form-urlencoded"
    most = current_app.config["MAX_FORM_MEMORY_SIZE" if typed else "MAX_CONTENT_LENGTH"]
    if (request.content_length or 0) > most:
        abort(413)


def check_origin() -> None:
    """Before every request that changes something: refuse one that another site's page sent."""
    if request.method in _SAFE or request.endpoint is None:
        return
    if is_unguarded(current_app.view_functions[request.endpoint]):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _own_origins():
        abort(403)


def _own_origins() -> set[str]:
    base = urlsplit(runtime().base_url)
    return {f"{base.scheme}://{base.netloc}", request.host_url.rstrip("/")}


def add_headers(response: Response) -> Response:
    """After every request: the policy, and no copy of a page in any cache but of static files."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if runtime().base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        private = getattr(g, "actor", None) is not None and not g.actor.is_visitor
        response.headers.setdefault("Cache-Control", "no-store" if private else "no-cache")
        response.headers.add("Vary", "Cookie")
    return response
