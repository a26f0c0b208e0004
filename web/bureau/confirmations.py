"""Confirmations and rejections of records: giving one, taking it back, overruling an affiliation."""

from __future__ import annotations

from decimal import Decimal

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.services.accounts import second_factor
from matchhub.services.deals.overruling import overrule_affiliation
from matchhub.services.evidence import allowances, confirmations, party_words
from matchhub.services.licensing.entries import overrule_licence_affiliation
from web.bureau import blueprint
from web.bureau.records import AllowanceForm, ConfirmationForm, OverrulingForm, TakingBackForm, record_page
from web.gate import act
from web.language import flash_notice
from web.page_forms import sent, shown_again
from web.record_forms import SettlingForm
from web.units import runtime, writing

_OVERRULED = {"deals": overrule_affiliation, "licences": overrule_licence_affiliation}


def _back(kind: str, record_id: int) -> Response:
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))


@blueprint.post("/records/<kind>/<int:record_id>/word")
@act("record.confirm")
@shown_again(record_page)
def give_confirmation(kind: str, record_id: int) -> Response:
    """Confirm or reject one record; a rejection says why, a confirmation of a money row carries a one-time code."""
    with sent(ConfirmationForm) as form:
        try:
            _confirm(kind, record_id, form)
        except second_factor.SecondFactorRefused as refusal:
            if refusal.code != "second_factor_off":
                raise
            flash_notice(refusal.code, "warning")
            back = url_for("bureau.record", kind=kind, record_id=record_id, _anchor="words")
            return redirect(url_for("account.second_factor", next=back))
    flash_notice("notice_word_confirmed" if form.decision.data == "confirmed" else "notice_word_rejected")
    return _back(kind, record_id)


def _confirm(kind: str, record_id: int, form: ConfirmationForm) -> None:
    """Give the confirmation; a code that came with it is tried within the limit on wrong ones."""
    code = form.code.data
    with writing(second_factor.proving(runtime(), g.actor) if code else None) as unit:
        note, seen = form.note.data or None, form.content.data or ""
        confirmations.give_confirmation(unit, kind, record_id, form.decision.data, note, code, seen)


@blueprint.post("/records/<kind>/<int:record_id>/word/<int:confirmation_id>/withdraw")
@act("record.confirm")
@shown_again(lambda refused, kind, record_id, confirmation_id: record_page(refused, kind, record_id))
def withdraw_confirmation(kind: str, record_id: int, confirmation_id: int) -> Response:
    """Take one's own confirmation or rejection back."""
    with sent(TakingBackForm, confirmation_id) as form, writing() as unit:
        confirmations.withdraw_confirmation(unit, confirmation_id, form.note.data)
    flash_notice("notice_word_withdrawn")
    return _back(kind, record_id)


@blueprint.post("/records/<kind>/<int:record_id>/allowance")
@act("payment.allow")
@shown_again(record_page)
def allow_payments(kind: str, record_id: int) -> Response:
    """Allow payments beyond the contract's amount, up to a total, and say why; with a one-time code."""
    with sent(AllowanceForm) as form:
        most = form.most_yuan.data or Decimal(0)
        with writing(second_factor.proving(runtime(), g.actor)) as unit:
            allowances.allow_payments(unit, kind, record_id, most, form.note.data, form.code.data)
    flash_notice("notice_allowance_given")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id, _anchor="life"))


@blueprint.post("/records/<kind>/<int:record_id>/objection/<int:word_id>/settle")
@act("party_word.settle")
@shown_again(lambda refused, kind, record_id, word_id: record_page(refused, kind, record_id))
def settle_objection(kind: str, record_id: int, word_id: int) -> Response:
    """Settle a party's objection, saying how."""
    with sent(SettlingForm, word_id) as form, writing() as unit:
        party_words.settle_objection(unit, word_id, form.note.data)
    flash_notice("notice_objection_settled")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id, _anchor="parties"))


@blueprint.post("/records/<kind>/<int:record_id>/overrule")
@act("record.overrule")
@shown_again(record_page)
def overrule(kind: str, record_id: int) -> Response:
    """Say that a suspected affiliation of the parties is none, and why."""
    with sent(OverrulingForm) as form, writing() as unit:
        overrule_it = _OVERRULED.get(kind)
        if overrule_it is None:
            raise NotFound("record_not_found", kind=kind, id=record_id)
        overrule_it(unit, record_id, form.note.data)
    flash_notice("notice_affiliation_overruled")
    return _back(kind, record_id)
