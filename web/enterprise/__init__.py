"""Pages of the enterprise (企业)."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("enterprise", __name__, url_prefix="/enterprise", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("enterprise.desk", "企业工作台", "Enterprise desk", 10),)

from web.enterprise import desk  # noqa: E402, F401  views register themselves on the blueprint above
