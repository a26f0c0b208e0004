"""Signing in and out."""

from __future__ import annotations

from flask import g, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from matchhub.errors import Refusal
from matchhub.services.accounts import accounts, second_factor
from matchhub.services.accounts.sessions import CODE_DUE
from matchhub.services.kernel.unit import SYSTEM, VISITOR
from web import signing
from web.account import blueprint
from web.errors import status_of
from web.forms import Form, Length, Required, blame
from web.gate import SessionEnded, act, safe_target
from web.held import OWNER, carried, is_kept_for, is_of_this_account, kept_page, opened
from web.language import flash_notice, say
from web.navigation import home_endpoint
from web.units import reading, runtime, writing


class SignInForm(Form):
    """Login and password."""

    login = StringField(validators=[Required(), Length(1, 64)])
    password = PasswordField(validators=[Required(), Length(1, 256)])
    kept_form = HiddenField()  # what an ended session was about to send


class SignInCodeForm(Form):
    """The code that the app shows now."""

    code = StringField(validators=[Required("second_factor_missing"), Length(1, 20)])
    kept_form = HiddenField()


class AgainForm(Form):
    """The password once more, over a page whose session has ended."""

    owner = HiddenField()
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
    return _signed_in(token, form.kept_form.data or "")


def _signed_in(token: str, kept: str) -> Response:
    """On to the page that was wanted; where an ended session of the same account left a form, to that first."""
    with reading() as unit:
        actor = accounts.actor_of(unit, token) or VISITOR
    if kept and is_kept_for(kept, actor.account_id):
        first = signing.remember(make_response(), token)
        g.pop("csrf_token", None)
        g.actor = actor
        if actor.due == CODE_DUE:
            first.set_data(_code_page(SignInCodeForm(formdata=None, data={"kept_form": kept})))
        else:
            first.set_data(kept_page(kept))
        return first
    answer = signing.remember(redirect(landing(token)), token)
    if kept:
        flash_notice("form_not_yours", "warning")
    return answer


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@act("account.keep_own")
def sign_in_code() -> Response | str | tuple[str, int]:
    """The second step of signing in: the code that the telephone shows."""
    form = SignInCodeForm()
    if g.actor.due != CODE_DUE:
        return redirect(landing(signing.current_token() or ""))
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form), 422
    try:
        with writing(second_factor.proving(runtime(), g.actor)) as unit:
            second_factor.prove_session(unit, form.code.data or "", signing.current_token() or "")
    except Refusal as refusal:
        blame(form, refusal, dict.fromkeys(("second_factor_wrong", "second_factor_used"), "code"))
        return _code_page(form), status_of(refusal)
    if form.kept_form.data and is_kept_for(form.kept_form.data, g.actor.account_id):
        return make_response(kept_page(form.kept_form.data))
    return redirect(landing(signing.current_token() or ""))


def _code_page(form: SignInCodeForm) -> str:
    wanted = safe_target(request.args.get("next"), "") or None
    return render_template("account/sign_in_code.html", form=form, wanted=wanted)


def ask_again(_ended: SessionEnded) -> Response | tuple[str, int]:
    """Send who is not signed in to the sign-in page, with what was typed where that can be said to be the person's."""
    with runtime().unit(SYSTEM, write=False) as unit:
        kept = carried(accounts.account_of_session(unit, signing.current_token()))
    if kept is None:
        return redirect(url_for("account.sign_in"))
    form = SignInForm(formdata=None, data={"kept_form": kept})
    form.form_errors.append(say("session_ended"))
    return render_template("account/sign_in.html", form=form), 401


@blueprint.get("/session")
@act("account.sign_in")
def session_state() -> Response:
    """Tell a page's script whether its account is still signed in, with a form token of now."""
    mark = request.args.get("owner", "")
    state = "same" if is_of_this_account(mark) else "ended" if g.actor.is_visitor else "other"
    return jsonify(state=state, token=generate_csrf())


@blueprint.post("/session")
@act("account.sign_in")
def sign_in_again() -> Response:
    """Let an account go on over its page by its password; answers the page's script."""
    form = AgainForm()
    if not form.validate():
        return _told(form, 422)
    owner = opened(OWNER, form.owner.data or "")
    try:
        token = accounts.sign_in_again(
            runtime(),
            owner or 0,
            form.password.data,
            request.remote_addr or "",
            signing.current_token(),
            request.headers.get("User-Agent", ""),
        )
    except Refusal as refusal:
        blame(form, refusal)
        return _told(form, status_of(refusal))
    answer = signing.remember(jsonify(state="same"), token)
    g.pop("csrf_token", None)
    answer.set_data(jsonify(state="same", token=generate_csrf()).get_data())
    return answer


def _told(form: Form, status: int) -> Response:
    faults = [*form.form_errors, *form.password.errors]
    answer = jsonify(state="refused", sentence=" ".join(str(each) for each in faults))
    answer.status_code = status
    return answer


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
