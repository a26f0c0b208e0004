"""Enterprises and institutions register themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from matchhub.domain.organisations import ENTERPRISE, INSTITUTION, OrganisationKind
from matchhub.domain.permissions import registering_role
from matchhub.errors import Refusal
from matchhub.services.accounts import sessions
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.institutions import register_institution
from matchhub.services.accounts.registration import register_enterprise
from matchhub.services.kernel.unit import Unit
from web import signing
from web.account import blueprint
from web.errors import status_of
from web.forms import Email, Form, Length, Required, blame
from web.gate import act
from web.language import flash_notice
from web.navigation import home_endpoint
from web.units import writing

_BLAMED = {
    "uscc": "uscc",
    "register_name": "name",
    "register_contact": "contact_phone",
    "login": "login",
    "password": "password",
}


class RegisterForm(Form):
    """The organisation, its contact person and the first account."""

    uscc = StringField(validators=[Required(), Length(1, 40)])
    name = StringField(validators=[Required(), Length(2, 120)])
    contact_name = StringField(validators=[Required(), Length(1, 60)])
    contact_phone = StringField(validators=[Length(5, 40)])
    contact_email = StringField(validators=[Length(3, 120), Email()])
    login = StringField(validators=[Required(), Length(3, 64)])
    password = PasswordField(validators=[Required(), Length(1, 256)])
    consent = BooleanField(validators=[Required("consent_missing")])

    def said(self) -> Applicant:
        """What the services take, as typed."""
        return Applicant(**{each.name: self[each.name].data or "" for each in fields(Applicant) if each.name in self})


class InstitutionForm(RegisterForm):
    """The same of an institution, with the department of whoever registers."""

    department = StringField(validators=[Length(1, 60)])


@blueprint.route("/register", methods=["GET", "POST"])
@act("account.register")
def register() -> Response | str | tuple[str, int]:
    """Register an enterprise, and be signed in."""
    return _answered(RegisterForm(), ENTERPRISE, register_enterprise)


@blueprint.route("/register/institution", methods=["GET", "POST"])
@act("account.register")
def register_institute() -> Response | str | tuple[str, int]:
    """Register an institution, and be signed in; the account waits for the operator."""
    return _answered(InstitutionForm(), INSTITUTION, register_institution)


def _answered(
    form: RegisterForm, kind: OrganisationKind, service: Callable[[Unit, Applicant, str], int]
) -> Response | str | tuple[str, int]:
    if request.method == "GET":
        return render_template("account/register.html", form=form, firm=kind == ENTERPRISE)
    if not form.validate():
        return render_template("account/register.html", form=form, firm=kind == ENTERPRISE), 422
    try:
        with writing() as unit:
            account_id = service(unit, form.said(), request.remote_addr or "")
            token = sessions.open_session(unit, account_id, *signing.this_device())
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return render_template("account/register.html", form=form, firm=kind == ENTERPRISE), status_of(refusal)
    answer = signing.remember(redirect(url_for(home_endpoint(registering_role(kind)))), token)
    flash_notice("notice_registered" if kind == ENTERPRISE else "notice_registered_institution")
    return answer
