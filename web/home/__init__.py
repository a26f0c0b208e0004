"""Search over every kind of record, and what everybody may see of one."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("home", __name__, template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("home.trades", "产业", "Trades", 79),
    Entry("home.patents", "专利", "Patents", 80),
    Entry("home.offers", "开放许可", "Open licences", 81),
    Entry("home.demands", "需求", "Demands", 82),
    Entry("home.agencies", "服务机构", "Agencies", 83),
)

from web.home import comparing, demands, exporting, front, manifest, patents, saved, searching, sharing, trades, typed  # noqa: E402, F401  views register themselves on the blueprint above
