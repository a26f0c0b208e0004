"""Acts of the operator on one record: stages, payments, corrections, evidence, withdrawal, locality, contact data."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.deals.cancelling import cancel_deal, withdraw_deal
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.payments import pay, refund
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.files import store_evidence, withdraw_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.entries import prove_licence_payment
from matchhub.services.parties.locality import decide_local_by_hand
from matchhub.services.records.reveal import reveal_contact
from web.bureau.records import record_page
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.page_forms import SmallForm, sent, shown_again
from web.record_forms import (
    CancellationForm,
    CorrectionForm,
    DealPaymentForm,
    DealRefundForm,
    DealStepForm,
    DealWithdrawalForm,
    EvidenceForm,
    LocalityForm,
    WithdrawalForm,
)
from web.units import writing


def _deal_page(refused: SmallForm, deal_id: int) -> str:
    return record_page(refused, "deals", deal_id)


def _back(kind: str, record_id: int, part: str) -> Response:
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id, _anchor=part))


def _proof(unit: Unit, deal_id: int, purpose: str, form: DealStepForm | DealPaymentForm | DealRefundForm) -> int | None:
    file = form.file.data
    return None if file is None else store_evidence(unit, "deals", deal_id, purpose, *file, form.paper)


@blueprint.post("/deals/<int:deal_id>/event")
@act("deal.enter_any")
@shown_again(_deal_page)
def add_deal_event(deal_id: int) -> Response:
    """Record a stage after signing with its number and the file that proves it."""
    with sent(DealStepForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "register_proof", form)
        take_step(unit, deal_id, form.to.data, form.on.day, form.number.data, proof, form.seen.data or "")
    flash_notice("notice_event_added")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/payment")
@act("deal.enter_any")
@shown_again(_deal_page)
def add_deal_payment(deal_id: int) -> Response:
    """Record a payment with its voucher number or the file that proves it."""
    with sent(DealPaymentForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "payment_proof", form)
        pay(unit, deal_id, form.paid_on.day, form.amount_yuan.yuan, form.voucher.data, proof, form.seen.data or "")
    flash_notice("notice_payment_added")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/refund")
@act("deal.enter_any")
@shown_again(_deal_page)
def add_deal_refund(deal_id: int) -> Response:
    """Record that part or all of what was paid went back."""
    with sent(DealRefundForm) as form, writing() as unit:
        proof = _proof(unit, deal_id, "payment_proof", form)
        on, yuan, seen = form.refunded_on.day, form.amount_yuan.yuan, form.seen.data or ""
        refund(unit, deal_id, on, yuan, form.voucher.data, proof, seen)
    flash_notice("notice_refund_added")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/cancel")
@act("deal.enter_any")
@shown_again(_deal_page)
def cancel_contract(deal_id: int) -> Response:
    """Record that a contract was cancelled."""
    with sent(CancellationForm) as form, writing() as unit:
        cancel_deal(unit, deal_id, form.on.day, form.reason.data, seen=form.seen.data or "")
    flash_notice("notice_deal_cancelled", "info")
    return _back("deals", deal_id, "life")


@blueprint.post("/deals/<int:deal_id>/correct")
@act("deal.correct")
@shown_again(_deal_page)
def correct_contract(deal_id: int) -> Response:
    """Correct number, amount, day or kind of a contract, with the reason; the earlier values stay to be seen."""
    with sent(CorrectionForm) as form, writing() as unit:
        correction = DealCorrection(
            contract_number=form.contract_number.data,
            deal_type=form.deal_type.data,
            signed_on=form.signed_on.data,
            amount_yuan=form.amount_yuan.data,
            another_contract=form.another_contract.data,
        )
        correct_deal(unit, deal_id, correction, form.reason.data, form.seen.data or "")
    flash_notice("notice_deal_corrected")
    return _back("deals", deal_id, "source")


@blueprint.post("/deals/<int:deal_id>/withdraw")
@act("deal.withdraw")
@shown_again(_deal_page)
def withdraw_record(deal_id: int) -> Response:
    """Take a wrongly recorded deal back; it stays to be seen."""
    with sent(DealWithdrawalForm) as form, writing() as unit:
        withdraw_deal(unit, deal_id, form.reason.data)
    flash_notice("notice_deal_withdrawn", "info")
    return _back("deals", deal_id, "verdict")


@blueprint.post("/records/<kind>/<int:record_id>/evidence")
@act("evidence.add_any")
@shown_again(record_page)
def add_evidence(kind: str, record_id: int) -> Response:
    """Keep a file as evidence of one record; a proof of payment of a licence is named as such at once."""
    with sent(EvidenceForm) as form, writing() as unit:
        evidence_id = store_evidence(unit, kind, record_id, form.purpose.data, *form.file.file, form.paper)
        if kind == "licences" and form.purpose.data == "payment_proof":
            prove_licence_payment(unit, record_id, evidence_id)
    flash_notice("notice_evidence_stored")
    return _back(kind, record_id, "evidence")


@blueprint.post("/records/<kind>/<int:record_id>/evidence/<int:evidence_id>/withdraw")
@act("evidence.add_any")
@shown_again(lambda refused, kind, record_id, evidence_id: record_page(refused, kind, record_id))
def withdraw_evidence_of(kind: str, record_id: int, evidence_id: int) -> Response:
    """Take an evidence file back, with the reason; it leaves the count and stays to be seen."""
    with sent(WithdrawalForm, evidence_id) as form, writing() as unit:
        withdraw_evidence(unit, evidence_id, form.reason.data)
    flash_notice("notice_evidence_withdrawn", "info")
    return _back(kind, record_id, "evidence")


@blueprint.post("/enterprises/<int:enterprise_id>/local")
@act("enterprise.decide_local")
@shown_again(lambda refused, enterprise_id: record_page(refused, "enterprises", enterprise_id))
def set_local(enterprise_id: int) -> Response:
    """Decide by hand whether a firm is local, with the reason."""
    with sent(LocalityForm) as form, writing() as unit:
        decision = {"yes": True, "no": False}.get(form.local.data)
        if decision is None:
            raise Refusal("decision_unknown", decision=form.local.data[:20])
        decide_local_by_hand(unit, enterprise_id, decision, form.reason.data)
    flash_notice("notice_local_decided")
    return _back("enterprises", enterprise_id, "verdict")


@blueprint.post("/records/<kind>/<int:record_id>/contact")
@act("contact.reveal")
def reveal(kind: str, record_id: int) -> str:
    """Show telephone and mail of one record in full; that they were looked at is logged."""
    with writing() as unit:
        found = reveal_contact(unit, kind, record_id)
    return render_template("operator/contact.html", found=found)
