"""The event log and the check of its chain."""

from __future__ import annotations

from typing import Any

from flask import render_template

from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.records.audit import LogFilter, list_log
from web.bureau import blueprint
from web.display import moment
from web.gate import act
from web.listing import Column, Filter, Listing, ask, show
from web.units import reading, runtime

LOG = Listing(
    "log",
    ("操作日志", "Log"),
    (
        Column("id", ("序号", "No."), lambda line: line.id, 9),
        Column("at", ("时间", "When"), lambda line: moment(line.at), 18),
        Column("actor", ("谁", "Who"), lambda line: line.actor, 20, sorts=False),
        Column("verb", ("动作", "What"), lambda line: line.verb, 24),
        Column("kind", ("对象", "On"), lambda line: line.kind, 16),
        Column("subject", ("对象编号", "Its number"), lambda line: line.subject_id, 10, sorts=False),
        Column("payload", ("内容", "Data"), lambda line: line.payload, 60, sorts=False),
        Column("hash", ("校验值", "Hash"), lambda line: line.hash, 66, sorts=False, extra=True),
    ),
    (
        Filter("verb", ("动作以此开头", "Verb begins with"), hint=("deal.", "deal.")),
        Filter("kind", ("对象种类", "Kind of record"), hint=("deals", "deals")),
        Filter("q", ("内容包含", "Data hold")),
    ),
)


@blueprint.get("/log")
@act("log.read")
def log() -> Any:
    """Who did what when, the newest first."""
    asked = ask(LOG)
    wanted = LogFilter(asked.value("verb"), asked.value("kind"), asked.value("q"))
    with reading() as unit:
        page = list_log(unit, wanted, asked.sought)
    return show("bureau/log.html", asked, page)


@blueprint.get("/log/check")
@act("log.read")
def check_log() -> str:
    """Compare the chain, the rows it binds and the evidence files, and name what differs."""
    with reading() as unit:
        found = audit_base(unit, read_checkpoints(runtime().settings.checkpoints))
    return render_template("bureau/log_check.html", found=found)
