"""Accounts (账号): signing in and out, registering and confirming enterprises, passwords, one-time codes."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("account.list_all", "账号", "Accounts", 10),
    Entry("account.registrations", "注册核实", "Registrations", 55),
    Entry("account.organisations", "单位名称", "Names", 56),
)

from web.account import (  # noqa: E402
    administration,  # noqa: F401
    agreement,  # noqa: F401
    api_keys,  # noqa: F401
    colleagues,  # noqa: F401
    contacts,  # noqa: F401
    devices,  # noqa: F401
    erasures,  # noqa: F401
    forgotten,  # noqa: F401
    language_choice,  # noqa: F401
    organisations,  # noqa: F401
    own_data,  # noqa: F401
    own_password,  # noqa: F401
    registering,  # noqa: F401
    registrations,  # noqa: F401
    second_factor,  # noqa: F401
    signing_in,  # noqa: F401
)
