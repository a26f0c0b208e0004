"""Pages of the operator (运营): batches, held rows, review of demands, pushes, deals and licences with evidence."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("operator", __name__, url_prefix="/operator", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("operator.desk", "工作台", "Desk", 10),
    Entry("operator.demands", "需求审核", "Review", 30),
    Entry("operator.pushes", "推送", "Pushes", 40),
    Entry("operator.jobs", "后台任务", "Jobs", 85),
)

# Views register themselves on the blueprint above.
from web.operator import (  # noqa: E402
    batches,  # noqa: F401
    demands,  # noqa: F401
    desk,  # noqa: F401
    jobs,  # noqa: F401
    new_demand,  # noqa: F401
    push_desk,  # noqa: F401
    pushes,  # noqa: F401
    records,  # noqa: F401
    rejections,  # noqa: F401
    reviews,  # noqa: F401
    trade,  # noqa: F401
    trade_forms,  # noqa: F401
    work,  # noqa: F401
)
