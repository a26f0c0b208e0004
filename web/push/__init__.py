"""The links in push messages: to read and answer without signing in, and to switch pushes off."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("push", __name__, url_prefix="/p", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = ()

from web.push import links  # noqa: E402, F401  views register themselves on the blueprint above
