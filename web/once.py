"""A form or call that carries a key acts once (PROMISES.md P6): header ``Idempotency-Key``, in forms the hidden field.

All views that take posts are wrapped here, so none needs to know; the key itself is taken by the request's first
writing unit (``web.units``). A view that writes nothing takes no key.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, flash, g, request, session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.kernel.form_keys import Answer, Sent, kept_answer, reserve_key
from web.held import OWNER, carried_key, held
from web.units import ActUnit, DoneBefore, reading, runtime, writing

HEADER, FIELD = "Idempotency-Key", "act_key"
_LONGEST = 200
DONE = "matchhub_done"  # cookie: the key of the form that was acted upon last
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_UNREAD = frozenset({"csrf_token", FIELD, OWNER})  # fields that differ between two sendings of the same
_KEPT_HEADERS = ("Location", "Content-Type", "HX-Redirect", "HX-Trigger", "HX-Refresh", "X-Robots-Tag")
_TEXTS = ("text/", "application/json")
_LARGEST = 2**20  # characters of an answer that is kept
_OVERTAKEN = (404, 409)  # how an act is answered whose record is gone or further on
_FLASHES = "_flashes"  # where Flask keeps notices for the next page


def new_key() -> str:
    """A key for a form that is being rendered; one that comes back keeps its own, so that it acts once all the same."""
    return carried_key() or secrets.token_urlsafe(18)


def set_up_keys(app: Flask) -> None:
    """Make every view that takes posts act once for each key."""
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    for endpoint in posting:
        app.view_functions[endpoint] = _acting_once(app.view_functions[endpoint])


def _acting_once(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(**parts: Any) -> Any:
        sent = _sent()
        if sent is None:
            return view(**parts)
        with reading() as unit:
            kept = kept_answer(unit, sent)
        if kept is not None:
            return _done(_again(kept), sent.key)
        return view(**parts) if held() else _done(_first_time(view, parts, sent), sent.key)

    answer.acts_once = True  # type: ignore[attr-defined]
    return answer


def _done(response: Response, key: str) -> Response:
    """Tell the page's script that what it kept of the form is not needed any more (``static/drafts.js``)."""
    if request.blueprint != "api" and response.status_code < 400 and _PLAIN_KEY.fullmatch(key):
        secure = runtime().base_url.startswith("https://")
        response.set_cookie(DONE, key, max_age=600, samesite="Lax", secure=secure)
    return response


def _first_time(view: Callable[..., Any], parts: dict[str, Any], sent: Sent) -> Response:
    notices = len(session.get(_FLASHES, []))
    act = ActUnit(sent)
    try:
        with act as g.act_unit:
            response = current_app.make_response(view(**parts))
            act.end(response.status_code, _answer_of(response, session.get(_FLASHES, [])[notices:]))
        return response if act.began or response.status_code not in _OVERTAKEN else _overtaken(sent) or response
    except DoneBefore as done:
        return _again(done.answer)
    except Refusal:
        answer = None if act.began else _overtaken(sent)
        if answer is None:
            raise
        return answer
    finally:
        g.pop("act_unit", None)


def _overtaken(sent: Sent) -> Response | None:
    """The answer of the act itself, to one of its sendings that came too late to find what the act begins with.

    It waits for the act to end, and keeps nothing when there was none.
    """
    g.pop("act_unit", None)
    try:
        with writing() as unit:
            answer = reserve_key(unit, sent)
            if answer is None:
                raise _NoAct
    except _NoAct:
        return None
    return _again(answer)


class _NoAct(Exception):
    """Leaves the unit of a key that nobody used, which stays unused."""


def _sent() -> Sent | None:
    """What this request sends under a key; ``None`` for a look, without a key, and from who cannot be told apart."""
    key = request.headers.get(HEADER) or request.form.get(FIELD, "")
    owner = _owner()
    if request.method != "POST" or not 0 < len(key) <= _LONGEST or owner is None:
        return None
    return Sent(owner, key, json.dumps([request.full_path, *_content()], ensure_ascii=False))


def _owner() -> str | None:
    if g.actor.account_id is not None:
        return str(g.actor.label)
    token = session.get("csrf_token")
    return f"visitor:{hashlib.sha256(token.encode()).hexdigest()}" if token else None


def _content() -> list[Any]:
    """The fields and files of the request in an order of their own; of files their names and digests."""
    fields = [each for each in request.form.items(multi=True) if each[0] not in _UNREAD]
    files = [(name, file.filename, _digest_of(file)) for name, file in request.files.items(multi=True)]
    plain = "" if request.form or request.files else hashlib.sha256(request.get_data()).hexdigest()
    return [sorted(fields), sorted(files, key=str), plain]


def _digest_of(file: FileStorage) -> str:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return digest


def _answer_of(response: Response, notices: list[tuple[str, str]]) -> Answer | None:
    """What is kept of an answer; ``None`` for a file to download and for a page too large to keep."""
    told = tuple((kind, text) for kind, text in notices)
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    if response.is_streamed or response.direct_passthrough or not (response.mimetype or "").startswith(_TEXTS):
        return None
    body = response.get_data(as_text=True)
    return Answer(response.status_code, headers, told, body) if len(body) < _LARGEST else None


def _again(kept: Answer) -> Response:
    """The answer of the first time, with its notices for the next page."""
    for kind, text in kept.notices:
        flash(text, kind)
    return Response(kept.body, kept.status, dict(kept.headers))
