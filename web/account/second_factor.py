"""One-time codes (动态口令): switching them on and off, and the administrator's reset."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Response as Answer
from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from matchhub.errors import Refusal
from matchhub.services.accounts import second_factor as factors
from web import signing
from web.account import blueprint
from web.errors import status_of
from web.forms import Form, Length, Required, blame
from web.gate import act, safe_target
from web.language import flash_notice
from web.units import reading, runtime, writing

_LEFT = 4  # letters of the secret between two blanks, for people who type it


class StartForm(Form):
    """The password, so that nobody else at an open desk switches codes on."""

    password = PasswordField(validators=[Required(), Length(1, 256)])


class CodeForm(Form):
    """The code that the app shows now."""

    code = StringField(validators=[Required("second_factor_missing"), Length(1, 20)])


def _wanted() -> str:
    """The page that sent the person here; empty when none did."""
    return safe_target(request.args.get("next"), "")


def _page(form: Form | None = None, status: int = 200) -> tuple[str, int]:
    with reading() as unit:
        view = factors.factor_view(unit)
        secret = factors.fresh_secret(unit) if view.state == "started" else ""
    fitting = StartForm if view.state == "off" else CodeForm
    shown = form if isinstance(form, fitting) else fitting(formdata=None)
    parts = [secret[at : at + _LEFT] for at in range(0, len(secret), _LEFT)]
    return render_template(
        "account/second_factor.html", factor=view, secret=" ".join(parts), form=shown, wanted=_wanted()
    ), status


@blueprint.get("/second-factor")
@act("account.keep_own")
def second_factor() -> tuple[str, int]:
    """Whether one-time codes are on; the secret while it waits for its first code."""
    return _page()


@blueprint.post("/second-factor/start")
@act("account.keep_own")
def start_second_factor() -> Response | tuple[str, int]:
    """Make a new secret, proven by the password."""
    form = StartForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with writing(factors.proving(runtime(), g.actor)) as unit:
            factors.start(unit, form.password.data)
    except Refusal as refusal:
        return _refused(form, refusal)
    return redirect(url_for("account.second_factor", next=_wanted() or None))


@blueprint.get("/second-factor/picture.svg")
@act("account.keep_own")
def second_factor_picture() -> Answer:
    """The waiting secret as a QR code; gone as soon as its first code was given."""
    with reading() as unit:
        address = factors.enrolment_address(unit)
    picture = BytesIO()
    drawn = segno.make(address, error="m", micro=False)
    drawn.save(picture, kind="svg", border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Answer(picture.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/second-factor/on")
@act("account.keep_own")
def switch_second_factor_on() -> Response | tuple[str, int]:
    """Put the secret to use, proven by its first code."""
    form = CodeForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with writing(factors.proving(runtime(), g.actor)) as unit:
            factors.switch_on(unit, form.code.data, signing.current_token() or "")
    except Refusal as refusal:
        return _refused(form, refusal)
    flash_notice("notice_second_factor_on")
    return redirect(_wanted() or url_for("account.second_factor"))


@blueprint.post("/second-factor/off")
@act("account.keep_own")
def switch_second_factor_off() -> Response | tuple[str, int]:
    """Give one-time codes up, proven by one."""
    form = CodeForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with writing(factors.proving(runtime(), g.actor)) as unit:
            factors.switch_off(unit, form.code.data)
    except Refusal as refusal:
        return _refused(form, refusal)
    flash_notice("notice_second_factor_off", "warning")
    return redirect(url_for("account.second_factor"))


def _refused(form: Form, refusal: Refusal) -> tuple[str, int]:
    codes = ("second_factor_wrong", "second_factor_used", "second_factor_missing")
    fields = {"second_factor_password": "password"} if isinstance(form, StartForm) else dict.fromkeys(codes, "code")
    blame(form, refusal, fields)
    return _page(form, status_of(refusal))


@blueprint.post("/<int:account_id>/second-factor/reset")
@act("account.change_any")
def reset_second_factor(account_id: int) -> Response:
    """Take an account's one-time codes away, because the telephone is lost."""
    with writing() as unit:
        login = factors.reset(unit, account_id)
    flash_notice("notice_second_factor_reset", login=login)
    return redirect(url_for("account.list_all"))
