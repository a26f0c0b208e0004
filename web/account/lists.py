"""What the lists of accounts, organisations and registrations can be sorted, narrowed and taken along by."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.domain.permissions import role_names
from web.display import moment
from web.language import t, word
from web.listing import Column, Filter, Listing

ACCOUNTS = Listing(
    "accounts",
    ("账号", "Accounts"),
    (
        Column("organisation", ("单位", "Organisation"), lambda row: row.organisation, 36),
        Column("login", ("用户名", "Login"), lambda row: row.login, 16),
        Column("name", ("姓名", "Name"), lambda row: row.display_name, 16),
        Column("role", ("角色", "Role"), lambda row: word("role", row.role), 14),
        Column("added", ("添加日期", "Added"), lambda row: moment(row.created_at), 18),
        Column("disabled", ("停用时间", "Disabled"), lambda row: _at(row.disabled_at), 18),
    ),
    (
        Filter("q", ("单位、用户名、姓名", "Organisation, login, name")),
        Filter("role", ("角色", "Role"), "choice", lambda: [(key, word("role", key)) for key in role_names()],
               lambda row: row.role),
        Filter("state", ("状态", "State"), "choice", lambda: _states(), lambda row: "off" if row.disabled_at else "on"),
    ),
)  # fmt: skip


def _states() -> list[tuple[str, str]]:
    return [("on", t("可登录", "Active")), ("off", t("已停用", "Disabled"))]


ORGANISATIONS = Listing(
    "organisations",
    ("单位与名称", "Organisations and their names"),
    (
        Column("name", ("单位", "Organisation"), lambda row: row.name, 36),
        Column("kind", ("类别", "Kind"), lambda row: word("organisation_kind", row.kind), 12),
        Column("uscc", ("统一社会信用代码", "Credit code"), lambda row: row.uscc, 22),
        Column("confirmed", ("核实", "Confirmed"), lambda row: row.confirmed, 8),
        Column("names", ("已关联名称", "Names linked"), lambda row: row.names, 10),
    ),
    (
        Filter("q", ("名称或代码", "Name or code")),
        Filter("confirmed", ("核实", "Confirmed"), "choice", lambda: _confirmed(),
               lambda row: "yes" if row.confirmed else "no"),
    ),
    lambda row: url_for("account.organisation", organisation_id=row.id),
)  # fmt: skip


def _confirmed() -> list[tuple[str, str]]:
    return [("yes", t("已核实", "confirmed")), ("no", t("待核实", "waits"))]


REGISTRATIONS = Listing(
    "registrations",
    ("注册核实", "Registrations"),
    (
        Column("name", ("单位", "Organisation"), lambda row: row.name, 36),
        Column("uscc", ("统一社会信用代码", "Credit code"), lambda row: row.uscc, 22),
        Column("login", ("用户名", "Login"), lambda row: row.login, 16),
        Column("registered", ("注册时间", "Registered"), lambda row: moment(row.registered_at), 18),
        Column("held", ("待生效授权", "Authorisations waiting"), lambda row: row.held, 10),
        Column("decided", ("处理时间", "Decided"), lambda row: _at(row.decided_at), 18),
        Column("note", ("意见", "Note"), lambda row: row.note, 40, sorts=False, extra=True),
    ),
    (Filter("q", ("单位、代码、用户名", "Organisation, code, login")),),
)


def _at(value: Any) -> str:
    return moment(value) if value else ""
