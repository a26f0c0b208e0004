"""Forms: validators that speak our sentences, and refusals of services shown at the field they concern.

Labels stand in the templates (``parts/form.html``), so a form class names fields and rules only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    DecimalField,
    Field,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import DateInput, TextInput

from matchhub.domain.addresses import read_addresses
from matchhub.domain.typed import amount_of, budget_of, day_of
from matchhub.errors import Refusal
from web.display import yuan
from web.gate import by_call
from web.held import held
from web.language import language, say, say_refusal, word


class FieldsRefused(Exception):
    """A form of a call is not acted upon: it holds the sentences, ``refusal`` is what a service said, if one did."""

    def __init__(self, form: FlaskForm, refusal: Refusal | None = None) -> None:
        super().__init__(type(form).__name__)
        self.form, self.refusal = form, refusal


class Form(FlaskForm):
    """A form with a form token; ``WTForms``' own messages come in the language of the request."""

    class Meta(FlaskForm.Meta):
        """Messages that WTForms makes itself (a wrong choice, a wrong number)."""

        @property
        def locales(self) -> list[str]:
            return ["zh"] if language() == "zh" else ["en"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits; a form that is shown and not acted upon (``web.held``) never does, and says why."""
        fits = bool(super().validate(extra_validators))
        code = held()
        if code is not None:
            self.form_errors.append(say(code))
        if not fits and by_call():
            raise FieldsRefused(self)
        return fits and code is None


class Required:
    """The field must hold something besides blanks."""

    field_flags = {"required": True}

    def __init__(self, code: str = "field_required") -> None:
        self.code = code

    def __call__(self, form: Any, field: Field) -> None:
        if field.process_errors:
            raise StopValidation()  # something was typed: what is wrong with it is told already
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
    """Usable e-mail addresses, one or several; whether they exist only a letter can tell. An empty field passes.

    What passes is kept tidied (full width folded, lists separated by semicolons, Chinese domains in punycode), and a
    name written beside the address goes to an empty field ``contact_name``.
    """

    def __call__(self, form: Any, field: Field) -> None:
        read = read_addresses(field.data)
        if read.unusable:
            code = read.unusable[0].code
            raise StopValidation(say("field_email" if code == "address_not_one" else code))
        if read.usable:
            field.data = read.text
            names = getattr(form, "contact_name", None)
            if names is not None and not (names.data or "").strip():
                names.data = read.usable[0].name


class ChoiceField(SelectField):
    """One of a list."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, in our words."""
        try:
            super().pre_validate(form)
        except ValidationError as fault:
            raise StopValidation(say("field_choice")) from fault


class _DayInput(DateInput):
    """A browser's field of days; it would show what is no day as empty, so such a text stands in a plain field."""

    def __call__(self, field: Field, **attributes: Any) -> Any:
        if field.data is None and field._value():
            attributes["type"] = "text"
        return super().__call__(field, **attributes)


class DayField(DateField):
    """A day as people write it (``day_of``); empty is ``None``."""

    widget = _DayInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day that was sent."""
        written = plain_text(valuelist[0]) if valuelist else ""
        self.data = day_of(written) if written else None
        if written and self.data is None:
            raise ValueError(say("field_date"))

    def _value(self) -> str:
        return self.data.isoformat() if self.data else plain_text(self.raw_data[0]) if self.raw_data else ""


class AmountField(DecimalField):
    """An amount in yuan as ``Decimal`` (``amount_of``); empty is ``None``."""

    widget = TextInput()  # a browser's number field takes neither 5万 nor 50,000
    fault = "field_amount"
    read = staticmethod(amount_of)

    read_kind = "amount"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        text = plain_text(valuelist[0]) if valuelist else ""
        self.data = self.read(text) if text else None
        if text and self.data is None:
            raise ValueError(say(self.fault))

    def _value(self) -> str:
        """What stands in the field: what was typed, else the amount as people write it."""
        return super()._value() if self.raw_data else super()._value().removesuffix(".00")

    @property
    def read_as(self) -> str:
        """How what was typed was read, where it is not written as it is shown elsewhere; "" for nothing to tell."""
        typed = self.raw_data[0].strip() if self.raw_data and isinstance(self.raw_data[0], str) else ""
        return "" if self.data is None or not typed or typed.isdecimal() else said_of(self.read_kind, typed)


READ_KINDS = ("amount", "budget", "day")


def said_of(kind: str, typed: str) -> str:
    """How a typed amount (``amount``, ``budget``) is read, as a sentence; the day itself for ``day``; "" for none."""
    if kind == "day":
        day = day_of(typed)
        return day.isoformat() if day else ""
    amount = {"amount": amount_of, "budget": budget_of}.get(kind, lambda _: None)(typed)
    return say("field_read_as", yuan=yuan(amount)) if amount is not None else ""


def blame(form: FlaskForm, refusal: Refusal, fields: Mapping[str, str] = {}) -> None:
    """Show a service's refusal on the form: at the field whose prefix its code has, else above all fields.

    ``fields`` maps the beginning of a code to a field's name, e.g. ``{"uscc": "uscc", "password": "password"}``.
    Raises ``FieldsRefused`` where a program called: nobody looks at a page.
    """
    for prefix, name in fields.items():
        if refusal.code.startswith(prefix):
            form[name].errors = [*form[name].errors, say_refusal(refusal)]
            break
    else:
        form.form_errors.append(say_refusal(refusal))
    if by_call():
        raise FieldsRefused(form, refusal) from refusal


def plain_text(written: str) -> str:
    """What was typed without blanks around it, without NUL (no database keeps it) and with plain line ends."""
    return written.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


class TextField(StringField):
    """One line of text; never ``None``."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; how long it may be says ``Length``, so that nothing is cut off unseen."""
        self.data = plain_text(valuelist[0]) if valuelist else ""


class NoteField(TextAreaField):
    """A text of several lines, such as a reason; never ``None``."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = plain_text(valuelist[0]) if valuelist else ""


class ButtonField(HiddenField):
    """The value of the button that was pressed; "" for none. What is no button's value the service refuses."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the value that came with the button."""
        self.data = plain_text(valuelist[0])[:64] if valuelist else ""


class RecordField(HiddenField):
    """The number of a record, from a list or a hidden field; ``None`` for none and for what no record can have."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        written = valuelist[0] if valuelist else ""
        self.data = int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None


class LabelledField(ChoiceField):
    """One of the keys of a group of labels, shown by their labels; ``code`` is the refusal when none of them came."""

    def __init__(self, group: str, keys: Sequence[str], code: str = "field_choice", **more: Any) -> None:
        super().__init__(choices=lambda: [(key, word(group, key)) for key in keys], **more)
        self.code = code

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, in our words."""
        if self.data not in [key for key, _ in self.choices]:
            raise StopValidation(say(self.code))


class RecordNumberField(StringField):
    """The number of a record as a person types it; empty is ``None``."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        written = plain_text(valuelist[0]) if valuelist else ""
        self.data = None
        if written and not (written.isascii() and written.isdigit() and len(written) < 16):
            raise ValueError(say("field_number"))
        if written:
            self.data = int(written)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or "")


class FilesField(MultipleFileField):
    """The files sent, in their order; an input left empty sends none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what is a file; a text sent under the same name is none."""
        self.data = [each for each in valuelist if isinstance(each, FileStorage) and each.filename]
