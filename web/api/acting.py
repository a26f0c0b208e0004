"""How a change is done: the body becomes the form of the page, its view acts, and what it answers becomes JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, make_response, request, session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matchhub.errors import Conflict, Refusal
from web.api.operations import Change, Read
from web.api.reading import etag_of, json_of, plain
from web.api.shapes import ShapeRefused, fields_sent, takes_files
from web.gate import BY_CALL
from web.units import writing

_FLASHES = "_flashes"
MULTIPART, JSON = "multipart/form-data", "application/json"


class MatchFailed(Conflict):
    """The record is not as the caller saw it."""

    code = "api_changed_meanwhile"
    status = 412


class MatchMissing(Refusal):
    """A change that writes over something came without ``If-Match``."""

    code = "api_match_missing"
    status = 428


class KindRefused(Refusal):
    """The body is of a kind that the operation does not take."""

    code = "api_content_type"
    status = 415


def answer_change(change: Change, seen_as: Read | None, pages: Mapping[str, Read], parts: dict[str, Any]) -> Response:
    """Do what a change asks for, in the unit of its key."""
    fields = _fields(change)
    wanted = request.headers.get("If-Match", "")
    if change.must_match and not wanted:
        raise MatchMissing()
    setattr(g, BY_CALL, True)
    g.csrf_valid = True  # no cookie is read here, so nobody can be made to send
    if wanted and seen_as is not None:
        fields = _matched(seen_as, wanted, parts, fields)
    before = change.prefix.format(**parts)
    vars(request)["form"] = ImmutableMultiDict([*((before + name, value) for name, value in fields), ("by_call", "y")])
    return _told(make_response(change.view(**parts)), pages)


def _fields(change: Change) -> list[tuple[str, str]]:
    kind = request.mimetype
    if takes_files(change.form) and kind == MULTIPART:
        return list(vars(request).get("form", request.form).items(multi=True))
    if kind not in (JSON, "") or (kind == "" and request.content_length):
        raise KindRefused()
    try:
        body = request.get_json() if kind == JSON and request.content_length else {}
    except (HTTPException, RecursionError, ValueError) as fault:
        raise ShapeRefused([{"pointer": "", "code": "json_invalid"}]) from fault
    return list(fields_sent(change.form, body).items(multi=True))


def _matched(seen_as: Read, wanted: str, parts: dict[str, Any], fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Compare ``If-Match`` with the record as it stands, inside the unit in which the change will write."""
    with writing() as unit:
        told = {name: parts[name] for name in seen_as.hints if name in parts}
        found = seen_as.call(unit, **told)
        mark = etag_of(plain(seen_as, found))
    if wanted.strip() != "*" and mark not in request.if_match:
        raise MatchFailed()
    seen = getattr(found, "seen", "")
    known = {name for name, _ in fields}
    return [*fields, ("seen", seen)] if seen and "seen" not in known else fields


def _told(response: Response, pages: Mapping[str, Read]) -> Response:
    """What a page's view answered: where it led and what it said, or the file that it hands out."""
    notices = [{"kind": kind, "text": text} for kind, text in session.pop(_FLASHES, [])]
    session.modified = False
    if response.status_code >= 400:
        raise Refusal("api_refused")
    if not response.location and response.mimetype not in ("text/html", JSON):
        return response
    page, read = "", None
    record: Mapping[str, Any] | None = None
    if response.location:
        page = response.location.partition("#")[0]
        endpoint, record = current_app.url_map.bind("").match(page.partition("?")[0], method="GET")
        read = pages.get(str(endpoint))
    place = current_app.url_map.bind("").build(f"api.{read.name}", record) if read is not None else None
    answer = json_of(
        {"record": dict(record) if record is not None else None, "location": place, "page": page, "notices": notices}
    )
    if place:
        answer.headers["Content-Location"] = place
    return answer
