"""What a person sees when something is refused or fails: a page with one clear sentence, never a traceback."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from matchhub import wording
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.kernel.faults import (
    DatabaseAway,
    DatabaseDamaged,
    HomeUnwritable,
    StorageFull,
    disk_refusal_of,
)
from matchhub.services.kernel.limits import LimitReached
from web.dates import closed_up, data_in_words
from web.held import carried, kept_page, shown_filled
from web.language import language
from web.pressed_on import page_pressed_on
from web.units import local_zone

_log = logging.getLogger("matchhub.web")
_RETRY_SECONDS = 5  # a server that starts anew answers within seconds
_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (LimitReached, 429),
    (StorageFull, 503),
    (DatabaseAway, 503),
    (DatabaseDamaged, 503),
    (HomeUnwritable, 503),
    (Conflict, 409),
)


def status_of(refusal: Refusal) -> int:
    """HTTP status of a refusal; 422 where none is more particular. A refusal of the API names its own (``status``)."""
    own: int | None = getattr(type(refusal), "status", None)
    if own is not None:
        return own
    if refusal.code == "database_busy":
        return 503
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 422)


def set_up_errors(app: Flask) -> None:
    """Answer refusals and failures."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def _refused(refusal: Refusal) -> AnyResponse:
    data = {name: value for name, value in refusal.data.items() if name != "status"}
    status = status_of(refusal)
    if status == 503:
        return _later(refusal, data)
    if not request.path.startswith("/api/"):
        shown = page_pressed_on(refusal, status, _sentence(refusal.code, language(), data))
        if shown is not None:
            return shown
    return plain_answer(refusal)


def plain_answer(refusal: Refusal) -> AnyResponse:
    """A refusal by itself, without the page it belongs to: for a program a problem."""
    data = {name: value for name, value in refusal.data.items() if name != "status"}
    return _answer(status_of(refusal), refusal.code, data)


def _later(refusal: Refusal, data: dict[str, object]) -> AnyResponse:
    """What the base cannot do now: what was typed comes back with its key, and the answer says when to ask again."""
    _log.warning("request %s refused: %s %r: %s", g.get("request_id", "-"), request.method, _said_path(), refusal.code)
    part = request.path.startswith("/api/") or request.headers.get("HX-Request")
    kept = carried(None) if request.method == "POST" and not part else None
    if kept is None:
        shown = None if part else page_pressed_on(refusal, 503, _sentence(refusal.code, language(), data))
        answer = shown or _answer(503, refusal.code, data)
    else:
        answer = make_response(kept_page(kept, refusal.code), 503)
    answer.headers["Retry-After"] = str(_RETRY_SECONDS)
    return answer


def _stale(_error: CSRFError) -> AnyResponse:
    part = request.path.startswith("/api/") or request.headers.get("HX-Request")
    return (None if part else shown_filled("form_stale")) or _answer(403, "form_not_sent", {})


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    known = f"page_{error.code}" in wording.codes()
    code = f"page_{error.code}" if known else ("page_400" if error.code < 500 else "page_500")
    answer = _answer(error.code, code, {})
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _failed(error: Exception) -> AnyResponse:
    if isinstance(error, OSError) and (refusal := disk_refusal_of(error)):  # of a file that no unit writes
        return _refused(refusal)
    # The path is shown by repr, so that a line break in it makes no second log line.
    _log.exception("request %s failed: %s %r", g.get("request_id", "-"), request.method, _said_path())
    return _answer(500, "page_500", {})


def _said_path() -> str:
    """The address as the log may have it: one that holds the token of a link is named by its rule."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in (request.view_args or {}) else request.path


def _answer(status: int, code: str, data: dict[str, object]) -> AnyResponse:
    data = {"megabytes": (current_app.config["MAX_CONTENT_LENGTH"] or 0) // 2**20, **data}
    data["request"] = g.get("request_id", "-")
    if request.path.startswith("/api/"):
        return _problem(status, code, data)
    texts = {
        lang: closed_up(_sentence(code, lang, data_in_words(data, lang, local_zone))) for lang in wording.LANGUAGES
    }
    part = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
    template = "errors/part.html" if part else "errors/page.html"
    other = "en" if language() == "zh" else "zh"
    return make_response(
        render_template(template, status=status, sentence=texts[language()], other=texts[other], other_lang=other),
        status,
    )


def _sentence(code: str, lang: str, data: dict[str, object]) -> str:
    try:
        return wording.sentence(code, lang, **{name: value for name, value in data.items() if name != "lang"})
    except KeyError:
        return wording.sentence("refused", lang)


def _problem(status: int, code: str, data: dict[str, object]) -> Response:
    """A refusal as a program reads it (RFC 9457); ``code`` is stable, the sentences are in the reader's language."""
    known = code in wording.codes()
    answer = jsonify(
        type=f"urn:matchhub:problem:{code}",
        status=status,
        code=code,
        title=wording.headline(code if known else "refused", language()),
        detail=_sentence(code, language(), data),
    )
    answer.status_code = status
    answer.content_type = "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
