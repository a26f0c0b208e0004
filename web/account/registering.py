"""An enterprise registers itself."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from matchhub.domain.permissions import registering_role
from matchhub.errors import Refusal
from matchhub.services.accounts import sessions
from matchhub.services.accounts.registration import register_enterprise
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
    """The firm, its contact person and the first account."""

    uscc = StringField(validators=[Required(), Length(1, 40)])
    name = StringField(validators=[Required(), Length(2, 120)])
    contact_name = StringField(validators=[Required(), Length(1, 60)])
    contact_phone = StringField(validators=[Length(5, 40)])
    contact_email = StringField(validators=[Length(3, 120), Email()])
    login = StringField(validators=[Required(), Length(3, 64)])
    password = PasswordField(validators=[Required(), Length(1, 256)])
    consent = BooleanField(validators=[Required("consent_missing")])


@blueprint.route("/register", methods=["GET", "POST"])
@act("account.register")
def register() -> Response | str | tuple[str, int]:
    """Register, and be signed in."""
    form = RegisterForm()
    if request.method == "GET":
        return render_template("account/register.html", form=form)
    if not form.validate():
        return render_template("account/register.html", form=form), 422
    try:
        token = _register(form)
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return render_template("account/register.html", form=form), status_of(refusal)
    answer = signing.remember(redirect(url_for(home_endpoint(registering_role()))), token)
    flash_notice("notice_registered")
    return answer


def _register(form: RegisterForm) -> str:
    with writing() as unit:
        account_id = register_enterprise(
            unit,
            uscc=form.uscc.data or "",
            name=form.name.data or "",
            contact_name=form.contact_name.data or "",
            contact_phone=form.contact_phone.data or "",
            contact_email=form.contact_email.data or "",
            login=form.login.data or "",
            password=form.password.data or "",
            address=request.remote_addr or "",
        )
        return sessions.open_session(unit, account_id)
