"""Accounts of firms and institutions: the operator finds out whether they speak for their organisation."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from matchhub.operation.registration_letters import tell_rejected
from matchhub.services.accounts import verification
from matchhub.services.kernel.privacy import masked
from matchhub.services.organisations.confirming import Proof, confirm_account
from web.account import blueprint
from web.account.lists import REGISTRATIONS
from web.fields import UploadField
from web.forms import Length, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.navigation import home_endpoint
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class DecisionForm(SmallForm):
    """How it was found out whether an account speaks for its organisation; the page has one form for each."""

    blamed = {
        "registration_note": "note",
        "registration_document": "file",
        "linked_document": "file",
        "evidence": "file",
        "registration_code": "uscc",
        "organisation_code": "uscc",
        "uscc": "uscc",
        "linked": "link",
    }
    note = TextField(validators=[Length(1, verification.MOST_NOTE)])
    uscc = TextField(validators=[Length(1, 40)])
    link = BooleanField()
    file = UploadField()


def _page(refused: SmallForm | None) -> Any:
    asked = ask(REGISTRATIONS)
    decided = request.args.get("decided") == "1"
    with reading() as unit:
        page = asked.page(verification.list_registrations(unit, decided))
    forms = PageForms({"decision": DecisionForm}, refused)
    return show("account/registrations.html", asked, page, decided=decided, masked=masked, forms=forms)


@blueprint.get("/registrations")
@act("registration.decide")
def registrations() -> Any:
    """Accounts that wait for a confirmation, or those decided."""
    return _page(None)


@blueprint.post("/registrations/<int:registration_id>/confirm")
@act("registration.decide")
@shown_again(lambda refused, registration_id: _page(refused))
def confirm_registration(registration_id: int) -> Response:
    """Say that an account speaks for its organisation, how that was found out, and that the name is its own."""
    with sent(DecisionForm, registration_id) as form, writing() as unit:
        names = verification.exact_names(unit, registration_id) if form.link.data else ()
        proof = Proof(form.note.data, form.file.data, form.uscc.data, names)
        login = confirm_account(unit, registration_id, proof)
    flash_notice("notice_registration_confirmed", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.post("/registrations/<int:registration_id>/reject")
@act("registration.decide")
@shown_again(lambda refused, registration_id: _page(refused))
def reject_registration(registration_id: int) -> Response:
    """Say that an account does not speak for its organisation, and why; it is disabled."""
    with sent(DecisionForm, registration_id) as form, writing() as unit:
        login = verification.reject_registration(unit, registration_id, form.note.data)
        registrant = verification.registrant_of(unit, registration_id)
    tell_rejected(runtime(), registrant)
    flash_notice("notice_registration_rejected", "info", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.get("/waiting")
@act("registration.follow")
def waiting() -> Response | str:
    """What an account is told about what it may not do before the operator has confirmed it."""
    if g.actor.proven:
        return redirect(url_for(home_endpoint(g.actor.role)))
    return render_template("account/waiting.html")
