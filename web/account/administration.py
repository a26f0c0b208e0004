"""The administrator's accounts: list, add, disable, enable, set a password."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from matchhub.domain.permissions import appointed_roles, permissions
from matchhub.errors import Refusal
from matchhub.services.accounts import accounts, second_factor
from matchhub.services.accounts.keeping import bureau_roles
from web.account import blueprint
from web.account.lists import ACCOUNTS
from web.errors import status_of
from web.forms import Email, Form, LabelledField, Length, Required, blame
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing

_BLAMED = {"login": "login", "role": "role", "password": "password"}


class AccountForm(Form):
    """A new account; enterprises register themselves, and the bureau makes its own accounts."""

    login = StringField(validators=[Required(), Length(3, 64)])
    display_name = StringField(validators=[Required(), Length(1, 60)])
    role = LabelledField("role", tuple(name for name in appointed_roles() if name not in bureau_roles()))
    organisation = StringField(validators=[Required(), Length(2, 120)])
    email = StringField(validators=[Length(3, 120), Email()])
    password = PasswordField(validators=[Required(), Length(1, 256)])


class NewPasswordForm(SmallForm):
    """A new password for an account; the page has one form for each."""

    blamed = {"password": "password"}
    password = PasswordField(validators=[Required(), Length(1, 256)])


class DisableForm(SmallForm):
    """A button: shut an account out."""


class EnableForm(SmallForm):
    """A button: let an account in again."""


_FORMS = {"password": NewPasswordForm, "disable": DisableForm, "enable": EnableForm}


def _page(form: AccountForm, refused: SmallForm | None = None) -> Any:
    asked = ask(ACCOUNTS)
    with reading() as unit:
        page = asked.page(accounts.list_accounts(unit))
        with_codes = second_factor.accounts_with_factor(unit)
    forms = PageForms(_FORMS, refused)
    return show("account/list.html", asked, page, with_codes=with_codes, form=form, forms=forms, apart=bureau_roles())


def _page_again(refused: SmallForm, account_id: int) -> str:
    """The list with the refused form at its account; what was sent is not meant for the form of a new one."""
    return _page(AccountForm(formdata=None), refused)


@blueprint.get("/all")
@act("account.read_any")
def list_all() -> Any:
    """All accounts and the form for a new one."""
    return _page(AccountForm())


@blueprint.post("/all")
@act("account.add")
def add() -> Response | tuple[str, int]:
    """Add an account; its organisation's kind follows from the role."""
    form = AccountForm()
    if not form.validate():
        return _page(form), 422
    try:
        with writing() as unit:
            number = accounts.add_account(
                unit,
                login=form.login.data or "",
                display_name=form.display_name.data or "",
                role=form.role.data,
                organisation_name=form.organisation.data or "",
                organisation_kind=permissions().roles[form.role.data].organisation,
                password=form.password.data or "",
                email=form.email.data,
                temporary=True,
            )
            waits = not accounts.is_confirmed_account(unit, number)
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return _page(form), status_of(refusal)
    flash_notice("notice_account_added_waits" if waits else "notice_account_added", login=form.login.data)
    return redirect(url_for("account.list_all"))


@blueprint.post("/<int:account_id>/disable")
@act("account.change_any")
@shown_again(_page_again)
def disable(account_id: int) -> Response:
    """Shut an account out."""
    with sent(DisableForm, account_id), writing() as unit:
        login = accounts.disable_account(unit, account_id)
    flash_notice("notice_account_disabled", login=login)
    return redirect(url_for("account.list_all"))


@blueprint.post("/<int:account_id>/enable")
@act("account.change_any")
@shown_again(_page_again)
def enable(account_id: int) -> Response:
    """Let an account in again."""
    with sent(EnableForm, account_id), writing() as unit:
        login = accounts.enable_account(unit, account_id)
    flash_notice("notice_account_enabled", login=login)
    return redirect(url_for("account.list_all"))


@blueprint.post("/<int:account_id>/password")
@act("account.change_any")
@shown_again(_page_again)
def set_password(account_id: int) -> Response:
    """Give an account a new password."""
    with sent(NewPasswordForm, account_id) as form, writing() as unit:
        login = accounts.set_password(unit, account_id, form.password.data)
    flash_notice("notice_account_password_set", login=login)
    return redirect(url_for("account.list_all"))
