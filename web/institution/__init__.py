"""Pages of the institution (机构): its own patents, the demands that fit them, its interest."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("institution", __name__, url_prefix="/institution", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("institution.desk", "机构工作台", "Institution desk", 10),
    Entry("institution.patents", "我的专利", "Own patents", 11),
    Entry("institution.demands", "适配需求", "Fitting demands", 12),
)

from web.institution import desk, fitting, own_lists, own_patents  # noqa: E402, F401  views register themselves on the blueprint above
