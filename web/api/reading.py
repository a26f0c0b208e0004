"""How a look is answered: query in, the service's view out as JSON, in pieces, with an ETag and only asked fields."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, send_file
from pydantic import BaseModel, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from web.api.operations import MOST, Chosen, File, Read
from web.api.shapes import ShapeRefused, places_of

_OWN = ("cursor", "limit", "fields")


def answer_look(unit: Unit, read: Read, parts: dict[str, Any]) -> AnyResponse:
    """The answer of a read to this request."""
    asked = _asked(read)
    told = {name: getattr(asked, name) for name in type(asked).model_fields if name not in _OWN}
    if read.is_list:
        body, more = _piece(unit, read, {**parts, **told}, asked)
    else:
        found = read.call(unit, **parts, **told)
        if isinstance(found, File):
            return _handed_out(found)
        body, more = plain(read, found), ""
        body = _only(read, body, getattr(asked, "fields", ""))
    response = json_of(body)
    if more:
        response.headers["Link"] = f'<{more}>; rel="next"'
    response.set_etag(etag_of(body))
    return response.make_conditional(request.environ)


def plain(read: Read, found: Any) -> Any:
    """A view as plain JSON values: amounts and days as texts."""
    assert read.adapter is not None
    return read.adapter.dump_python(found, mode="json", warnings=False)


def etag_of(body: Any) -> str:
    """The mark of a representation: the same content has the same mark, whoever computes it."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def json_of(body: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return json_response(json_bytes(body), status)


def json_bytes(body: Any) -> bytes:
    """JSON in UTF-8, without spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def json_response(content: bytes, status: int = 200) -> Response:
    """An answer with this JSON."""
    return Response(content, status, content_type="application/json")


def _asked(read: Read) -> BaseModel:
    given = request.args.to_dict()
    try:
        return read.query.model_validate({name: value.replace("\x00", "") for name, value in given.items()})
    except ValidationError as fault:
        raise ShapeRefused(places_of(fault, "?")) from fault


def _handed_out(file: File) -> AnyResponse:
    return send_file(BytesIO(file.content), mimetype=file.kind, as_attachment=True, download_name=file.name, max_age=0)


def _only(read: Read, body: Any, fields: str) -> Any:
    """``body`` with the fields asked for only."""
    wanted = [each for each in fields.split(",") if each]
    if not wanted or not isinstance(body, dict):
        return body
    unknown = [each for each in wanted if each not in known_fields(read)]
    if unknown:
        raise ShapeRefused([{"pointer": "?/fields", "code": "field_unknown"}])
    return {name: value for name, value in body.items() if name in wanted}


def known_fields(read: Read) -> set[str]:
    """Names of the fields of one thing of a read."""
    adapter = read.adapter
    shown = adapter.json_schema(mode="serialization") if adapter is not None else {}
    while "$ref" in shown and "properties" not in shown:
        shown = {**shown, **shown["$defs"][shown["$ref"].rpartition("/")[2]], "$ref": ""} if shown["$ref"] else shown
        break
    return set(shown.get("properties", ()))


def _piece(unit: Unit, read: Read, told: dict[str, Any], asked: Any) -> tuple[dict[str, Any], str]:
    """So many rows after the cursor, how many there are in all, and the address of the rows after these."""
    filters = hashlib.sha256(repr(sorted((name, str(value)) for name, value in told.items())).encode()).hexdigest()[:12]
    limit, at = asked.limit, _opened(asked.cursor, filters)
    if not 1 <= limit <= MOST:
        raise ShapeRefused([{"pointer": "?/limit", "code": "out_of_range"}])
    if read.takes_sought:
        page = read.call(unit, **told, sought=Sought(at[0] + 1))
        items, total, next_at = list(page.items), page.total, (page.number, 0) if page.number < page.pages else None
    else:
        items, total, next_at = _cut(read.call(unit, **told), at, limit)
    rows = [_only(read, plain(read, each), asked.fields) for each in items]
    cursor = _closed(next_at, filters) if next_at is not None else None
    more = ""
    if cursor is not None:
        more = f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': cursor})}"
    return {"items": rows, "total": total, "next": cursor}, more


def _cut(found: Any, at: tuple[int, int], limit: int) -> tuple[list[Any], int, tuple[int, int] | None]:
    """Rows after the place ``at`` (position, key of the row before it), which is found again by its key."""
    if isinstance(found, Page):
        found = found.items
    keys: Sequence[int] = found.keys if isinstance(found, Chosen) else [_key(row, n) for n, row in enumerate(found, 1)]
    place, last = at
    if last and not (place <= len(keys) and place > 0 and keys[place - 1] == last):
        place = keys.index(last) + 1 if last in keys else place
    part = range(place, min(place + limit, len(keys)))
    rows = found.rows([keys[n] for n in part]) if isinstance(found, Chosen) else [found[n] for n in part]
    end = place + len(part)
    return list(rows), len(keys), (end, keys[end - 1]) if part and end < len(keys) else None


def _key(row: Any, place: int) -> int:
    key = getattr(row, "id", place)
    return key if isinstance(key, int) else place


def _closed(at: tuple[int, int], filters: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([*at, filters]).encode()).decode().rstrip("=")


def _opened(cursor: str, filters: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    try:
        place, key, told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if told == filters and 0 <= int(place) < 10**9 and 0 <= int(key) < 10**15:
            return int(place), int(key)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise ShapeRefused([{"pointer": "?/cursor", "code": "cursor_unknown"}])
