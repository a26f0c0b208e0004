"""Answers made smaller by gzip, and how long browsers keep files.

A page is made smaller only where no other site can have asked for it. (BREACH: a stranger who makes a signed-in
browser ask for pages with texts of his choice, and sees how long the answers are, learns what else stands in them.)
Browsers say who asked in ``Sec-Fetch-Site``; an answer to somebody signed in is packed when they say it was this site
or the person. See docs/decisions/0104-answers-are-packed.md.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import current_app, g, request
from werkzeug.wrappers import Response

_TEXTS = frozenset({"text/html", "text/css", "text/csv", "text/javascript", "application/json", "image/svg+xml"})
_LEVEL = 2  # of pages, made anew each time: a third of the time of level 6 for a fifth more bytes
_LEAST = 860  # bytes: less fits one packet as it is
_OURS = frozenset({"same-origin", "none"})
_YEAR = "public, max-age=31536000, immutable"


def pack_answer(response: Response) -> Response:
    """After every request: gzip for texts where the browser takes it, long keeping for files named by their content."""
    is_file = request.endpoint == "static"
    if is_file and response.status_code in (200, 304):
        named = "v" in request.args  # ``asset`` puts the digest of the content there
        response.headers["Cache-Control"] = _YEAR if named else "no-cache"
    if response.status_code != 200 or response.mimetype not in _TEXTS or "Content-Encoding" in response.headers:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if not request.accept_encodings["gzip"] or request.method != "GET":
        return response
    if is_file:
        return _packed_file(response)
    if not _may_be_packed() or response.is_streamed or response.direct_passthrough:
        return response
    content = response.get_data()
    if len(content) < _LEAST:
        return response
    response.set_data(gzip.compress(content, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _may_be_packed() -> bool:
    """Whether no other site can have made this browser ask, or nothing of a person stands in the answer."""
    actor = getattr(g, "actor", None)
    if actor is not None and actor.is_visitor and not request.query_string:
        return True
    return request.headers.get("Sec-Fetch-Site", "") in _OURS


def _packed_file(response: Response) -> Response:
    file = Path(current_app.static_folder or "") / str((request.view_args or {}).get("filename", ""))
    content = _packed(file, file.stat().st_mtime)
    response.direct_passthrough = False
    response.set_data(content)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("ETag", None)  # that of the file as it lies
    return response


@lru_cache(maxsize=64)
def _packed(file: Path, changed: float) -> bytes:
    """A static file packed as small as gzip can, once per process and content."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)
