"""Pages of the operator (运营)."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("operator", __name__, url_prefix="/operator", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("operator.desk", "运营工作台", "Operator desk", 10),)

from web.operator import desk  # noqa: E402, F401  views register themselves on the blueprint above
