"""The description of the API: an OpenAPI 3.1 document made from the operations, and a page that shows it offline."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup
from pydantic import TypeAdapter

import matchhub
from matchhub.services.accounts.api_keys import MOST_CALLS
from web.api import blueprint
from web.api.changes import CHANGES
from web.api.examples import example_of
from web.api.operations import Change, Operation, Read, open_path, parameters
from web.api.reading import json_bytes, json_response
from web.api.reads import READS
from web.api.shapes import schema_of, takes_files
from web.gate import act
from web.language import language, word
from web.rooms import ROOMS
from web.units import runtime

pages = Blueprint("pages", __name__, template_folder="templates")  # for people: with their session and language
_ERRORS = {
    "400": "BadRequest", "401": "KeyMissing", "403": "NotAllowed", "404": "NotFound", "409": "Conflict",
    "413": "TooLarge", "422": "Refused", "429": "TooMany", "503": "Unavailable",
}  # fmt: skip
_OF_CHANGES = {"412": "Changed", "415": "ContentType", "428": "MatchMissing"}
_SAID = {
    "BadRequest": "The request cannot be read.",
    "KeyMissing": "No key came, or none that is in use.",
    "NotAllowed": "The account may not do this, or the key was not made for it.",
    "NotFound": "No such record, or none that the account may see.",
    "Conflict": "It contradicts what is recorded, or the key of the request was used for something else.",
    "TooLarge": "What was sent is too large.",
    "Refused": "It does not fit; `errors` names the places.",
    "TooMany": "Too many calls; `Retry-After` says how many seconds to wait.",
    "Unavailable": "Nothing can be saved at the moment; `Retry-After` says how many seconds to wait.",
    "Changed": "The record changed since it was read.",
    "ContentType": "The body is of a kind that the operation does not take.",
    "MatchMissing": "This change needs `If-Match` with the ETag of the record.",
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "status", "code", "title", "detail"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; the sentence may change"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "in the language of Accept-Language: zh or en"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "/field of the body, ?/name of the query"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_DONE = {
    "type": "object",
    "required": ["record", "location", "page", "notices"],
    "properties": {
        "record": {"type": ["object", "null"], "description": "numbers of the record that the act led to"},
        "location": {"type": ["string", "null"], "description": "where the API shows it"},
        "page": {"type": "string", "description": "the page that shows it"},
        "notices": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "text"],
                "properties": {"kind": {"type": "string"}, "text": {"type": "string"}},
            },
        },
    },
}
_HEADERS = {
    "RateLimit-Limit": {"schema": {"type": "integer"}, "description": "calls of a key in a minute"},
    "RateLimit-Remaining": {"schema": {"type": "integer"}},
    "RateLimit-Reset": {"schema": {"type": "integer"}, "description": "seconds until the count begins anew"},
}
_ABOUT = (
    "Acts of the pages and views of the services for programs. A key acts as the account that made it, within its "
    "scopes (`room:read`, `room:write`). Every change may carry `Idempotency-Key`: sent again it is answered the same "
    "and done once. Errors are `application/problem+json` with a stable `code`."
)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document in the reader's language."""
    return _document_in(language())


# Put together once in each language: it follows the code alone, and takes a third of a second.
@cache
def _document_in(_language: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    kept: dict[str, Any] = {"Problem": _PROBLEM, "Done": _DONE, **_schemas()[1]}
    operations: tuple[Operation, ...] = (*READS, *CHANGES)
    for each in operations:
        said = _of_read(each, kept) if isinstance(each, Read) else _of_change(each)
        paths.setdefault(open_path(each.path), {})[each.method.lower()] = said
    return {
        "openapi": "3.1.0",
        "info": {"title": "matchhub API", "version": matchhub.__version__, "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": room, "description": word("api_room", room)} for room in ROOMS],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "responses": {name: _problem(text) for name, text in _SAID.items()},
            "schemas": kept,
        },
    }


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _responses(good: dict[str, Any], more: dict[str, str]) -> dict[str, Any]:
    errors = {status: {"$ref": f"#/components/responses/{name}"} for status, name in {**_ERRORS, **more}.items()}
    return {"200": {**good, "headers": _HEADERS}, **errors}


def _common(each: Read | Change, verb: str) -> dict[str, Any]:
    number, text = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}, {"type": "string", "minLength": 1}
    placed = [
        {"name": name, "in": "path", "required": True, "schema": number if kind == "int" else text}
        for name, kind in parameters(each.path)
    ]
    return {
        "operationId": each.name,
        "tags": [each.room],
        "summary": each.summary,
        "description": f"Act `{each.act}`, scope `{each.room}:{verb}`.",
        "parameters": placed,
    }


def _of_read(read: Read, kept: dict[str, Any]) -> dict[str, Any]:
    said = _common(read, "read")
    asked = read.query.model_json_schema()
    needed = asked.get("required", [])
    for name, schema in asked["properties"].items():
        plain = {key: value for key, value in schema.items() if key != "title"}
        said["parameters"].append({"name": name, "in": "query", "required": name in needed, "schema": plain})
    if read.adapter is None:
        content: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        if read.name == "package_file":
            content = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    else:
        schema = _schemas()[0][read.name]
        if read.is_list:
            schema = _list_of(schema)
        content = {"application/json": {"schema": schema, "example": example_of(schema, kept)}}
    said["responses"] = _responses({"description": read.summary, "content": content}, {})
    if read.adapter is not None:
        said["responses"]["304"] = {"description": "As the caller has it (`If-None-Match`)."}
    return said


@cache
def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of one thing of each read, by its name, and what they refer to. Any field may be left out, because
    any may be asked for (``fields``)."""
    wanted = [(each.name, "serialization", each.adapter) for each in READS if each.adapter is not None]
    found, kept = TypeAdapter.json_schemas(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    ours = {name: _lenient(schema) for (name, _), schema in found.items()}
    return ours, {name: _lenient(schema) for name, schema in kept.get("$defs", {}).items()}


def _lenient(schema: Any) -> Any:
    return {key: value for key, value in schema.items() if key != "required"}


def _list_of(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "total", "next"],
        "properties": {
            "items": {"type": "array", "items": row},
            "total": {"type": "integer"},
            "next": {"type": ["string", "null"], "description": "cursor of the rows after these"},
        },
    }


def _of_change(change: Change) -> dict[str, Any]:
    said = _common(change, "write")
    said["parameters"].append(
        {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
    )
    if change.seen_as:
        match = {"name": "If-Match", "in": "header", "required": change.must_match, "schema": {"type": "string"}}
        said["parameters"].append(match)
    if change.form is not None:
        schema = schema_of(change.form)
        kinds = ["multipart/form-data"] if takes_files(change.form) else []
        content = {kind: {"schema": schema} for kind in kinds}
        plain = {**schema, "properties": {n: s for n, s in schema["properties"].items() if not _binary(s)}}
        plain["required"] = [name for name in schema.get("required", []) if name in plain["properties"]]
        content["application/json"] = {"schema": plain, "example": example_of(plain, {})}
        said["requestBody"] = {"content": content, "required": bool(plain["required"])}
    good = {"schema": {"$ref": "#/components/schemas/Done"}}
    said["responses"] = _responses({"description": change.summary, "content": {"application/json": good}}, _OF_CHANGES)
    return said


def _binary(schema: dict[str, Any]) -> bool:
    return schema.get("format") == "binary" or schema.get("items", {}).get("format") == "binary"


@blueprint.get("/openapi.json", endpoint="document")
@act("site.read")
def openapi() -> Response:
    """The description of the API (OpenAPI 3.1)."""
    return json_response(_text_in(language()))


@cache
def _text_in(_language: str) -> bytes:
    return json_bytes(document())


@pages.get("/docs")
@act("site.read")
def docs() -> str:
    """The API for people: keys, limits, errors, and every operation with its fields and an example."""
    operations = _operations_in(language())
    return render_template("api/docs.html", operations=operations, most=MOST_CALLS, base_url=runtime().base_url)


@cache
def _operations_in(_language: str) -> Markup:
    said = document()
    rooms = [(room, word("api_room", room), _told(said, room)) for room in ROOMS]
    shown = render_template("api/_operations.html", rooms=rooms)
    return Markup(shown)  # nosec B704: what that template wrote is escaped


def _told(said: dict[str, Any], room: str) -> list[dict[str, Any]]:
    return [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in said["paths"].items()
        for method, operation in methods.items()
        if room in operation["tags"]
    ]


blueprint.register_blueprint(pages)
