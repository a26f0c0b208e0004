"""Pages with several small forms: the one that was sent and refused is shown on its page as it was typed.

A view takes the form in and acts inside one block; whatever the form or the service refuses leaves the block::

    @blueprint.post("/demands/<int:demand_id>/return")
    @act("demand.move_any")
    @shown_again(demand_page)
    def return_demand(demand_id: int) -> Response:
        with sent(ReturnForm) as form, writing() as unit:
            move_demand(unit, demand_id, "returned", form.note.data)
        return redirect(...)

``demand_page(refused, demand_id)`` renders the page for a look (``refused`` is ``None``) and for a refused form alike.
Its template asks ``forms`` (``PageForms``) for each form by name and gets the refused one in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar, TypeVar

from wtforms import Field, HiddenField

from matchhub.errors import NotAllowed, Refusal
from web.errors import status_of
from web.forms import Form, blame

Kind = TypeVar("Kind", bound="SmallForm")
View = TypeVar("View", bound=Callable[..., Any])
Page = Callable[..., Any]


class SmallForm(Form):
    """One form of a page that has several.

    ``blamed`` maps the beginning of a refusal's code to the field it concerns, as ``web.forms.blame`` takes it.
    ``row_field`` names the field by which forms of this kind are told apart, where the address does not.
    """

    blamed: ClassVar[Mapping[str, str]] = {}
    row_field: ClassVar[str] = ""
    row: Hashable = None
    is_shown = False
    has_lost_its_place = False

    @property
    def typed(self) -> list[Field]:
        """The fields a person sees and fills in."""
        return [field for field in self if not isinstance(field, HiddenField)]

    @property
    def general_errors(self) -> list[str]:
        """Sentences that concern no field a person sees: refusals of the whole, and faults of hidden fields."""
        hidden = [error for field in self if isinstance(field, HiddenField) for error in field.errors]
        return [*self.form_errors, *hidden]


class FormRefused(Exception):
    """A form that was sent is not acted upon: it holds what was typed and the sentences, ``status`` is the answer's."""

    def __init__(self, form: SmallForm, status: int) -> None:
        super().__init__(type(form).__name__, status)
        self.form, self.status = form, status


@contextmanager
def sent(kind: type[Kind], row: Hashable = None) -> Iterator[Kind]:
    """The form of this request, checked; a refusal inside the block is told at its field.

    ``row`` says which it is where a page has one for each record. Raises ``FormRefused``, to be answered by
    ``shown_again``. ``NotAllowed`` without a code of its own passes: such a person may not see the page either. One
    that says what is missing (an account not confirmed yet) is told on the page, where it can be sent again later.
    """
    form = kind()
    form.row = form[kind.row_field].data if kind.row_field else row
    if not form.validate():
        raise FormRefused(form, 422)
    try:
        yield form
    except Refusal as refusal:
        if refusal.code == NotAllowed.code:
            raise
        blame(form, refusal, form.blamed)
        raise FormRefused(form, status_of(refusal)) from refusal


def shown_again(page: Page) -> Callable[[View], View]:
    """Answer a refused form of the view with ``page(form, ...)``, which is given the parts of the address by name.

    A page that has no place for the form any more, because the record moved on meanwhile, is rendered once more: then
    what was typed stands above it (``parts/notices.html``), so that it is not lost.
    """

    def around(view: View) -> View:
        @wraps(view)
        def answer(**parts: Any) -> Any:
            try:
                return view(**parts)
            except FormRefused as refused:
                shown = page(refused.form, **parts)
                if not refused.form.is_shown:
                    refused.form.has_lost_its_place = True
                    shown = page(refused.form, **parts)
                return shown, refused.status

        return answer  # type: ignore[return-value]

    return around


class PageForms:
    """The forms of one page by name: each fresh, but the one that was sent as it was typed.

    In a template: ``forms("return")``, ``forms("strike", entry.id)``, ``forms("return", note=what_is_missing)`` with
    values for a fresh form. Every field gets an id of its own: a page may have many fields called ``note``.
    """

    def __init__(self, kinds: Mapping[str, type[SmallForm]], sent_form: SmallForm | None) -> None:
        self._kinds, self.sent = kinds, sent_form
        for name, kind in kinds.items():
            if sent_form is not None and type(sent_form) is kind:
                _name_fields(sent_form, name)

    def __call__(self, name: str, row: Hashable = None, /, **values: Any) -> SmallForm:
        if self.sent is not None and self.was_sent(name, row):
            self.sent.is_shown = True
            return self.sent
        form = self._kinds[name](formdata=None, data=values)
        form.row = row
        _name_fields(form, name)
        return form

    def was_sent(self, name: str, row: Hashable = None, /) -> bool:
        """Whether this form was sent with the request, so that its fold stands open."""
        return self.sent is not None and type(self.sent) is self._kinds[name] and self.sent.row == row


def _name_fields(form: SmallForm, name: str) -> None:
    for field in form:
        field.id = "-".join(str(part) for part in (name, form.row, field.name) if part is not None)
