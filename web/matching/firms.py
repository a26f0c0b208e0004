"""From a patent to the local firms it fits best: the page, the report for paper, and one report of many patents."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from werkzeug.wrappers import Response

from matchhub.services.matching.fitting_firms import (
    MOST_FIRMS,
    MOST_PATENTS,
    FirmReason,
    FittingFirm,
    FittingFirms,
    firms_of_many,
    fitting_firms,
)
from web.gate import act
from web.language import t
from web.matching import blueprint
from web.paging import asked_numbers
from web.sheets import table_file
from web.units import reading


@blueprint.get("/patents/<int:patent_id>/firms")
@act("firm.fit")
def firms(patent_id: int) -> str:
    """The twenty local firms that a patent fits best, and why."""
    with reading() as unit:
        found = fitting_firms(unit, patent_id)
    return render_template("matching/firms.html", found=found, most=MOST_FIRMS)


@blueprint.get("/patents/<int:patent_id>/firms/report")
@act("firm.fit")
def firms_report(patent_id: int) -> str:
    """The same for paper, with the day and what the numbers mean."""
    with reading() as unit:
        found, day = fitting_firms(unit, patent_id), unit.today
    return render_template("matching/firms_report.html", found=found, day=day)


@blueprint.get("/firms")
@act("firm.fit")
def firms_many() -> str:
    """One report of the firms that each of the chosen patents fits, for paper; at most thirty patents."""
    asked = _asked()
    with reading() as unit:
        reports, left, day = *firms_of_many(unit, asked), unit.today
    return render_template(
        "matching/firms_many.html", reports=reports, left=left, most=MOST_PATENTS, day=day, asked=asked
    )


@blueprint.get("/firms.<ending>")
@act("firm.fit")
def firms_many_file(ending: str) -> Response:
    """The same as csv or xlsx: a row for each patent and firm."""
    with reading() as unit:
        reports, _ = firms_of_many(unit, _asked())
    masked = t("名称在双方同意联系后显示", "named once both agree to be in contact")
    columns = [
        (t("专利号", "Patent"), 20, lambda row: row[0].number),
        (t("专利名称", "Title"), 40, lambda row: row[0].title),
        (t("序号", "No."), 8, lambda row: row[1].rank),
        (t("企业", "Firm"), 36, lambda row: row[1].name or masked),
        (t("行业", "Trade"), 24, lambda row: row[1].industry),
        (t("所在地", "Place"), 24, lambda row: row[1].place),
        (t("适配度", "Fit"), 10, lambda row: round(row[1].fit, 2)),
        (t("理由", "Reasons"), 60, lambda row: "；".join(_reason(each) for each in row[1].reasons)),
    ]
    title = t("专利适配企业报告", "Firms the patents fit")
    return table_file(ending, "firms-for-patents", title, columns, _rows(reports))


def _rows(reports: tuple[FittingFirms, ...]) -> Iterator[tuple[FittingFirms, FittingFirm]]:
    return ((found, firm) for found in reports for firm in found.firms)


def _reason(reason: FirmReason) -> str:
    """A reason in a few words, as the page says it (``matching/firm_words.html``)."""
    voices = {
        "demands": t("技术需求相近", "near demand"),
        "own_patents": t("持有相近的专利", "holds a near patent"),
        "answers": t("对相近的专利表示过合适", "wanted a near patent"),
        "scope": t("名称、行业或经营范围相近", "near name, trade or scope"),
    }
    said = voices[reason.voice]
    return f"{said}：{reason.said}" if reason.said else said


def _asked() -> list[int]:
    """The chosen patents: what came along, less the boxes just unticked, and those just ticked."""
    shown = set(asked_numbers("shown"))
    return list(dict.fromkeys([*(key for key in asked_numbers("kept") if key not in shown), *asked_numbers("tick")]))
