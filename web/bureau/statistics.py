"""Statistics for the bureau: every number of the page opens its rows; the same tables as xlsx and csv."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from matchhub.domain import typed
from matchhub.domain.statistics import BASES, MEASURES, OTHER, UNTOLD, Span
from matchhub.errors import Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.statistics import rows
from matchhub.services.statistics.asking import Asked
from matchhub.services.statistics.figures import Figures, counts_of, statistics
from web.bureau import blueprint
from web.bureau.asking import Asking, asked
from web.bureau.statistics_files import statistics_file
from web.charts import Chart, Series
from web.display import trade_name
from web.gate import act
from web.language import t, word
from web.listing import Column, Filter, Listing, ask, day_of, show
from web.paging import asked_text
from web.units import reading

_KEPT = ("basis", "since", "until")


def trade_word(key: str) -> str:
    """A trade by its key, or the words for what no trade is told of."""
    return t("未注明产业", "trade not told") if key == UNTOLD else trade_name(key)


def class_word(group: str) -> str:
    """A class with what it is about: ``A43 鞋类``."""
    if group in (OTHER, UNTOLD):
        return t("其他分类", "other classes") if group == OTHER else t("未注明分类", "class not told")
    if group.isdigit():
        return t(f"外观设计 {group} 类", f"designs, class {group}")
    named = word("ipc_class", group)
    return group if named == group else f"{group} {named}"


def _asked(unit: Unit, days: Callable[[str], date | None]) -> tuple[Asking, Asked, dict[str, str]]:
    """The question of the address, and what of it links carry on; ``days`` reads the days looked at."""
    asking = asked(unit)
    kept = {name: asked_text(name) for name in _KEPT if asked_text(name)}
    basis = kept.get("basis", "")
    span = Span(days("since"), days("until"))
    wanted = Asked(asking.question, basis if basis in BASES else BASES[0], span)
    return asking, wanted, {**asking.kept, **kept}


def _day(name: str) -> date | None:
    """A day of the address; ``Refusal("day_unreadable")``."""
    text = asked_text(name)
    day = typed.day_of(text) if text else None
    if text and day is None:
        raise Refusal("day_unreadable", value=text[:40])
    return day


@blueprint.get("/statistics", endpoint="statistics")
@act("statistics.read")
def statistics_page() -> Any:
    """What is wanted and offered by trade and class, how far demands came, how holders answer, what agencies did."""
    with reading() as unit:
        asking, wanted, kept = _asked(unit, _day)
        found = statistics(unit, wanted)
        counts = counts_of(unit, wanted) if wanted.span == Span() else {}
    if (ending := asked_text("as")) and request.method == "GET":
        return statistics_file(ending, found, counts, trade_word, class_word)
    measure, drawn = asked_text("measure"), found.matrix
    shown = tuple(key for key in drawn.trades if any(drawn.number(each, key) for each in MEASURES))
    return render_template(
        "bureau/statistics.html",
        found=found,
        counts=counts,
        asking=asking,
        wanted=wanted,
        kept=kept,
        measure=measure if measure in MEASURES else MEASURES[0],
        measures=MEASURES,
        bases=BASES,
        chart=_chart(found, shown),
        shown=shown,
        without=[trade_word(key) for key in drawn.trades if key not in shown],
        trade_word=trade_word,
        class_word=class_word,
    )


def _chart(found: Figures, shown: tuple[str, ...]) -> Chart:
    """The share of each trade in what is wanted and in what is offered, in percent."""
    drawn = found.matrix
    sums = {measure: drawn.number(measure) or 1 for measure in MEASURES}
    lines = [
        Series(
            word("statistic", measure),
            tuple(round(100 * drawn.number(measure, key) / sums[measure], 1) for key in shown),
        )
        for measure in ("demands", "supply", "deals")
    ]
    return Chart(t("产业", "Trade"), tuple(trade_word(key) for key in shown), tuple(lines), "%")


def _link(row: rows.Row) -> str | None:
    if row.kind == "threads":
        return None
    if row.kind == "pushes":
        return url_for("bureau.push_proof", push_id=row.record)
    return url_for("bureau.record", kind=row.kind, record_id=row.record)


STATISTICS_ROWS = Listing(
    "statistics",
    ("统计明细", "Rows of the statistics"),
    (
        Column("title", ("名称", "Name"), lambda row: row.title or f"#{row.record}", 40, sorts=False),
        Column("number", ("号码", "Number"), lambda row: row.number, 22, sorts=False),
        Column("note", ("涉及单位", "Whom it concerns"), lambda row: row.note, 36, sorts=False),
        Column("trade", ("产业", "Trade"), lambda row: trade_word(row.place.trade), 14),
        Column("class", ("分类", "Class"), lambda row: class_word(row.place.group), 24),
        Column("day", ("日期", "Day"), lambda row: row.day, 12),
        Column("days", ("距上一步天数", "Days since the step before"), lambda row: row.days, 12),
        Column("answer", ("答复", "Answer"), lambda row: row.code and word("push_answer", row.code), 16, sorts=False),
        Column("id", ("编号", "Record"), lambda row: row.record, 9),
    ),
    (
        Filter("q", ("名称、号码或单位", "Name, number or organisation")),
        Filter("of", ("统计项目", "Counted"), "hidden", lambda: [(key, word("statistic", key)) for key in rows.OPENED]),
        Filter("basis", ("口径", "Verdict"), "choice", lambda: [(key, word("basis", key)) for key in BASES]),
        Filter("since", ("自", "From"), "since"),
        Filter("until", ("至", "To"), "until"),
        Filter("trade", ("产业", "Trade"), "hidden"),
        Filter("group", ("分类", "Class"), "hidden"),
        Filter("holder", ("专利持有人", "Holder"), "hidden"),
        Filter("agency", ("服务机构", "Agency"), "hidden"),
    ),
    _link,
    "statistics.read",
    tie=lambda row: (row.record, row.key),
)


@blueprint.get("/statistics/rows")
@act("statistics.read")
def statistics_rows() -> Any:
    """The rows behind a cell of the statistics: exactly what it adds up."""
    sought = ask(STATISTICS_ROWS, {"of": MEASURES[0]})
    agency = sought.value("agency")
    cell = rows.Wanted(
        sought.value("of") or MEASURES[0],
        sought.value("trade"),
        sought.value("group"),
        sought.value("holder"),
        int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 10 else 0,
        sought.value("q"),
    )
    with reading() as unit:
        asking, wanted, kept = _asked(unit, lambda name: day_of(sought, name))
        page = rows.list_rows(unit, wanted, cell, sought.sought)
        whom = rows.whom_of(unit, wanted, cell)
    return show(
        "bureau/statistics_rows.html",
        sought,
        page,
        cell=cell,
        whom=whom,
        asking=asking,
        wanted=wanted,
        kept=kept,
        trade_word=trade_word,
        class_word=class_word,
        link=_link,
    )
