"""The bureau's accounts: who they are and who made them; whoever keeps them adds, shuts out, lets in, resets."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, StringField

from matchhub.services.accounts import accounts, second_factor
from matchhub.services.accounts.bureau import add_colleague, list_bureau_accounts
from matchhub.services.accounts.keeping import bureau_roles
from web.bureau import blueprint
from web.bureau.lists import BUREAU_ACCOUNTS
from web.forms import Email, LabelledField, Length, Required
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class ColleagueForm(SmallForm):
    """A new account of the bureau."""

    blamed = {
        "login": "login",
        "password": "password",
        "bureau_role": "role",
        "keeper_role": "keeps",
        "bureau_office": "office",
    }
    login = StringField(validators=[Required(), Length(3, 64)])
    display_name = StringField(validators=[Required(), Length(1, 60)])
    role = LabelledField("role", bureau_roles())
    office = StringField(validators=[Length(2, 120)])
    email = StringField(validators=[Length(3, 120), Email()])
    password = PasswordField(validators=[Required(), Length(1, 256)])
    keeps = BooleanField()


class ColleaguePasswordForm(SmallForm):
    """A new password for a colleague."""

    blamed = {"password": "password"}
    password = PasswordField(validators=[Required(), Length(1, 256)])


class ShutOutForm(SmallForm):
    """A button: shut a colleague's account out."""


class LetInForm(SmallForm):
    """A button: let it in again."""


class ResetCodesForm(SmallForm):
    """A button: take a colleague's one-time codes away."""


_FORMS: dict[str, type[SmallForm]] = {
    "new": ColleagueForm,
    "password": ColleaguePasswordForm,
    "disable": ShutOutForm,
    "enable": LetInForm,
    "codes": ResetCodesForm,
}


def _page(refused: SmallForm | None = None, account_id: int | None = None) -> Any:
    asked = ask(BUREAU_ACCOUNTS)
    with reading() as unit:
        page = asked.page(list_bureau_accounts(unit))
    return show("bureau/accounts.html", asked, page, forms=PageForms(_FORMS, refused), keeps=g.actor.keeps_accounts)


@blueprint.get("/accounts")
@act("bureau_account.read")
def bureau_accounts() -> Any:
    """The bureau's accounts, each with who made it."""
    return _page()


@blueprint.post("/accounts")
@act("bureau_account.keep")
@shown_again(_page)
def add_bureau_account() -> Response:
    """Add an account of the bureau."""
    with sent(ColleagueForm) as form, writing() as unit:
        add_colleague(
            unit,
            login=form.login.data or "",
            display_name=form.display_name.data or "",
            role=form.role.data,
            password=form.password.data or "",
            organisation_name=form.office.data or "",
            email=form.email.data,
            keeps_accounts=form.keeps.data,
            temporary=True,
        )
    flash_notice("notice_bureau_account_added", login=form.login.data)
    return _back()


@blueprint.post("/accounts/<int:account_id>/disable")
@act("bureau_account.keep")
@shown_again(_page)
def disable_bureau_account(account_id: int) -> Response:
    """Shut an account of the bureau out."""
    with sent(ShutOutForm, account_id), writing() as unit:
        login = accounts.disable_account(unit, account_id)
    flash_notice("notice_account_disabled", login=login)
    return _back()


@blueprint.post("/accounts/<int:account_id>/enable")
@act("bureau_account.keep")
@shown_again(_page)
def enable_bureau_account(account_id: int) -> Response:
    """Let an account of the bureau in again."""
    with sent(LetInForm, account_id), writing() as unit:
        login = accounts.enable_account(unit, account_id)
    flash_notice("notice_account_enabled", login=login)
    return _back()


@blueprint.post("/accounts/<int:account_id>/password")
@act("bureau_account.keep")
@shown_again(_page)
def set_bureau_password(account_id: int) -> Response:
    """Give a colleague a new password."""
    with sent(ColleaguePasswordForm, account_id) as form, writing() as unit:
        login = accounts.set_password(unit, account_id, form.password.data)
    flash_notice("notice_account_password_set", login=login)
    return _back()


@blueprint.post("/accounts/<int:account_id>/codes")
@act("bureau_account.keep")
@shown_again(_page)
def reset_bureau_codes(account_id: int) -> Response:
    """Take a colleague's one-time codes away, because the telephone is lost."""
    with sent(ResetCodesForm, account_id), writing() as unit:
        login = second_factor.reset(unit, account_id)
    flash_notice("notice_second_factor_reset", login=login)
    return _back()


def _back() -> Response:
    return redirect(url_for("bureau.bureau_accounts"))
