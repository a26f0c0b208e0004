"""What the operator's lists can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from web.display import moment
from web.language import say, word
from web.listing import Column, Filter, Listing

DAYS = (Filter("since", ("自", "From"), "since"), Filter("until", ("至", "To"), "until"))
DEMANDS = Listing(
    "demands",
    ("需求", "Demands"),
    (
        Column("title", ("名称", "Title"), lambda row: row.title, 40),
        Column("firm", ("企业", "Enterprise"), lambda row: row.enterprise, 32),
        Column("state", ("状态", "State"), lambda row: word("demand_state", row.state), 12),
        Column("passed", ("通过检查", "Tests passed"), lambda row: row.passed, 10, sorts=False),
        Column("local", ("本地", "Local"), lambda row: row.local, 8),
        Column("posted", ("发布日期", "Posted on"), lambda row: row.posted_on, 12),
        Column("until", ("有效期至", "Until"), lambda row: row.valid_until_on, 12),
        Column("suspected", ("疑似重复", "Likely repetition"), lambda row: row.suspected, 10, sorts=False, extra=True),
    ),
    (Filter("q", ("名称、内容、企业", "Title, text, enterprise")), *DAYS),
    lambda row: url_for("operator.demand", demand_id=row.id),
)


def _titles(row: Any) -> str:
    return "；".join(each.title for each in row.items)


PUSHES = Listing(
    "pushes",
    ("推送", "Pushes"),
    (
        Column("firm", ("企业", "Enterprise"), lambda row: row.enterprise, 32),
        Column("demand", ("需求", "Demand"), lambda row: row.demand, 36, sorts=False),
        Column(
            "patents", ("专利", "Patents"), lambda row: "；".join(each.title for each in row.items), 40, sorts=False
        ),
        Column("state", ("状态", "State"), lambda row: word("push_state", row.state), 12),
        Column("due", ("推送日期", "Day"), lambda row: row.due_on, 12),
        Column("delivered", ("送达时间", "Delivered"), lambda row: _at(row.delivered_at), 18),
        Column("read", ("阅读时间", "Read"), lambda row: _at(row.opened_at), 18),
    ),
    (Filter("q", ("企业", "Enterprise")), *DAYS),
    lambda row: url_for("bureau.push_proof", push_id=row.id),
)

BOUNCES = Listing(
    "bounced-addresses",
    ("退信地址", "Bounced addresses"),
    (
        Column("firm", ("企业", "Enterprise"), lambda row: row.enterprise, 32),
        Column("address", ("邮箱", "Address"), lambda row: row.address, 32),
        Column("at", ("时间", "When"), lambda row: moment(row.at), 18),
        Column("reply", ("服务器答复", "Its server said"), lambda row: row.reply, 50, sorts=False),
    ),
    (Filter("q", ("企业或邮箱", "Enterprise or address")),),
)


def _reason(row: Any) -> str:
    return say(row.code, value=row.value, line=row.line, file=row.file)


def _decision(row: Any) -> str:
    return word("decision", row.decision) if row.decision else ""


REVIEWS = Listing(
    "held-rows",
    ("待核对", "Held rows"),
    (
        Column("value", ("内容", "Value"), lambda row: row.value or row.file, 36, sorts=False),
        Column("kind", ("种类", "Kind"), lambda row: word("kind", row.kind), 12),
        Column("reason", ("原因", "Reason"), _reason, 60),
        Column("file", ("文件", "File"), lambda row: row.file, 24, sorts=False),
        Column("line", ("行", "Line"), lambda row: row.line, 8, sorts=False),
        Column("at", ("时间", "When"), lambda row: moment(row.created_at), 18),
        Column(
            "decision", ("处理", "Decision"), lambda row: word("decision", row.decision) if row.decision else "", 12
        ),
        Column("note", ("意见", "Note"), lambda row: row.note, 30, sorts=False, extra=True),
    ),
    (Filter("batch", ("批次", "Batch"), "number"),),
    lambda row: url_for("operator.review", review_id=row.id),
)


def _at(value: Any) -> str:
    return moment(value) if value else ""
