"""The shape of what a form takes, as a schema: the form itself stays the judge of what fits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError, create_model
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FileField, MultipleFileField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from matchhub.errors import Refusal
from web.fields import RecordsField, SeveralField
from web.forms import AmountField, Form, LabelledField, Length, RecordField, RecordNumberField, Required

_CONFIG = ConfigDict(extra="forbid")
_NUMBERS = StrictInt | StrictFloat | StrictStr | None
UNASKED = frozenset({"csrf_token", "act_key", "submit"})
_MODELS: dict[Any, type[BaseModel]] = {}  # made once for each form; a form's class has no hash of its own
LONGEST_TEXT = 200_000  # characters of one field


class ShapeRefused(Refusal):
    """What was sent has not the shape of the operation: ``errors`` names each place and what is wrong there."""

    code = "api_shape"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


def fields_of(form: type[Form]) -> dict[str, Any]:
    """The unbound fields of a form by name, in their order."""
    names = [name for name in dir(form) if hasattr(getattr(form, name, None), "field_class")]
    found = {name: getattr(form, name) for name in names if name not in UNASKED}
    return dict(sorted(found.items(), key=lambda each: each[1].creation_counter))


def is_file(unbound: Any) -> bool:
    """Whether a field takes files."""
    return issubclass(unbound.field_class, (FileField, MultipleFileField))


def takes_files(form: type[Form] | None) -> bool:
    """Whether an operation takes files, so that it is sent as ``multipart/form-data``."""
    return form is not None and any(is_file(each) for each in fields_of(form).values())


def _type_of(kind: type[Field]) -> Any:
    if issubclass(kind, BooleanField):
        return StrictBool | None
    if issubclass(kind, (SeveralField, SelectMultipleField)):
        return list[StrictStr] | None
    if issubclass(kind, RecordsField):
        return list[StrictInt] | None
    if issubclass(kind, (RecordField, RecordNumberField)):
        return StrictInt | StrictStr | None
    return _NUMBERS if issubclass(kind, AmountField) else StrictStr | StrictInt | None


def model_of(form: type[Form]) -> type[BaseModel]:
    """The pydantic model of a form's body: kinds of values and names, all optional (the form says what lacks)."""
    if form in _MODELS:
        return _MODELS[form]
    known: dict[str, Any] = {
        name: (_type_of(each.field_class), None) for name, each in fields_of(form).items() if not is_file(each)
    }
    made: type[BaseModel] = create_model(form.__name__, __config__=_CONFIG, **known)
    _MODELS[form] = made
    return made


def _validators(unbound: Any) -> list[Any]:
    told = unbound.kwargs.get("validators")
    if told is None and unbound.args and isinstance(unbound.args[-1], list):
        told = unbound.args[-1]
    return list(told or [])


def schema_of(form: type[Form]) -> dict[str, Any]:
    """JSON schema of a form's body, with what must be given, longest texts, choices and files."""
    shown = model_of(form).model_json_schema()["properties"]
    found: dict[str, Any] = {}
    needed = []
    for name, each in fields_of(form).items():
        said: dict[str, Any] = {"type": "string", "format": "binary"} if is_file(each) else _plain(shown[name])
        if issubclass(each.field_class, MultipleFileField):
            said = {"type": "array", "items": said}
        for check in _validators(each):
            if isinstance(check, Length) and said.get("type") != "array":
                said["maxLength"] = check.most
            if isinstance(check, (Required, DataRequired, InputRequired)):
                needed.append(name)
        if issubclass(each.field_class, LabelledField) and len(each.args) > 1:
            said = {"type": "string", "enum": list(each.args[1])}
        if issubclass(each.field_class, SeveralField) and len(each.args) > 1:
            said = {"type": "array", "items": {"type": "string", "enum": list(each.args[1])}}
        found[name] = said
    return {
        "type": "object",
        "properties": found,
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Several types as one ``type``; that a field may be null needs no saying."""
    kinds = [each for each in said.get("anyOf", [said]) if each.get("type") != "null"]
    if len(kinds) == 1:
        return {name: value for name, value in kinds[0].items() if name != "title"}
    return {"type": [each["type"] for each in kinds]}


def fields_sent(form: type[Form] | None, body: Any) -> MultiDict[str, str]:
    """A JSON body as the fields of its form. Raises ``ShapeRefused`` where it has another shape."""
    if not isinstance(body, dict):
        raise ShapeRefused([{"pointer": "", "code": "object_expected"}])
    try:
        if form is None:
            if body:
                raise ShapeRefused([{"pointer": f"/{next(iter(body))}", "code": "extra_forbidden"}])
        else:
            model_of(form).model_validate(body)
    except ValidationError as fault:
        raise ShapeRefused(places_of(fault)) from fault
    sent: MultiDict[str, str] = MultiDict()
    for name, value in body.items():
        for each in value if isinstance(value, list) else [value]:
            text = _text_of(each)
            if text is not None:
                sent.add(name, text)
    return sent


def _text_of(value: Any) -> str | None:
    if value is None or value is False:
        return None
    if value is True:
        return "y"
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    if len(text) > LONGEST_TEXT:
        raise ShapeRefused([{"pointer": "", "code": "text_too_long"}])
    return text.encode("utf-8", "replace").decode()  # half a pair of surrogates is no text


def places_of(fault: ValidationError, root: str = "") -> list[dict[str, str]]:
    """Where the shape is wrong, once for each place, with pydantic's stable word for it."""
    found: dict[str, dict[str, str]] = {}
    for each in fault.errors(include_url=False, include_input=False, include_context=False):
        place = root + "/" + str(each["loc"][0] if each["loc"] else "")
        found.setdefault(place, {"pointer": place, "code": each["type"]})
    return list(found.values())
