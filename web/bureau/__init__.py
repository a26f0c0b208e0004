"""Pages of the bureau (监管): progress, the rows behind every number, records with their reasons, samples, the log.

The bureau reads, confirms, rejects and exports; nothing here edits a record or sends a push (DOMAIN.md 3).
"""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("bureau", __name__, url_prefix="/bureau", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("bureau.desk", "进度", "Progress", 12),
    Entry("bureau.base", "基础数据库", "Base", 60, "navigation.offer_base"),
    Entry("bureau.statistics", "统计分析", "Statistics", 44, "statistics.read"),
    Entry("bureau.push_funnel", "推送成效", "Push results", 45),
    Entry("bureau.log", "操作日志", "Log", 70),
)

# Views register themselves on the blueprint above.
from web.bureau import (  # noqa: E402
    accounts,  # noqa: F401
    changes,  # noqa: F401
    checkpoints,  # noqa: F401
    compared,  # noqa: F401
    confirmations,  # noqa: F401
    desk,  # noqa: F401
    evidence,  # noqa: F401
    exporting,  # noqa: F401
    fields,  # noqa: F401
    industries,  # noqa: F401
    journal,  # noqa: F401
    losses,  # noqa: F401
    packages,  # noqa: F401
    packs,  # noqa: F401
    pushes,  # noqa: F401
    records,  # noqa: F401
    rule_packs,  # noqa: F401
    samples,  # noqa: F401
    signs,  # noqa: F401
    sources,  # noqa: F401
    statistics,  # noqa: F401
    thresholds,  # noqa: F401
    unconfirmed,  # noqa: F401
    worksheets,  # noqa: F401
)
