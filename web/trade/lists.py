"""What the lists of trade can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.domain.affiliation import RELATIONS as KINDS
from matchhub.services.patents.offers import MODES
from web.display import moment
from web.language import say, t, word
from web.listing import Column, Filter, Listing

STATES = ("review", "published", "refused", "withdrawn")


def _modes(row: Any) -> str:
    return "、".join(word("patent_offer_mode", key) for key in row.modes)


def _states() -> list[tuple[str, str]]:
    return _words("patent_offer_state", STATES)


def _taken_back(row: Any) -> str:
    return moment(row.withdrawn_at) if row.withdrawn_at else ""


LISTINGS = Listing(
    "patents-on-offer",
    ("挂牌专利", "Patents on offer"),
    (
        Column("title", ("名称", "Title"), lambda row: row.title, 40),
        Column("number", ("专利号", "Number"), lambda row: row.number, 20),
        Column("organisation", ("单位", "Organisation"), lambda row: row.organisation, 32),
        Column("state", ("状态", "State"), lambda row: word("patent_offer_state", row.state), 12),
        Column(
            "modes", ("方式", "Ways"), lambda row: "、".join(word("patent_offer_mode", key) for key in row.modes), 24
        ),
        Column("price", ("价格（元）", "Price (yuan)"), lambda row: row.price_yuan, 12),
        Column("maturity", ("成熟度", "Maturity"), lambda row: word("maturity", row.maturity), 12),
        Column("changed", ("更新时间", "Changed"), lambda row: moment(row.updated_at), 18),
        Column("proofs", ("证明文件", "Proofs"), lambda row: row.evidence, 8, extra=True),
    ),
    (
        Filter("q", ("名称、号码、单位", "Title, number, organisation")),
        Filter(
            "state", ("状态", "State"), "choice", lambda: _words("patent_offer_state", STATES), lambda row: row.state
        ),
        Filter("mode", ("方式", "Way"), "choice", lambda: _words("patent_offer_mode", MODES), lambda row: row.modes),
    ),
)

NOTICES = Listing(
    "notices",
    ("通知", "Notices"),
    (
        Column("text", ("内容", "Text"), lambda row: say(row.code, **row.fields), 70, sorts=False),
        Column("at", ("时间", "When"), lambda row: moment(row.made_at), 18),
        Column("read", ("已读", "Read"), lambda row: row.read, 8),
    ),
    (
        Filter("q", ("内容", "Text")),
        Filter("state", ("状态", "State"), "choice", lambda: _seen(), lambda row: "read" if row.read else "new"),
        Filter("since", ("自", "From"), "since", of=lambda row: row.made_at),
        Filter("until", ("至", "To"), "until", of=lambda row: row.made_at),
    ),
)

RELATIONS = Listing(
    "affiliations",
    ("关联关系", "Affiliations"),
    (
        Column("left", ("一方", "One party"), lambda row: row.left.name, 32, sorts=False),
        Column("right", ("另一方", "The other"), lambda row: row.right.name, 32, sorts=False),
        Column("relation", ("关系", "Relation"), lambda row: word("relation", row.relation), 16),
        Column("evidence", ("依据", "Evidence"), lambda row: row.evidence, 50, sorts=False),
        Column("recorded", ("登记时间", "Entered"), lambda row: moment(row.recorded_at), 18),
        Column("by", ("登记人", "By"), lambda row: row.by, 16, sorts=False),
        Column(
            "withdrawn",
            ("撤回时间", "Taken back"),
            lambda row: moment(row.withdrawn_at) if row.withdrawn_at else "",
            18,
        ),
    ),
    (
        Filter("q", ("名称或代码", "Name or code")),
        Filter("relation", ("关系", "Relation"), "choice", lambda: _words("relation", tuple(KINDS))),
    ),
)


def _words(group: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, word(group, key)) for key in keys]


def _seen() -> list[tuple[str, str]]:
    return [("new", t("未读", "unread")), ("read", t("已读", "read"))]


def _thread_state(row: Any) -> str:
    if row.closed or row.agreed:
        return "closed" if row.closed else "agreed"
    return "yours" if row.awaiting == row.side else "theirs"


THREADS = Listing(
    "threads",
    ("对接", "Conversations"),
    (
        Column("demand", ("需求", "Demand"), lambda row: row.demand_title, 36),
        Column("patent", ("专利", "Patent"), lambda row: row.patent_title, 36),
        Column("number", ("专利号", "Number"), lambda row: row.patent_number, 20),
        Column("other", ("对方", "Other side"), lambda row: row.other, 28),
        Column("state", ("状态", "State"), lambda row: word("thread_state", _thread_state(row)), 14),
        Column("unread", ("有新内容", "Something new"), lambda row: row.unread, 10),
        Column("at", ("最近", "Last"), lambda row: moment(row.updated_at), 18, order=lambda row: row.updated_at),
    ),
    (
        Filter("q", ("需求、专利或对方", "Demand, patent or other side")),
        Filter(
            "state",
            ("状态", "State"),
            "choice",
            lambda: _words("thread_state", ("yours", "theirs", "agreed", "closed")),
            _thread_state,
        ),
    ),
    lambda row: url_for("trade.thread", thread_id=row.id),
    "trade.follow",
)
