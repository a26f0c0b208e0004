"""What the bureau's lists can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for

from matchhub.services.kernel.checkpoints import Checkpoint
from matchhub.services.pushes.inbox import ANSWERS
from matchhub.services.worklists.push_results import STAGES
from web.display import moment
from web.language import t, word
from web.listing import Column, Filter, Listing

BASE_KINDS = ("patents", "enterprises", "experts", "agencies")


def _at(value: Any) -> str:
    return moment(value) if value else ""


RESULTS = Listing(
    "pushes",
    ("推送记录", "Pushes"),
    (
        Column("id", ("推送编号", "Push"), lambda row: row.id, 9),
        Column("firm", ("企业", "Enterprise"), lambda row: row.enterprise, 32),
        Column("demand", ("需求", "Demand"), lambda row: row.demand, 36, sorts=False),
        Column("titles", ("专利名称", "Patent"), lambda row: row.titles, 40, sorts=False),
        Column("numbers", ("专利号", "Number"), lambda row: row.numbers, 20, sorts=False),
        Column("score", ("匹配度", "Score"), lambda row: round(row.score, 4), 10, sorts=False),
        Column("floor", ("当时下限", "Floor then"), lambda row: row.floor, 10, sorts=False),
        Column("model", ("模型版本", "Model"), lambda row: row.model, 24, sorts=False),
        Column("by_hand", ("人工加入", "By hand"), lambda row: row.by_hand, 10, sorts=False),
        Column("state", ("状态", "State"), lambda row: word("push_state", row.state), 12),
        Column("planned", ("计划时间", "Planned"), lambda row: moment(row.planned_at), 18),
        Column("due", ("推送日期", "Day"), lambda row: row.due_on, 12),
        Column("delivered", ("送达时间", "Delivered"), lambda row: _at(row.delivered_at), 18),
        Column("read", ("阅读时间", "Read"), lambda row: _at(row.read_at), 18),
        Column("answers", ("答复", "Answer"), lambda row: _answers(row), 16, sorts=False),
        Column("contact", ("已联系", "Contact"), lambda row: "contact" in row.stages, 10, sorts=False),
        Column("deal", ("已成交", "Deal"), lambda row: "deal" in row.stages, 10, sorts=False),
    ),
    (
        Filter("month", ("月份", "Month"), "hidden"),
        Filter("stage", ("到达阶段", "Reached"), "choice", lambda: [(key, word("push_stage", key)) for key in STAGES]),
        Filter("answer", ("答复", "Answer"), "choice", lambda: [(key, word("push_answer", key)) for key in ANSWERS]),
    ),
    lambda row: url_for("bureau.push_proof", push_id=row.id),
    "push.read_any",
)


def _answers(row: Any) -> str:
    return "；".join(word("push_answer", code) for code in row.answers)


SOURCES = Listing(
    "sources",
    ("来源文件", "Sources"),
    (
        Column("issuer", ("出具单位", "Issuer"), lambda row: row.issuer, 40),
        Column("kind", ("记录种类", "Records"), lambda row: word("kind", row.kind), 12),
        Column("source_kind", ("来源种类", "Kind of source"), lambda row: word("source_kind", row.source_kind), 16),
        Column("issued", ("出具日期", "Issued on"), lambda row: row.issued_on, 12),
        Column("imported", ("导入时间", "Imported"), lambda row: moment(row.imported_at), 18),
        Column("account", ("导入人", "By"), lambda row: row.account, 16, sorts=False),
        Column("records", ("涉及记录", "Records named"), lambda row: row.records, 10, sorts=False),
        Column("strict", ("按严格口径计入", "Count strictly"), lambda row: row.strict, 14, sorts=False),
        Column("word", ("主管部门意见", "The bureau's word"), lambda row: _word(row), 16, sorts=False),
    ),
    (
        Filter("q", ("出具单位", "Issuer")),
        Filter("kind", ("记录种类", "Records"), "choice", lambda: [(key, word("kind", key)) for key in BASE_KINDS]),
    ),
    lambda row: url_for("bureau.source", batch_id=row.batch_id),
)


def _word(row: Any) -> str:
    if row.undone:
        return t("批次已撤回", "batch taken back")
    if row.word:
        return t("已查看，属实", "seen and right") if row.word == "right" else t("已否决", "rejected")
    return t("尚未查看", "not looked at")


CHECKPOINTS = Listing(
    "checkpoints",
    ("日志校验点", "Checkpoints of the log"),
    (
        Column("day", ("日期", "Day"), lambda row: row.day, 12),
        Column("number", ("序号", "Number"), lambda row: row.sequence, 10),
        Column("hash", ("校验值", "Hash"), lambda row: row.last_hash, 66, sorts=False),
        Column("why", ("缘由", "Why"), lambda row: word("checkpoint_reason", row.reason), 14),
    ),
    (
        Filter("why", ("缘由", "Why"), "choice", lambda: _reasons(), lambda row: row.reason),
        Filter("since", ("自", "From"), "since", of=lambda row: _day(row)),
        Filter("until", ("至", "To"), "until", of=lambda row: _day(row)),
    ),
    lambda row: url_for("bureau.checkpoint", sequence=row.sequence),
    tie=lambda row: row.sequence,
)


def _reasons() -> list[tuple[str, str]]:
    return [(key, word("checkpoint_reason", key)) for key in ("daily", "claim", "restore", "asked")]


def _day(row: Checkpoint) -> date | None:
    return date.fromisoformat(row.day) if row.day else None


BUREAU_ACCOUNTS = Listing(
    "bureau-accounts",
    ("主管部门账号", "Accounts of the bureau"),
    (
        Column("organisation", ("单位", "Organisation"), lambda row: row.organisation, 36),
        Column("login", ("用户名", "Login"), lambda row: row.login, 16),
        Column("name", ("姓名", "Name"), lambda row: row.display_name, 16),
        Column("role", ("角色", "Role"), lambda row: word("role", row.role), 14),
        Column("keeps", ("账号管理人", "Keeps accounts"), lambda row: row.keeps_accounts, 12),
        Column("codes", ("动态口令", "One-time codes"), lambda row: row.has_codes, 12),
        Column("added", ("添加", "Added"), lambda row: moment(row.created_at), 18),
        Column("by", ("添加人", "Added by"), lambda row: row.made_by, 16),
        Column("disabled", ("停用时间", "Disabled"), lambda row: _at(row.disabled_at), 18),
    ),
    (
        Filter("q", ("单位、用户名、姓名", "Organisation, login, name")),
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: "off" if row.disabled_at else "on"),
    ),
    act="bureau_account.read",
)


def _states() -> list[tuple[str, str]]:
    return [("on", t("可登录", "Active")), ("off", t("已停用", "Disabled"))]
