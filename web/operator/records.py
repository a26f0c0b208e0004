"""Acts of the operator on one record: stages, payments, evidence, withdrawal, locality, contact data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from matchhub.errors import Refusal
from matchhub.services.deals import entries
from matchhub.services.evidence.files import MOST_BYTES, store_evidence, withdraw_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.entries import prove_licence_payment
from matchhub.services.parties.locality import decide_local_by_hand
from matchhub.services.records.reveal import reveal_contact
from web.forms import AmountField, DayField, Form
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.units import writing


class StepForm(Form):
    """A dated step, or a payment."""

    on = DayField()
    amount = AmountField()


def _back(kind: str, record_id: int, part: str) -> Response:
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id, _anchor=part))


def _text(name: str, most: int = 255) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()[:most]


def _day() -> date:
    form = StepForm()
    form.validate()
    if form.on.data is None:
        raise Refusal("day_missing" if not _faulty(form.on) else "field_date")
    return form.on.data


def _amount() -> Decimal:
    form = StepForm()
    form.validate()
    if form.amount.data is None:
        raise Refusal("amount_missing" if not _faulty(form.amount) else "field_number")
    return form.amount.data


def _faulty(field: Field) -> bool:
    return bool(field.errors or field.process_errors)


def _file() -> tuple[str, bytes] | None:
    """The evidence sent with the form, if any; no more of it is read than may be kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return sent.filename.replace("\\", "/").rsplit("/", 1)[-1], sent.stream.read(MOST_BYTES + 1)


def _with_file(unit: Unit, kind: str, record_id: int, purpose: str) -> int | None:
    sent = _file()
    return None if sent is None else store_evidence(unit, kind, record_id, purpose, *sent)


@blueprint.post("/deals/<int:deal_id>/event")
@act("deal.enter_any")
def add_deal_event(deal_id: int) -> Response:
    """Add a dated stage with its number and the file that proves it."""
    event, on = _text("event", 40), _day()
    purpose = "contract" if event == "signed" else "register_proof"
    with writing() as unit:
        proof = _with_file(unit, "deals", deal_id, purpose)
        entries.add_event(unit, deal_id, event, on, _text("number") or None, proof)
    flash_notice("notice_event_added")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/payment")
@act("deal.enter_any")
def add_deal_payment(deal_id: int) -> Response:
    """Add a payment with its voucher number and the file that proves it."""
    on, amount = _day(), _amount()
    with writing() as unit:
        proof = _with_file(unit, "deals", deal_id, "payment_proof")
        entries.add_payment(unit, deal_id, on, amount, _text("voucher") or None, proof)
    flash_notice("notice_payment_added")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/cancel")
@act("deal.enter_any")
def cancel_deal(deal_id: int) -> Response:
    """Record that a contract was cancelled."""
    on = _day()
    with writing() as unit:
        entries.cancel_deal(unit, deal_id, on, _text("reason"))
    flash_notice("notice_deal_cancelled", "info")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/withdraw")
@act("deal.withdraw")
def withdraw_deal(deal_id: int) -> Response:
    """Take a wrongly recorded deal back; it stays to be seen."""
    with writing() as unit:
        entries.withdraw_deal(unit, deal_id, _text("reason", 1000))
    flash_notice("notice_deal_withdrawn", "info")
    return _back("deals", deal_id, "verdict")


@blueprint.post("/records/<kind>/<int:record_id>/evidence")
@act("evidence.add_any")
def add_evidence(kind: str, record_id: int) -> Response:
    """Keep a file as evidence of one record; a proof of payment of a licence is named as such at once."""
    sent = _file()
    if sent is None:
        raise Refusal("evidence_file_missing")
    purpose = _text("purpose", 40)
    with writing() as unit:
        evidence_id = store_evidence(unit, kind, record_id, purpose, *sent)
        if kind == "licences" and purpose == "payment_proof":
            prove_licence_payment(unit, record_id, evidence_id)
    flash_notice("notice_evidence_stored")
    return _back(kind, record_id, "evidence")


@blueprint.post("/records/<kind>/<int:record_id>/evidence/<int:evidence_id>/withdraw")
@act("evidence.add_any")
def withdraw_evidence_of(kind: str, record_id: int, evidence_id: int) -> Response:
    """Take an evidence file back, with the reason; it leaves the count and stays to be seen."""
    with writing() as unit:
        withdraw_evidence(unit, evidence_id, _text("reason", 500))
    flash_notice("notice_evidence_withdrawn", "info")
    return _back(kind, record_id, "evidence")


@blueprint.post("/enterprises/<int:enterprise_id>/local")
@act("enterprise.decide_local")
def set_local(enterprise_id: int) -> Response:
    """Decide by hand whether a firm is local, with the reason."""
    said = {"yes": True, "no": False}.get(request.form.get("local", ""))
    if said is None:
        raise Refusal("decision_unknown", decision=_text("local", 20))
    with writing() as unit:
        decide_local_by_hand(unit, enterprise_id, said, _text("reason", 500))
    flash_notice("notice_local_decided")
    return _back("enterprises", enterprise_id, "verdict")


@blueprint.post("/records/<kind>/<int:record_id>/contact")
@act("contact.reveal")
def reveal(kind: str, record_id: int) -> str:
    """Show telephone and mail of one record in full; that they were looked at is logged."""
    with writing() as unit:
        found = reveal_contact(unit, kind, record_id)
    return render_template("operator/contact.html", found=found)
