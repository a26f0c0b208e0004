"""The event log and the check of its chain."""

from __future__ import annotations

from typing import Any, cast

from flask import g, render_template, url_for

from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.records.audit import LogFilter, LogLine, list_log, log_kinds
from web.bureau import blueprint
from web.display import moment
from web.gate import act, may
from web.language import t, word
from web.listing import Column, Filter, Listing, ask, day_of, show
from web.units import reading, runtime


def who(line: LogLine) -> str:
    """The name of who did it; the machine itself by its word."""
    return word("role", line.actor)


def record_name(line: LogLine) -> str:
    """What an entry is about: kind, number and name, as far as it has them."""
    kind = word("log_kind", line.on)
    if line.subject_id is None:
        return kind
    if line.on in ("accounts", "organisations") and line.called:
        return line.called
    return f"{kind} {line.subject_id}" + (t(f"：{line.called}", f": {line.called}") if line.called else "")


def sentence(line: LogLine) -> str:
    """An entry in words: who did what to which record."""
    return t(f"{who(line)}{word('deed', line.verb)}：{record_name(line)}",
             f"{who(line)} {word('deed', line.verb)} {record_name(line)}")  # fmt: skip


def record_link(line: LogLine) -> str | None:
    """The page of what an entry is about, for whoever may open it."""
    if line.subject_id is None:
        return None
    if line.on in RECORD_TABLES:
        return url_for("bureau.record", kind=line.on, record_id=line.subject_id)
    if line.verb.startswith("source."):
        return url_for("bureau.source", batch_id=line.subject_id)
    if line.on == "samples" and may("sample.read"):
        return url_for("bureau.sampled", sample_id=line.subject_id)
    return None


LOG = Listing(
    "log",
    ("操作日志", "Log"),
    (
        Column("id", ("序号", "No."), lambda line: line.id, 9),
        Column("at", ("时间", "When"), lambda line: moment(line.at), 18),
        Column("said", ("事项", "What was done"), sentence, 60, sorts=False),
        Column("actor", ("经办", "Who"), who, 20, sorts=False, extra=True),
        Column("record", ("对象", "On"), record_name, 24, sorts=False, extra=True),
        Column("verb", ("系统动作", "Verb"), lambda line: line.verb, 24, extra=True),
        Column("kind", ("对象代码", "Kind as stored"), lambda line: line.kind, 16, extra=True),
        Column("subject", ("对象编号", "Its number"), lambda line: line.subject_id, 10, sorts=False, extra=True),
        Column("payload", ("原始内容", "Data"), lambda line: line.payload, 60, sorts=False, extra=True),
        Column("hash", ("校验值", "Hash"), lambda line: line.hash, 66, sorts=False, extra=True),
    ),
    (
        Filter("who", ("经办人或单位", "Person or organisation")),
        Filter("kind", ("对象种类", "Kind of record"), "choice", lambda: kinds()),
        Filter("since", ("日期从", "From"), "since"),
        Filter("until", ("日期到", "Until"), "until"),
        Filter("q", ("原始内容包含", "Data hold")),
        Filter("verb", ("系统动作", "Verb"), "hidden"),
    ),
)


def kinds() -> list[tuple[str, str]]:
    """The kinds of record that the log knows, with their words."""
    if "log_kinds" not in g:
        with reading() as unit:
            g.log_kinds = [(key, word("log_kind", key)) for key in log_kinds(unit)]
    return cast("list[tuple[str, str]]", g.log_kinds)


@blueprint.get("/log")
@act("log.read")
def log() -> Any:
    """Who did what when, the newest first."""
    asked = ask(LOG)
    wanted = LogFilter(
        verb=asked.value("verb"),
        kind=asked.value("kind"),
        query=asked.value("q"),
        who=asked.value("who"),
        since=day_of(asked, "since"),
        until=day_of(asked, "until"),
    )
    with reading() as unit:
        page = list_log(unit, wanted, asked.sought)
    return show("bureau/log.html", asked, page, who=who, record_name=record_name, record_link=record_link)


@blueprint.get("/log/check")
@act("log.read")
def check_log() -> str:
    """Compare the chain, the rows it binds and the evidence files, and name what differs."""
    with reading() as unit:
        found = audit_base(unit, read_checkpoints(runtime().settings.checkpoints))
    return render_template("bureau/log_check.html", found=found)
