"""Changing the own password."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField

from matchhub.errors import Refusal
from matchhub.services.accounts import accounts
from web import signing
from web.account import blueprint
from web.errors import status_of
from web.forms import Form, Length, Required, blame
from web.gate import act
from web.language import flash_notice, say
from web.navigation import home_endpoint
from web.units import writing


class PasswordForm(Form):
    """The old password, and the new one twice."""

    old = PasswordField(validators=[Required(), Length(1, 256)])
    new = PasswordField(validators=[Required(), Length(1, 256)])
    again = PasswordField(validators=[Required(), Length(1, 256)])


@blueprint.route("/password", methods=["GET", "POST"])
@act("account.keep_own")
def password() -> Response | str | tuple[str, int]:
    """Change the password; every other browser of the account is signed out."""
    form = PasswordForm()
    if request.method == "GET":
        return render_template("account/password.html", form=form)
    if not form.validate():
        return render_template("account/password.html", form=form), 422
    if form.new.data != form.again.data:
        form.again.errors = [say("password_repeat")]
        return render_template("account/password.html", form=form), 422
    try:
        with writing() as unit:
            token, role = (
                accounts.change_password(unit, form.old.data, form.new.data, *signing.this_device()),
                unit.actor.role,
            )
    except Refusal as refusal:
        blame(form, refusal, {"password_wrong": "old", "password_": "new"})
        return render_template("account/password.html", form=form), status_of(refusal)
    answer = signing.remember(redirect(url_for(home_endpoint(role))), token)
    flash_notice("notice_password_changed")
    return answer
