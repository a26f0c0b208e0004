"""Messages that leave the house (消息): what a recipient chooses, why it got a letter, the notices on data."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("messages", __name__, template_folder="templates")
NAVIGATION: tuple[Entry, ...] = ()  # reached from the account's menu, the inbox, the notices and every letter

from web.messages import letters, notices, settings, why  # noqa: E402, F401  views register themselves on the blueprint above
