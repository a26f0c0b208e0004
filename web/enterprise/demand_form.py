"""The form of a demand, and its way to a record and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from matchhub.domain.demand_answers import composed_text, proposed_title
from matchhub.domain.records import DemandRecord, Source
from matchhub.domain.typed import budget_of
from web.forms import DayField, Email, Form, Length, RecordField, Required
from web.language import say, word, words

COOPERATION = ("transfer", "licence", "joint_development", "commissioned_development", "technical_service",
               "contribution", "negotiable")  # fmt: skip
LEFT_OPEN = ("negotiable",)
"""What a firm that says nothing of cooperation is taken to mean, which its form shows and lets it change (面议)."""
_TEN_THOUSAND = Decimal(10_000)
_MOST_BUDGET = Decimal(1_000_000)  # in 10,000 yuan: 10 thousand million
_PHONE = re.compile(r"[0-9+()()\- 转#*]{5,40}")


class DemandForm(Form):
    """All a demand may say: three questions (object, text, aim), and the rest proposed. Only the problem is needed to
    post, a title is made of the answers where none was typed; the eight tests name what else is missing.

    ``draft_id`` and ``draft_seen`` name the draft in which the server keeps what is typed, ``draft_key`` the form: once
    it is posted, nothing that was still on its way is kept. ``seen`` tells which state of the demand is being changed,
    so that nobody overwrites what another person changed.
    """

    title = StringField(validators=[Length(4, 120)])
    text = TextAreaField(validators=[Required(), Length(2, 5000)])
    object = TextAreaField(validators=[Length(1, 300)])
    aim = TextAreaField(validators=[Length(1, 500)])
    targets = TextAreaField(validators=[Length(1, 1000)])
    existing = TextAreaField(validators=[Length(1, 2000)])
    technical_field = StringField(validators=[Length(1, 200)])
    cooperation = SelectMultipleField(choices=list(COOPERATION))
    budget = StringField(validators=[Length(1, 20)], render_kw={"data-read": "budget"})
    negotiable = BooleanField()
    valid_until_on = DayField()
    contact_name = StringField(validators=[Length(1, 60)])
    contact_phone = StringField(validators=[Length(5, 40)])
    contact_email = StringField(validators=[Length(3, 120), Email()])
    authorised = BooleanField()
    authorised_by = StringField(validators=[Length(1, 60)])
    seen = HiddenField(validators=[Length(0, 200)])
    draft_id = RecordField()
    draft_seen = HiddenField(validators=[Length(0, 200)])
    draft_key = HiddenField(validators=[Length(0, 64)])

    def validate_budget(self, field: StringField) -> None:
        """A number above 0, in 10,000 yuan (万元)."""
        if (field.data or "").strip() and budget_yuan(field.data) is None:
            raise StopValidation(say("budget_invalid"))

    def validate_contact_phone(self, field: StringField) -> None:
        """What telephone numbers are written with."""
        value = (field.data or "").strip()
        if value and not _PHONE.fullmatch(value):
            raise StopValidation(say("phone_invalid"))

    def validate_authorised_by(self, field: StringField) -> None:
        """Who authorises must have a name."""
        if self.authorised.data and not (field.data or "").strip():
            raise StopValidation(say("authorised_by_missing"))


def is_too_long(form: DemandForm) -> bool:
    """Whether a field holds more characters than the form takes."""
    limits = ((field, field.flags.maxlength or 0) for field in form if isinstance(field.data, str))
    return any(most and len(field.data.strip()) > most for field, most in limits)


def budget_yuan(text: str | None) -> Decimal | None:
    """What was typed in 10,000 yuan (万元), as yuan; ``None`` for anything that is no number above 0."""
    amount = budget_of(text or "")
    return amount if amount is not None and 0 < amount <= _MOST_BUDGET * _TEN_THOUSAND else None


def record_of(form: DemandForm, today: date, least: int, known: DemandRecord | None = None) -> DemandRecord:
    """The form as a record; ``known`` is the demand being edited, whose IPC symbols the form does not show.

    A problem of fewer than ``least`` characters is told together with the answers around it. An authorisation given
    before stays with its day while its name stays.
    """
    authorised_on, authorised_by = _authorisation(form, today, known)
    product, problem, wish = _line(form.object), _text(form.text), _line(form.aim)
    return DemandRecord(
        source=Source("form", 1),
        title=_text(form.title) or proposed_title(product, problem) or None,
        text=composed_text(product, problem, wish, least) or None,
        object=product,
        aim=wish,
        targets=_text(form.targets),
        existing=_text(form.existing),
        technical_field=_text(form.technical_field),
        ipc=known.ipc if known else (),
        cooperation_form=_cooperation(form, known),
        budget_yuan=budget_yuan(form.budget.data),
        budget_negotiable=bool(form.negotiable.data),
        contact_name=_text(form.contact_name),
        contact_phone=_text(form.contact_phone),
        contact_email=_text(form.contact_email),
        posted_on=known.posted_on if known else today,
        valid_until_on=form.valid_until_on.data,
        authorised_on=authorised_on,
        authorised_by=authorised_by,
    )


def kept_of(form: DemandForm) -> dict[str, Any]:
    """What is typed as a draft keeps it (``drafts.KEPT``); an amount that is none yet is kept as typed."""
    same = ("title", "text", "object", "aim", "targets", "existing", "technical_field", "contact_name", "contact_phone",
            "contact_email")  # fmt: skip
    amount = budget_yuan(form.budget.data)
    return {
        **{name: _text(form[name]) for name in same},
        "valid_until_on": form.valid_until_on.data,
        "cooperation_form": _cooperation(form, None),
        "budget_yuan": amount,
        "budget_typed": (form.budget.data or "").strip()[:20] if amount is None else "",
        "budget_negotiable": bool(form.negotiable.data),
    }


def values_of_draft(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft keeps, as the form shows it."""
    until, yuan = kept.get("valid_until_on"), kept.get("budget_yuan")
    return {
        **kept,
        "cooperation": _keys(kept.get("cooperation_form")),
        "budget": _ten_thousands(Decimal(str(yuan))) if yuan else kept.get("budget_typed", ""),
        "negotiable": bool(kept.get("budget_negotiable")),
        "valid_until_on": date.fromisoformat(until) if until else None,
    }


def values_of(record: DemandRecord) -> dict[str, Any]:
    """A record as the form shows it."""
    return {
        "title": record.title,
        "text": record.text,
        "object": record.object,
        "aim": record.aim,
        "targets": record.targets,
        "existing": record.existing,
        "technical_field": record.technical_field,
        "cooperation": _keys(record.cooperation_form),
        "budget": _ten_thousands(record.budget_yuan) if record.budget_yuan is not None else "",
        "negotiable": record.budget_negotiable,
        "valid_until_on": record.valid_until_on,
        "contact_name": record.contact_name,
        "contact_phone": record.contact_phone,
        "contact_email": record.contact_email,
        "authorised": record.authorised_on is not None,
        "authorised_by": record.authorised_by,
    }


def _ten_thousands(yuan: Decimal) -> str:
    return f"{(yuan / _TEN_THOUSAND).normalize():f}"


def cooperation_choices() -> list[tuple[str, str]]:
    """Keys and words of the forms of cooperation, in the language of the request."""
    return [(key, word("cooperation", key)) for key in COOPERATION]


def _text(field: Any) -> str | None:
    value = (field.data or "").replace("\x00", "").replace("\r\n", "\n").strip()
    return value or None


def _line(field: Any) -> str | None:
    """A text that stands in one line: what was dictated in several ones is joined."""
    return "；".join(part for line in (_text(field) or "").split("\n") if (part := line.strip().rstrip("；"))) or None


def _chinese(key: str) -> str:
    return words()["cooperation"][key]["zh"]


def _keys(stored: str | None) -> list[str]:
    return [key for key in COOPERATION if _chinese(key) in (stored or "")]


def _cooperation(form: DemandForm, known: DemandRecord | None) -> str | None:
    """Stored in Chinese, as imported files have it; words that the form does not offer stay while none is chosen."""
    chosen = "、".join(_chinese(key) for key in COOPERATION if key in (form.cooperation.data or ()))
    if not chosen and known is not None and not _keys(known.cooperation_form):
        return known.cooperation_form
    return chosen or None


def _authorisation(form: DemandForm, today: date, known: DemandRecord | None) -> tuple[date | None, str | None]:
    name = _text(form.authorised_by)
    if not form.authorised.data or name is None:
        return None, None
    if known is not None and known.authorised_on is not None and known.authorised_by == name:
        return known.authorised_on, name
    return today, name
