"""Colleagues: the accounts of one's own organisation, inviting, and opening an account by an invitation."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from matchhub.errors import Refusal
from matchhub.services.accounts import colleagues as services
from matchhub.services.accounts import sessions
from web import signing
from web.account import blueprint
from web.account.signing_in import landing
from web.errors import status_of
from web.forms import Email, Form, Length, Required, TextField, blame
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class InvitationForm(SmallForm):
    """Whom to invite."""

    blamed = {"invitation_name": "name", "invitation_department": "department"}
    name = TextField(validators=[Required(), Length(1, 60)])
    department = TextField(validators=[Length(1, 60)])
    email = TextField(validators=[Length(3, 120), Email()])


class WithdrawInvitationForm(SmallForm):
    """A button: the link opens nothing any more."""


class ShutOutForm(SmallForm):
    """A button: shut a colleague out."""


class LetInForm(SmallForm):
    """A button: let a colleague in again."""


class HandOverForm(SmallForm):
    """A button: the colleague becomes the chief account."""


class JoinForm(Form):
    """The account that an invitation opens."""

    display_name = StringField(validators=[Required(), Length(1, 60)])
    login = StringField(validators=[Required(), Length(3, 64)])
    password = PasswordField(validators=[Required(), Length(1, 256)])
    consent = BooleanField(validators=[Required("consent_missing")])


_FORMS: dict[str, type[SmallForm]] = {
    "invite": InvitationForm,
    "withdraw": WithdrawInvitationForm,
    "disable": ShutOutForm,
    "enable": LetInForm,
    "chief": HandOverForm,
}


def _page(refused: SmallForm | None = None, number: int | None = None, link: str = "") -> str:
    with reading() as unit:
        view = services.list_colleagues(unit)
    return render_template("account/colleagues.html", view=view, forms=PageForms(_FORMS, refused), link=link)


@blueprint.get("/colleagues")
@act("colleague.read_own")
def colleagues() -> str:
    """The accounts of one's own organisation."""
    return _page()


@blueprint.post("/colleagues/invite")
@act("colleague.invite")
@shown_again(_page)
def invite() -> str:
    """Invite a colleague; the answer shows the link once, to be handed over."""
    with sent(InvitationForm) as form, writing() as unit:
        token = services.invite_colleague(unit, form.name.data, form.department.data, form.email.data)
    return _page(link=runtime().base_url + url_for("account.invitation", token=token))


@blueprint.post("/colleagues/invitations/<int:number>/withdraw")
@act("colleague.invite")
@shown_again(_page)
def withdraw_invitation(number: int) -> Response:
    """Take an invitation back."""
    with sent(WithdrawInvitationForm, number), writing() as unit:
        services.withdraw_invitation(unit, number)
    flash_notice("notice_invitation_withdrawn", "info")
    return redirect(url_for("account.colleagues"))


@blueprint.post("/colleagues/<int:number>/disable")
@act("colleague.invite")
@shown_again(_page)
def disable_colleague(number: int) -> Response:
    """Shut a colleague out."""
    with sent(ShutOutForm, number), writing() as unit:
        login = services.shut_out_colleague(unit, number)
    flash_notice("notice_account_disabled", login=login)
    return redirect(url_for("account.colleagues"))


@blueprint.post("/colleagues/<int:number>/enable")
@act("colleague.invite")
@shown_again(_page)
def enable_colleague(number: int) -> Response:
    """Let a colleague in again."""
    with sent(LetInForm, number), writing() as unit:
        login = services.let_colleague_in(unit, number)
    flash_notice("notice_account_enabled", login=login)
    return redirect(url_for("account.colleagues"))


@blueprint.post("/colleagues/<int:number>/chief")
@act("colleague.invite")
@shown_again(_page)
def hand_over(number: int) -> Response:
    """Make a colleague the chief account in one's own place."""
    with sent(HandOverForm, number), writing() as unit:
        login = services.hand_over(unit, number)
    flash_notice("notice_chief_named", login=login)
    return redirect(url_for("account.colleagues"))


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@act("account.accept_invitation")
def invitation(token: str) -> Response | str | tuple[str, int]:
    """Open the account of an invitation, and be signed in."""
    with reading() as unit:
        view = services.welcome(unit, token)
    form = JoinForm(data={"display_name": view.name})
    if request.method == "GET":
        return render_template("account/invitation.html", form=form, view=view)
    if not form.validate():
        return render_template("account/invitation.html", form=form, view=view), 422
    try:
        with writing() as unit:
            number = services.accept_invitation(
                unit,
                token,
                login=form.login.data or "",
                display_name=form.display_name.data or "",
                password=form.password.data or "",
                address=request.remote_addr or "",
            )
            opened = sessions.open_session(unit, number, *signing.this_device())
    except Refusal as refusal:
        blame(form, refusal, {"login": "login", "password": "password"})
        return render_template("account/invitation.html", form=form, view=view), status_of(refusal)
    flash_notice("notice_joined", organisation=view.organisation)
    return signing.remember(redirect(landing(opened)), opened)
