"""Pages of the bureau (监管)."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("bureau", __name__, url_prefix="/bureau", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("bureau.desk", "进度", "Progress", 10),)

from web.bureau import desk  # noqa: E402, F401  views register themselves on the blueprint above
