"""The tables of the statistics as a workbook, and trade by class as csv."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from matchhub.domain.statistics import MEASURES, Place
from matchhub.errors import NotFound
from matchhub.reports.tables import Cell, Sheet, write_csv, write_tables
from matchhub.services.statistics.figures import Beside, Figures
from web.language import t, word
from web.sheets import MIMES

Words = Callable[[str], str]


def statistics_file(
    ending: str, found: Figures, counts: Mapping[str, Beside], trade_word: Words, class_word: Words
) -> Response:
    """``statistics.xlsx`` with every table, or ``statistics.csv`` with the matrix; ``NotFound`` for another ending.

    ``counts``: by measure the count that stands beside its sum, and what spot checks support of it.
    """
    if ending not in MIMES:
        raise NotFound()
    sheets = list(_sheets(found, counts, trade_word, class_word))
    target = BytesIO()
    if ending == "csv":
        write_csv(target, sheets[1])
    else:
        write_tables(target, sheets)
    target.seek(0)
    return send_file(target, mimetype=MIMES[ending], as_attachment=True, download_name=f"statistics.{ending}")


def _sheets(found: Figures, counts: Mapping[str, Beside], trade_word: Words, class_word: Words) -> Iterator[Sheet]:
    drawn = found.matrix
    measures = [(word("statistic", measure), 12) for measure in MEASURES]
    trade, quadrant = (t("产业", "Trade"), 16), (t("供需状况", "Wanted and offered"), 24)
    trades: list[list[Cell]] = [
        [
            trade_word(key),
            *(drawn.number(measure, key) for measure in MEASURES),
            word("quadrant", found.trades[key]) if key in found.trades else "",
        ]
        for key in drawn.trades
    ]
    trades.append([t("合计", "Total"), *(drawn.number(measure) for measure in MEASURES), ""])
    yield Sheet(t("产业", "Trades"), [trade, *measures, quadrant], [*trades, *_beside(counts)])
    yield Sheet(
        t("产业与分类", "Trade by class"),
        [trade, (t("分类", "Class"), 30), *measures, quadrant],
        [
            [trade_word(key), class_word(group), *numbers, word("quadrant", said) if said else ""]
            for key, group, numbers, said in _cells(found)
        ],
    )
    steps: list[list[Cell]] = [
        [word("statistic", each.key), each.reached, each.days, each.measured] for each in found.steps
    ]
    heads = [
        t("到达的需求", "Demands"),
        t("距上一步天数中位数", "Median days since"),
        t("计算中位数的需求", "of demands"),
    ]
    yield Sheet(t("需求转化", "Funnel"), [(t("步骤", "Step"), 18), *((head, 18) for head in heads)], steps)
    heads = [word("statistic", key) for key in ("asked", "answered", "open")]
    yield Sheet(
        t("持有人回应", "Holders"),
        [(t("专利持有人", "Holder"), 36), *((head, 12) for head in heads), (t("回应天数中位数", "Median days"), 16)],
        [[found.names.get(each.holder, ""), each.asked, each.answered, each.open, each.days] for each in found.holders],
    )
    heads = [word("statistic", "brought"), t("合同金额（元）", "Agreed (yuan)"), word("statistic", "invited")]
    yield Sheet(
        t("服务机构", "Agencies"),
        [(t("服务机构", "Agency"), 40), *((head, 16) for head in heads)],
        [[each.name, each.deals, each.yuan, each.invited] for each in found.agencies],
    )


def _beside(counts: Mapping[str, Beside]) -> Iterator[list[Cell]]:
    """The rows under the sums: what the measure counts, and what spot checks support of that, where there is any."""
    if counts:
        numbers: list[Cell] = [counts[each].number if each in counts else None for each in MEASURES]
        yield [t("指标计数", "Counted by the measure"), *numbers, ""]
    supported: list[Cell] = [counts[each].supported if each in counts else None for each in MEASURES]
    if any(each is not None for each in supported):
        yield [t("可支持数", "Supported"), *supported, ""]


def _cells(found: Figures) -> Iterator[tuple[str, str, list[int], str]]:
    for key in found.matrix.trades:
        for group in found.matrix.classes:
            numbers = [found.matrix.number(measure, key, group) for measure in MEASURES]
            if any(numbers):
                yield key, group, numbers, found.cells.get(Place(key, group), "")
