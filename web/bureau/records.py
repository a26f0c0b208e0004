"""One record: why it counts or not, what is known, what proves it, who stands for it, and where it came from."""

from __future__ import annotations

from flask import g, render_template
from wtforms import HiddenField

from matchhub.domain.counting.counters import Explanation
from matchhub.errors import NotFound
from matchhub.services.accounts.second_factor import is_on
from matchhub.services.counting.counts import explain_all
from matchhub.services.evidence.allowances import payable_view
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.industries import industry_view
from matchhub.services.records.page import record_view
from matchhub.services.records.proving import proofs_of
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.fields import NeededAmountField
from web.forms import ButtonField, Length, NoteField, Required, TextField
from web.gate import act
from web.page_forms import PageForms, SmallForm
from web.record_forms import ACTS, SettlingForm
from web.units import reading

_EXPLAINS_AFFILIATION = ("parties_affiliated", "affiliation_overruled")


class ConfirmationForm(SmallForm):
    """A person's confirmation or rejection of a record."""

    blamed = {
        "note_missing": "note",
        "second_factor_missing": "code",
        "second_factor_wrong": "code",
        "second_factor_used": "code",
    }
    decision = ButtonField()
    note = NoteField(validators=[Length(1, 1000)])
    code = TextField(validators=[Length(1, 20)])
    content = HiddenField()


class TakingBackForm(SmallForm):
    """One's own confirmation or rejection is taken back; the page has one form for each."""

    blamed = {"note_missing": "note"}
    note = TextField(validators=[Required("note_missing"), Length(1, 1000)])


class OverrulingForm(SmallForm):
    """Why a suspected affiliation is none."""

    blamed = {"note_missing": "note"}
    note = NoteField(validators=[Length(1, 1000)])


class AllowanceForm(SmallForm):
    """How much may be paid together beyond the contract, and why."""

    blamed = {
        "note_missing": "note",
        "allowance": "most_yuan",
        "second_factor": "code",
    }
    most_yuan = NeededAmountField()
    note = NoteField(validators=[Length(1, 1000)])
    code = TextField(validators=[Length(1, 20)])


class IndustryForm(SmallForm):
    """A second person's word on an industry that no class of the patent serves."""

    blamed = {"note_missing": "note", "second_factor": "code"}
    decision = ButtonField()
    note = NoteField(validators=[Length(1, 1000)])
    code = TextField(validators=[Length(1, 20)])


FORMS: dict[str, type[SmallForm]] = {
    "confirmation": ConfirmationForm,
    "taking_back": TakingBackForm,
    "overruling": OverrulingForm,
    "allowance": AllowanceForm,
    "settling": SettlingForm,
    "industry": IndustryForm,
}


@blueprint.get("/records/<kind>/<int:record_id>")
@act("record.read")
def record(kind: str, record_id: int) -> str:
    """One record with its verdict, reasons, evidence, events, words, source and revisions."""
    return record_page(None, kind, record_id)


def record_page(refused: SmallForm | None, kind: str, record_id: int) -> str:
    """The page of one record; a small form of it that was refused stands filled in its place."""
    with reading() as unit:
        asking = asked(unit)
        view = record_view(unit, kind, record_id)
        proofs = proofs_of(unit, view)
        verdicts = _verdicts(unit, kind, record_id, asking)
        has_codes = is_on(unit)
        payable = payable_view(unit, kind, record_id)
        industry = industry_view(unit, record_id) if kind == "offers" else None
    if refused is not None and "seen" in refused:
        # Whoever was told what changed meanwhile sees it now, and may send what stands in the form.
        refused["seen"].data = view.seen
    if refused is not None and "content" in refused:
        refused["content"].data = view.content
    told = [reason for verdict in verdicts.values() for reason in verdict.reasons]
    affiliated = any(reason.code in _EXPLAINS_AFFILIATION for reason in told)
    return render_template(
        "bureau/record.html",
        record=view,
        proofs=proofs,
        verdicts=verdicts,
        asking=asking,
        affiliated=affiliated,
        thresholds=asking.question.pack.thresholds_of(kind),
        operates=g.actor.may("trade.record"),
        reviews=g.actor.may("record.overrule"),
        has_codes=has_codes,
        payable=payable,
        industry=industry,
        forms=PageForms(FORMS | ACTS, refused),
    )


def _verdicts(unit: Unit, kind: str, record_id: int, asking: Asking) -> dict[str, Explanation]:
    """By the threshold that counts records of the kind; empty for a record not yet known at the moment asked for."""
    try:
        return explain_all(unit, kind, record_id, asking.question)
    except NotFound:
        return {}
