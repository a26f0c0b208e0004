"""What everybody may see: search, patents, open-licence offers, titles of demands, agencies."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("home", __name__, template_folder="templates")
NAVIGATION: tuple[Entry, ...] = ()

from web.home import front  # noqa: E402, F401
