"""Fields beside those of ``web.forms``: what must be given, one file, several of a list, a share in percent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, SelectMultipleField
from wtforms.validators import StopValidation, ValidationError

from matchhub.domain.typed import percent_of
from matchhub.errors import Refusal
from matchhub.services.evidence.content import MOST_BYTES
from matchhub.services.evidence.pictures import look_at
from web.forms import AmountField, DayField, Required
from web.language import say, say_refusal, word
from web.paging import numbers_in


class NeededDayField(DayField):
    """A day that must be given."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validators=[Required("day_missing")], **more)

    @property
    def day(self) -> date:
        """The day of a form that was checked."""
        assert isinstance(self.data, date)
        return self.data


class NeededAmountField(AmountField):
    """An amount in yuan that must be given."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validators=[Required("amount_missing")], **more)

    @property
    def yuan(self) -> Decimal:
        """The amount of a form that was checked."""
        assert isinstance(self.data, Decimal)
        return self.data


class UploadField(FileField):
    """The file sent with a form as (name, bytes), or ``None``. No more of it is read than may be kept: the service
    refuses what is longer. It is looked at here, before a unit is opened, so that nobody waits for a hostile one.
    A browser never sends a file back, so a page shown again asks for it once more."""

    def __init__(self, **more: Any) -> None:
        super().__init__(render_kw={"data-most": MOST_BYTES}, **more)

    @property
    def file(self) -> tuple[str, bytes]:
        """Name and bytes where a file was asked for and the form was checked."""
        assert self.data is not None
        return self.data

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the file; a text sent under the same name is none."""
        sent = next((each for each in valuelist if isinstance(each, FileStorage) and each.filename), None)
        self.data, self.raw_data = None, []
        if sent is not None:
            name = (sent.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
            self.data, self.raw_data = (name, sent.stream.read(MOST_BYTES + 1)), [name]

    def pre_validate(self, form: Any) -> None:
        """Refuse what may not be kept; size and emptiness are told by the service."""
        if self.data is not None and 0 < len(self.data[1]) <= MOST_BYTES:
            try:
                look_at(self.data[1])
            except Refusal as refusal:
                raise StopValidation(say_refusal(refusal)) from refusal


class SeveralField(SelectMultipleField):
    """Those keys of a group of labels that were ticked, in the order of the list."""

    def __init__(self, group: str, keys: Sequence[str], **more: Any) -> None:
        super().__init__(choices=lambda: [(key, word(group, key)) for key in keys], **more)
        self.keys = tuple(keys)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys that were ticked."""
        given = set(self.data or ())
        return tuple(key for key in self.keys if key in given)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, in our words."""
        try:
            super().pre_validate(form)
        except ValidationError as fault:
            raise StopValidation(say("field_choice")) from fault


class PercentField(AmountField):
    """A share in percent; empty is ``None``."""

    fault = "field_number"
    read = staticmethod(percent_of)
    read_kind = ""


class RecordsField(HiddenField):
    """Numbers of records: of boxes that were ticked in a list, or joined by hyphens in a hidden field."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the numbers; what is none is left out."""
        self.data = tuple(numbers_in("-".join(each for each in valuelist if isinstance(each, str))))

    def _value(self) -> str:
        return "-".join(map(str, self.data or ()))
