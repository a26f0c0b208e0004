"""Signing in and out."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from matchhub.errors import Refusal
from matchhub.services.accounts import accounts
from matchhub.services.kernel.unit import VISITOR
from web import signing
from web.account import blueprint
from web.errors import status_of
from web.forms import Form, Length, Required, blame
from web.gate import act, safe_target
from web.language import flash_notice
from web.navigation import home_endpoint
from web.units import reading, runtime, writing


class SignInForm(Form):
    """Login and password."""

    login = StringField(validators=[Required(), Length(1, 64)])
    password = PasswordField(validators=[Required(), Length(1, 256)])


@blueprint.route("/sign-in", methods=["GET", "POST"])
@act("account.sign_in")
def sign_in() -> Response | str | tuple[str, int]:
    """Sign in and go on to the page that was wanted."""
    form = SignInForm()
    if request.method == "GET":
        return render_template("account/sign_in.html", form=form)
    if not form.validate():
        return render_template("account/sign_in.html", form=form), 422
    try:
        token = accounts.sign_in(
            runtime(),
            form.login.data,
            form.password.data,
            request.remote_addr or "",
            signing.current_token(),
            request.headers.get("User-Agent", ""),
        )
    except Refusal as refusal:
        blame(form, refusal)
        return render_template("account/sign_in.html", form=form), status_of(refusal)
    return signing.remember(redirect(landing(token)), token)


def landing(token: str) -> str:
    """Where to go after signing in: the page that was wanted, else the role's own first page."""
    with reading() as unit:
        actor = accounts.actor_of(unit, token)
    first = url_for(home_endpoint((actor or VISITOR).role))
    return safe_target(request.args.get("next"), first)


@blueprint.post("/sign-out")
@act("account.sign_out")
def sign_out() -> Response:
    """End this browser's session in the database, so that its cookie is worth nothing any more."""
    token = signing.current_token()
    if token:
        with writing() as unit:
            accounts.sign_out(unit, token)
    answer = signing.forget(make_response(redirect(url_for("home.index"))))
    g.pop("csrf_token", None)
    flash_notice("notice_signed_out")
    return answer
