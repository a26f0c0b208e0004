"""Accounts that registered themselves: the operator finds out whether they belong to their firm."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts import verification
from matchhub.services.kernel.privacy import masked
from web.account import blueprint
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.navigation import home_endpoint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class DecisionForm(SmallForm):
    """How it was found out whether an account belongs to its firm; the page has one form for each registration."""

    blamed = {"registration_note": "note"}
    note = TextField(validators=[Length(1, verification.MOST_NOTE)])


def _page(refused: SmallForm | None) -> str:
    decided = request.args.get("decided") == "1"
    with reading() as unit:
        rows = verification.list_registrations(unit, decided)
    forms = PageForms({"decision": DecisionForm}, refused)
    return render_template("account/registrations.html", rows=rows, decided=decided, masked=masked, forms=forms)


@blueprint.get("/registrations")
@act("registration.decide")
def registrations() -> str:
    """Accounts that wait for a confirmation, or those decided."""
    return _page(None)


@blueprint.post("/registrations/<int:registration_id>/confirm")
@act("registration.decide")
@shown_again(lambda refused, registration_id: _page(refused))
def confirm_registration(registration_id: int) -> Response:
    """Say that an account belongs to its firm, and how that was found out."""
    with sent(DecisionForm, registration_id) as form, writing() as unit:
        login = verification.confirm_registration(unit, registration_id, form.note.data)
    flash_notice("notice_registration_confirmed", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.post("/registrations/<int:registration_id>/reject")
@act("registration.decide")
@shown_again(lambda refused, registration_id: _page(refused))
def reject_registration(registration_id: int) -> Response:
    """Say that an account does not belong to its firm, and why; it is disabled."""
    with sent(DecisionForm, registration_id) as form, writing() as unit:
        login = verification.reject_registration(unit, registration_id, form.note.data)
    flash_notice("notice_registration_rejected", "info", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.get("/waiting")
@act("registration.follow")
def waiting() -> Response | str:
    """What an account is told that may see nothing of its firm before the operator has confirmed it."""
    if not g.actor.waits:
        return redirect(url_for(home_endpoint(g.actor.role)))
    return render_template("account/waiting.html")
