"""Pushes as operator and bureau read them: the funnel by month, the pushes behind each cell, the proof of each."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from matchhub.services.worklists import push_results
from matchhub.services.worklists.push_proof import push_proof as proof_of
from web.bureau import blueprint
from web.display import moment
from web.gate import act
from web.language import t, word
from web.paging import asked_page, asked_text
from web.sheets import Columns, table_file
from web.units import reading


def _wanted() -> push_results.ResultFilter:
    stage = asked_text("stage")
    return push_results.ResultFilter(
        month=asked_text("month"),
        stage=stage if stage in push_results.STAGES else "",
        answer=asked_text("answer"),
    )


@blueprint.get("/pushes/funnel")
@act("push.read_any")
def push_funnel() -> str:
    """By month how many pushes were planned, delivered, read, answered, led to contact and to a deal."""
    with reading() as unit:
        found = push_results.funnel(unit)
    return render_template("bureau/push_funnel.html", funnel=found, published=push_results.PUBLISHED_SHARE)


@blueprint.get("/pushes")
@act("push.read_any")
def push_list() -> str:
    """The pushes behind a cell of the funnel, the newest first."""
    wanted = _wanted()
    with reading() as unit:
        page = push_results.list_results(unit, wanted, asked_page())
    return render_template("bureau/push_list.html", page=page, wanted=wanted)


@blueprint.get("/pushes.<ending>")
@act("push.read_any")
def push_file(ending: str) -> Response:
    """The same pushes as csv or xlsx."""
    with reading() as unit:
        rows = push_results.all_results(unit, _wanted())
    return table_file(ending, "pushes", t("推送", "Pushes"), _columns(), rows)


@blueprint.get("/pushes/<int:push_id>")
@act("push.read_any")
def push_proof(push_id: int) -> str:
    """The proof of one push: run, score, floor, text, every attempt with its reply, reading, answers, what followed."""
    with reading() as unit:
        found = proof_of(unit, push_id)
    return render_template("bureau/push_proof.html", push=found)


def _columns() -> Columns:
    return [
        (t("推送编号", "Push"), 9, lambda row: row.id),
        (t("企业", "Enterprise"), 32, lambda row: row.enterprise),
        (t("需求", "Demand"), 36, lambda row: row.demand),
        (t("专利名称", "Patent"), 40, lambda row: row.titles),
        (t("专利号", "Number"), 20, lambda row: row.numbers),
        (t("匹配度", "Score"), 10, lambda row: round(row.score, 4)),
        (t("当时下限", "Floor then"), 10, lambda row: row.floor),
        (t("模型版本", "Model"), 24, lambda row: row.model),
        (t("人工加入", "By hand"), 10, lambda row: row.by_hand),
        (t("状态", "State"), 12, lambda row: word("push_state", row.state)),
        (t("计划时间", "Planned"), 18, lambda row: moment(row.planned_at)),
        (t("推送日期", "Day"), 12, lambda row: row.due_on),
        (t("送达时间", "Delivered"), 18, lambda row: moment(row.delivered_at) if row.delivered_at else ""),
        (t("阅读时间", "Read"), 18, lambda row: moment(row.read_at) if row.read_at else ""),
        (t("答复", "Answer"), 16, lambda row: "；".join(word("push_answer", code) for code in row.answers)),
        (t("已联系", "Contact"), 10, lambda row: "contact" in row.stages),
        (t("已成交", "Deal"), 10, lambda row: "deal" in row.stages),
    ]
