"""What the other clauses would pay: sums, one list of estimates, and the claim sheet of each payee."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from flask import render_template, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.reports.claim_sheets import ClaimSheet, SheetPart, claim_sheet
from matchhub.reports.official import chinese_numeral, day_words
from matchhub.services.counting.awards.claims import Claim, claim_of
from matchhub.services.counting.awards.estimating import (
    AwardLine,
    estimate_awards,
    sums_by_clause,
    sums_by_payee,
    sums_by_year,
)
from matchhub.services.counting.counts import question
from matchhub.services.counting.shares import count_checked
from web.award_words import clause_name, lacking, money, row_said, rule_said, unit_said
from web.display import pack, yuan
from web.gate import act
from web.language import say, t, word
from web.listing import Column, Filter, Listing, ask, show
from web.trade import blueprint
from web.units import reading

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES = ("strict", "recorded", "nothing")


def _state(line: AwardLine) -> str:
    one = line.estimate
    return "strict" if one.strict_yuan else "recorded" if one.amount_yuan else "nothing"


def _address(line: AwardLine) -> str:
    return url_for(
        "trade.award_claim",
        kind=line.estimate.clause.payee_kind,
        payee_id=line.estimate.payee,
        _anchor=line.key,
    )


def _clause(line: AwardLine) -> str:
    return clause_name(line.estimate.clause)


def _words(group: str, keys: tuple[str, ...]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(key, word(group, key)) for key in keys]


def _clauses() -> list[tuple[str, str]]:
    return [(each.key, clause_name(each)) for each in pack().awards]


AWARDS = Listing(
    key="awards",
    said=("政策奖励测算", "Awards, estimated"),
    columns=(
        Column("payee", ("申领单位", "Payee"), lambda line: line.payee, 32),
        Column("clause", ("条款", "Clause"), _clause, 24),
        Column("year", ("年度", "Year"), lambda line: line.estimate.year, 8),
        Column("base", ("基数", "Base"), lambda line: line.estimate.base, 16),
        Column("unit", ("基数单位", "Unit of the base"), lambda line: unit_said(line.estimate.clause), 10, extra=True),
        Column("amount", ("按登记测算（元）", "As recorded (yuan)"), lambda line: line.estimate.amount_yuan, 16),
        Column("strict", ("严格口径测算（元）", "Strictly (yuan)"), lambda line: line.estimate.strict_yuan, 16),
        Column("rows", ("依据记录", "Rows"), lambda line: len(line.estimate.rows), 8),
        Column("said", ("说明", "Remarks"),
               lambda line: " ".join(say(each.code, **each.data) for each in line.estimate.remarks), 60,
               sorts=False, extra=True),
    ),
    filters=(
        Filter("q", ("申领单位", "Payee"), of=lambda line: line.payee),
        Filter("clause", ("条款", "Clause"), "choice", _clauses,
               lambda line: line.estimate.clause.key),
        Filter("year", ("年度", "Year"), "number", of=lambda line: line.estimate.year, hint=("如 2025", "as 2025")),
        Filter("state", ("测算结果", "Result"), "choice", _words("award_state", STATES), _state),
    ),
    link=_address,
    act="award.read",
    tie=lambda line: line.key,
)  # fmt: skip


@blueprint.get("/awards")
@act("award.read")
def awards() -> Any:
    """Estimates of every clause of the pack per payee and year, with sums; the two goals beside them."""
    asked = ask(AWARDS)
    with reading() as unit:
        lines = estimate_awards(unit)
        goals = count_checked(unit, question(unit)).goals
        by_clause = sums_by_clause(unit, lines)
    return show(
        "trade/awards.html",
        asked,
        asked.page(lines),
        goals=goals,
        by_clause=by_clause,
        by_year=sums_by_year(lines),
        by_payee=[(each, *each.key.split()) for each in sums_by_payee(lines)],
        clauses={each.key: each for each in pack().awards},
        clause_name=clause_name,
        money=money,
        address=_address,
    )


@blueprint.get("/awards/payees/<kind>/<int:payee_id>")
@act("award.read")
def award_claim(kind: str, payee_id: int) -> str:
    """The claim sheet of one agency or enterprise: each sum with the rows behind it and what is missing."""
    with reading() as unit:
        claim = claim_of(unit, kind, payee_id)
    return render_template(
        "trade/award_claim.html",
        claim=claim,
        clause_name=clause_name,
        rule_said=rule_said,
        row_said=row_said,
        lacking=lacking,
        money=money,
    )


@blueprint.get("/awards/payees/<kind>/<int:payee_id>/sheet.docx")
@act("award.read")
def award_claim_file(kind: str, payee_id: int) -> Response:
    """The same claim sheet as a Word document."""
    with reading() as unit:
        claim = claim_of(unit, kind, payee_id)
    name = f"{t('申领表', 'claim')}-{claim.name}.docx"
    made = BytesIO(claim_sheet(_sheet(claim), claim.as_of))
    return send_file(made, mimetype=_DOCX, as_attachment=True, download_name=name)


def _sheet(claim: Claim) -> ClaimSheet:
    facts = (
        (t("申领单位", "Payee"), claim.name),
        (t("统一社会信用代码", "Credit code"), claim.uscc or "—"),
        (t("依据文件", "Document"), pack().document),
        (t("统计日", "As of"), _day(claim.as_of)),
        (t("按登记测算合计", "As recorded, together"), yuan(claim.amount_yuan)),
        (t("严格口径测算合计", "Strictly, together"), yuan(claim.strict_yuan)),
    )
    closing = t("以上为测算，以主管部门审核为准。", "These are estimates; the bureau decides.")
    signature = (t("申领单位（盖章）：", "Payee (seal): "), t("日期：　　　　年　　月　　日", "Date: "))
    parts = [_part(at, line) for at, line in enumerate(claim.lines, 1)]
    return ClaimSheet(t("政策奖励申领表", "Claim for awards"), facts, parts, closing, signature)


def _day(day: date) -> str:
    return t(day_words(day), day.isoformat())


def _part(number: int, line: AwardLine) -> SheetPart:
    one = line.estimate
    said = [
        rule_said(one.clause),
        t("按登记测算：", "As recorded: ") + yuan(one.amount_yuan) + t("；严格口径测算：", "; strictly: ")
        + yuan(one.strict_yuan),
        *(say(each.code, **each.data) for each in one.remarks),
    ]  # fmt: skip
    headings = (
        t("日期", "Day"),
        t("依据记录", "Row"),
        t("金额", "Amount"),
        t("证据", "Level"),
        t("是否计入及缺项", "Counted, and what is missing"),
    )
    rows = [
        [
            _day(row.on),
            row_said(row),
            yuan(row.amount_yuan) if row.amount_yuan else "—",
            word("award_level", row.standing.level),
            " ".join(lacking(row)) or t("计入", "counted"),
        ]
        for row in one.rows
    ]
    title = t(
        f"{chinese_numeral(number)}、{clause_name(one.clause)}（{one.year}年度）",
        f"{number}. {clause_name(one.clause)} ({one.year})",
    )
    return SheetPart(title, said, headings, rows, numbers=(2,))
