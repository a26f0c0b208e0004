"""Addresses of earlier versions: importing lives under /intake."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from web.gate import roles
from web.listing import asked_text
from web.operator import blueprint


@blueprint.get("/imports")
@roles("operator")
def imports() -> Response:
    """Moved to /intake/."""
    return redirect(url_for("intake.uploads", kind=asked_text("kind") or None), 301)


@blueprint.get("/imports/<token>")
@roles("operator")
def preview(token: str) -> Response:
    """Moved to /intake/uploads/<token>."""
    return redirect(url_for("intake.upload", token=token), 301)
