"""Pages that several roles share: threads, patents on offer, open licences, deals followed by their parties, awards."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("trade", __name__, url_prefix="/trade", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("trade.desk", "对接", "Conversations", 49),
    Entry("trade.records", "成交与许可", "Deals and licences", 50),
    Entry("trade.patent_offers", "挂牌专利", "On offer", 61, "navigation.offer_patent_offers"),
    Entry("trade.relations", "关联关系", "Affiliations", 65),
    Entry("trade.awards", "政策奖励测算", "Awards", 70),
)

# Views register themselves on the blueprint above.
from web.trade import (  # noqa: E402
    award_records,  # noqa: F401
    awards,  # noqa: F401
    deals,  # noqa: F401
    desk,  # noqa: F401
    drafts,  # noqa: F401
    industries,  # noqa: F401
    licences,  # noqa: F401
    many,  # noqa: F401
    offers,  # noqa: F401
    papers,  # noqa: F401
    party_words,  # noqa: F401
    patent_offers,  # noqa: F401
    readers,  # noqa: F401
    records,  # noqa: F401
    relations,  # noqa: F401
    stories,  # noqa: F401
    threads,  # noqa: F401
)
