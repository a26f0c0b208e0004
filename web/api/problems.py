"""Refusals that name places: what of a body or a query has the wrong shape, and which field a service refused."""

from __future__ import annotations

from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from web.api.reading import json_of
from web.api.shapes import ShapeRefused
from web.errors import plain_answer
from web.forms import FieldsRefused
from web.page_forms import FormRefused

PROBLEM = "application/problem+json"


class FormFaults(Refusal):
    """Fields of a form do not fit; ``errors`` names each with its sentence."""

    code = "api_fields"


def answer_shape(refused: ShapeRefused) -> Response:
    """A body or a query of the wrong shape."""
    return _with(refused, refused.errors)


def answer_fields(refused: FieldsRefused | FormRefused) -> Response:
    """A form that was not acted upon: each field with its sentences, in the reader's language."""
    form = refused.form
    errors = [
        {"pointer": f"/{field.short_name}", "detail": str(error)} for field in form for error in _told(field.errors)
    ]
    refusal = getattr(refused, "refusal", None)
    if refusal is None:
        errors += [{"pointer": "", "detail": str(error)} for error in form.form_errors]
    return _with(refusal or FormFaults(), errors)


def _told(errors: object) -> list[object]:
    """Sentences of a field; those of a field of several parts lie one deeper."""
    if isinstance(errors, dict):
        return [each for part in errors.values() for each in _told(part)]
    if isinstance(errors, (list, tuple)):
        return [each for part in errors for each in (_told(part) if isinstance(part, (list, tuple, dict)) else [part])]
    return []


def _with(refusal: Refusal, errors: list[dict[str, str]]) -> Response:
    """The plain problem of a refusal, with the places."""
    plain = plain_answer(refusal)
    answer = json_of({**(plain.get_json() or {}), "errors": errors}, plain.status_code)
    answer.content_type = PROBLEM
    return answer
