"""Pages of the enterprise (企业): its demands with their matches, its inbox, its wish for contact."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("enterprise", __name__, url_prefix="/enterprise", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (
    Entry("enterprise.desk", "我的需求", "My demands", 10),
    Entry("enterprise.new_demand", "发布需求", "Post a demand", 11),
    Entry("enterprise.inbox", "收件箱", "Inbox", 12),
)

from web.enterprise import contact, demands, desk, favourites, inbox, life  # noqa: E402, F401  views register themselves
