"""People's words on records: confirm, reject, take back, overrule an affiliation."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.services.accounts import second_factor
from matchhub.services.deals.overruling import overrule_affiliation
from matchhub.services.evidence import confirmations
from matchhub.services.licensing.entries import overrule_licence_affiliation
from web.bureau import blueprint
from web.gate import roles
from web.language import flash_notice
from web.units import runtime, writing

_OVERRULED = {"deals": overrule_affiliation, "licences": overrule_licence_affiliation}


def _back(kind: str, record_id: int) -> Response:
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))


@blueprint.post("/records/<kind>/<int:record_id>/word")
@roles("reviewer", "operator")
def give_confirmation(kind: str, record_id: int) -> Response:
    """Confirm or reject one record; a rejection says why, a confirmation of a money row carries a one-time code."""
    decision, note = request.form.get("decision", ""), request.form.get("note", "").strip()[:1000]
    code = request.form.get("code", "").strip()[:20]
    try:
        with second_factor.proving(runtime(), g.actor) if code else writing() as unit:
            confirmations.give_confirmation(unit, kind, record_id, decision, note or None, code)
    except second_factor.SecondFactorRefused as refusal:
        if refusal.code != "second_factor_off":
            raise
        flash_notice(refusal.code, "warning")
        back = url_for("bureau.record", kind=kind, record_id=record_id, _anchor="words")
        return redirect(url_for("account.second_factor", next=back))
    flash_notice("notice_word_confirmed" if decision == "confirmed" else "notice_word_rejected")
    return _back(kind, record_id)


@blueprint.post("/records/<kind>/<int:record_id>/word/<int:word_id>/withdraw")
@roles("reviewer", "operator")
def withdraw_word(kind: str, record_id: int, word_id: int) -> Response:
    """Take one's own word back."""
    with writing() as unit:
        confirmations.withdraw_confirmation(unit, word_id, request.form.get("note", "").strip()[:1000])
    flash_notice("notice_word_withdrawn")
    return _back(kind, record_id)


@blueprint.post("/records/<kind>/<int:record_id>/overrule")
@roles("reviewer")
def overrule(kind: str, record_id: int) -> Response:
    """Say that a suspected affiliation of the parties is none, and why."""
    reason = request.form.get("note", "").strip()[:1000]
    with writing() as unit:
        act = _OVERRULED.get(kind)
        if act is None:
            raise NotFound("record_not_found", kind=kind, id=record_id)
        act(unit, record_id, reason)
    flash_notice("notice_affiliation_overruled")
    return _back(kind, record_id)
