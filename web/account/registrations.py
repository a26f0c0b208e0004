"""Accounts that registered themselves: the operator finds out whether they belong to their firm."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts import verification
from matchhub.services.kernel.privacy import masked
from web.account import blueprint
from web.gate import act
from web.language import flash_notice
from web.navigation import home_endpoint
from web.units import reading, writing


@blueprint.get("/registrations")
@act("registration.decide")
def registrations() -> str:
    """Accounts that wait for a confirmation, or those decided."""
    decided = request.args.get("decided") == "1"
    with reading() as unit:
        rows = verification.list_registrations(unit, decided)
    return render_template("account/registrations.html", rows=rows, decided=decided, masked=masked)


@blueprint.post("/registrations/<int:registration_id>/confirm")
@act("registration.decide")
def confirm_registration(registration_id: int) -> Response:
    """Say that an account belongs to its firm, and how that was found out."""
    with writing() as unit:
        login = verification.confirm_registration(unit, registration_id, request.form.get("note", ""))
    flash_notice("notice_registration_confirmed", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.post("/registrations/<int:registration_id>/reject")
@act("registration.decide")
def reject_registration(registration_id: int) -> Response:
    """Say that an account does not belong to its firm, and why; it is disabled."""
    with writing() as unit:
        login = verification.reject_registration(unit, registration_id, request.form.get("note", ""))
    flash_notice("notice_registration_rejected", "info", login=login)
    return redirect(url_for("account.registrations"))


@blueprint.get("/waiting")
@act("registration.follow")
def waiting() -> Response | str:
    """What an account is told that may see nothing of its firm before the operator has confirmed it."""
    if not g.actor.waits:
        return redirect(url_for(home_endpoint(g.actor.role)))
    return render_template("account/waiting.html")
