"""Accounts (账号): signing in and out, registering an enterprise, the own password, the administrator's list."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("account.list_all", "账号", "Accounts", 10),)

from web.account import administration, language_choice, own_password, registering, signing_in  # noqa: E402, F401
