"""A forgotten password: a link by mail, the page it opens, and the operator's temporary password."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from matchhub.errors import NotFound, Refusal
from matchhub.operation.password_letters import send_link
from matchhub.services.accounts import password_links
from web.account import blueprint
from web.account.organisations import page_of
from web.errors import status_of
from web.forms import Form, Length, Required, blame
from web.gate import act
from web.language import flash_notice, say
from web.units import reading, runtime, writing


class ForgottenForm(Form):
    """The name one signs in with."""

    login = StringField(validators=[Required(), Length(1, 64)])


class NewPasswordForm(Form):
    """The new password twice."""

    new = PasswordField(validators=[Required(), Length(1, 256)])
    again = PasswordField(validators=[Required(), Length(1, 256)])


@blueprint.route("/forgotten", methods=["GET", "POST"])
@act("account.reset_password")
def forgotten() -> str | tuple[str, int]:
    """Ask for a link; the answer is the same whether there is such an account or not."""
    form = ForgottenForm()
    if request.method == "GET":
        return render_template("account/forgotten.html", form=form, asked=False)
    if not form.validate():
        return render_template("account/forgotten.html", form=form, asked=False), 422
    try:
        send_link(runtime(), form.login.data or "", request.remote_addr or "")
    except Refusal as refusal:
        blame(form, refusal)
        return render_template("account/forgotten.html", form=form, asked=False), status_of(refusal)
    return render_template("account/forgotten.html", form=form, asked=True)


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@act("account.reset_password")
def new_password(token: str) -> Response | str | tuple[str, int]:
    """Set a new password by the link of a letter; looking at the page does not use the link up."""
    form = NewPasswordForm()
    with reading() as unit:
        if not password_links.link_holds(unit, token):
            raise NotFound("password_link_over")
    if request.method == "GET":
        return render_template("account/new_password.html", form=form)
    if not form.validate():
        return render_template("account/new_password.html", form=form), 422
    if form.new.data != form.again.data:
        form.again.errors = [say("password_repeat")]
        return render_template("account/new_password.html", form=form), 422
    try:
        with writing() as unit:
            password_links.use_link(unit, token, form.new.data or "", request.remote_addr or "")
    except Refusal as refusal:
        blame(form, refusal, {"password_too": "new"})
        return render_template("account/new_password.html", form=form), status_of(refusal)
    flash_notice("notice_password_reset")
    return redirect(url_for("account.sign_in"))


@blueprint.post("/organisations/<int:organisation_id>/accounts/<int:account_id>/temporary-password")
@act("account.help_any")
def temporary_password(organisation_id: int, account_id: int) -> str:
    """Give an account of a firm or an institution a password for one sign-in; the answer shows it once."""
    with writing() as unit:
        given = password_links.give_temporary(unit, account_id)
    return page_of(None, organisation_id, given)
