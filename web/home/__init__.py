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

# Views register themselves on the blueprint above.
from web.home import (  # noqa: E402
    comparing,  # noqa: F401
    demands,  # noqa: F401
    exporting,  # noqa: F401
    front,  # noqa: F401
    grading,  # noqa: F401
    manifest,  # noqa: F401
    patents,  # noqa: F401
    presenting,  # noqa: F401
    saved,  # noqa: F401
    searching,  # noqa: F401
    sharing,  # noqa: F401
    trades,  # noqa: F401
    typed,  # noqa: F401
)
