"""Forms: validators that speak our sentences, and refusals of services shown at the field they concern.

Labels stand in the templates (``parts/form.html``), so a form class names fields and rules only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import StopValidation

from matchhub.errors import Refusal
from web.language import language, say, say_refusal


class Form(FlaskForm):
    """A form with a form token; ``WTForms``' own messages come in the language of the request."""

    class Meta(FlaskForm.Meta):
        """Messages that WTForms makes itself (a wrong choice, a wrong number)."""

        @property
        def locales(self) -> list[str]:
            return ["zh"] if language() == "zh" else ["en"]


class Required:
    """The field must hold something besides blanks."""

    field_flags = {"required": True}

    def __init__(self, code: str = "field_required") -> None:
        self.code = code

    def __call__(self, form: Any, field: Field) -> None:
        value = field.data.strip() if isinstance(field.data, str) else field.data
        if value is None or value == "" or value is False or value == []:
            field.errors = []
            raise StopValidation(say(self.code))


class Length:
    """Length of the text in characters, both ends included; an empty optional field passes."""

    def __init__(self, least: int = 0, most: int = 200) -> None:
        self.least, self.most = least, most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Any, field: Field) -> None:
        size = len((field.data or "").strip())
        if size and not self.least <= size <= self.most:
            raise StopValidation(say("field_length", least=self.least, most=self.most))


class Email:
    """Looks like an e-mail address; whether it exists only a letter can tell. An empty optional field passes."""

    def __call__(self, form: Any, field: Field) -> None:
        value = (field.data or "").strip()
        name, at, host = value.rpartition("@")
        fine = bool(name and at and "." in host.strip(".")) and not any(sign.isspace() for sign in value)
        if value and not fine:
            raise StopValidation(say("field_email"))


def blame(form: FlaskForm, refusal: Refusal, fields: Mapping[str, str] = {}) -> None:
    """Show a service's refusal on the form: at the field whose prefix its code has, else above all fields.

    ``fields`` maps the beginning of a code to a field's name, e.g. ``{"uscc": "uscc", "password": "password"}``.
    """
    for prefix, name in fields.items():
        if refusal.code.startswith(prefix):
            form[name].errors = [*form[name].errors, say_refusal(refusal)]
            return
    form.form_errors.append(say_refusal(refusal))
