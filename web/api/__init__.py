"""The API for programs, ``/api/v1``: the acts of the pages and the views of the services, by key (docs/api.md)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from web.api.acting import answer_change
from web.api.changes import CHANGES
from web.api.operations import Change, Read
from web.api.problems import answer_fields, answer_shape
from web.api.reading import answer_look
from web.api.reads import READS
from web.api.shapes import ShapeRefused
from web.callers import require_scope, tell_limits
from web.forms import FieldsRefused
from web.gate import act, without_form_token
from web.navigation import Entry
from web.once import HEADER, new_key
from web.page_forms import FormRefused
from web.rooms import READING, WRITING
from web.units import reading

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = ()


def _view_of_read(read: Read) -> Any:
    @act(read.act)
    def view(**parts: Any) -> Response:
        require_scope(read.room, READING)
        with reading() as unit:
            return answer_look(unit, read, parts)

    view.__doc__ = read.summary
    return view


def _view_of_change(change: Change, seen_as: Read | None, pages: dict[str, Read]) -> Any:
    @without_form_token
    @act(change.act)
    def view(**parts: Any) -> Response:
        require_scope(change.room, WRITING)
        return answer_change(change, seen_as, pages, parts)

    view.__doc__ = change.summary
    return view


def _offer_all() -> None:
    by_name, pages = {each.name: each for each in READS}, {each.page: each for each in READS if each.page}
    for read in READS:
        blueprint.add_url_rule(read.path, read.name, _view_of_read(read), methods=["GET"])
    for change in CHANGES:
        view = _view_of_change(change, by_name.get(change.seen_as), pages)
        blueprint.add_url_rule(change.path, change.name, view, methods=["POST"])


@blueprint.before_request
def _key_for_a_match() -> None:
    """A change that is compared first is done in one unit with the comparison, as one that carries a key is."""
    if request.method == "POST" and "If-Match" in request.headers and HEADER not in request.headers:
        request.environ["HTTP_IDEMPOTENCY_KEY"] = new_key()


_offer_all()
blueprint.after_request(tell_limits)
blueprint.register_error_handler(ShapeRefused, answer_shape)
blueprint.register_error_handler(FieldsRefused, answer_fields)
blueprint.register_error_handler(FormRefused, answer_fields)

from web.api import documents  # noqa: E402, F401
