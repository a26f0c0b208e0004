"""Pages of the institution (机构)."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("institution", __name__, url_prefix="/institution", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("institution.desk", "机构工作台", "Institution desk", 10),)

from web.institution import desk  # noqa: E402, F401  views register themselves on the blueprint above
