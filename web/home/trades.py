"""Pages of the city's trades: what there is for each, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template

from matchhub.services.kernel.unit import Unit
from matchhub.services.search.kinds import KINDS
from matchhub.services.trades.figures import Trade, trades_today
from web.charts import Chart, Series
from web.gate import act
from web.home import blueprint
from web.language import t
from web.units import reading

CLASSES = 10  # of the supply of a trade, the largest
YEARS = 15


@blueprint.get("/trades")
@act("patent.browse")
def trades() -> str:
    """The trades of the city with what there is for each and what is asked for, beside one another."""
    with reading() as unit:
        found = trades_today(unit)
    return render_template("home/trades.html", found=found)


@blueprint.get("/trades/<key>")
@act("patent.browse")
def trade(key: str) -> str:
    """One trade: supply by class and year, demand beside supply, open licences, examples."""
    with reading() as unit:
        found = trades_today(unit)
        chosen = found.of(key)
        demands, offers = example_rows(unit, "demands", chosen.newest_demands), _newest_offers(unit, chosen)
    return render_template(
        "home/trade.html",
        found=found,
        trade=chosen,
        classes=chosen.by_class[:CLASSES],
        demands=demands,
        offers=offers,
        supply=_by_year(t("申请年份", "Year of filing"), [(t("有效专利", "Patents in force"), chosen.patents_by_year)]),
        market=_by_year(
            t("年份", "Year"),
            [
                (t("发布的需求", "Demands posted"), chosen.demands_by_year),
                (t("声明的开放许可", "Open licences declared"), chosen.offers_by_year),
            ],
        ),
    )


def example_rows(unit: Unit, kind: Any, ids: Sequence[int]) -> Sequence[Any]:
    """Records as their lists show them, in the order asked."""
    return KINDS[kind].rows(unit, ids) if ids else ()


def _newest_offers(unit: Unit, chosen: Trade) -> Sequence[Any]:
    return example_rows(unit, "offers", chosen.newest_offers)


def _by_year(heading: str, said: Sequence[tuple[str, Mapping[int, int]]]) -> Chart | None:
    """Numbers by year as bars, years without any between the first and the last included; ``None`` for none at all."""
    years = sorted({year for _, numbers in said for year in numbers})
    if not years:
        return None
    shown = range(max(years[0], years[-1] - YEARS + 1), years[-1] + 1)
    series = tuple(Series(name, tuple(numbers.get(year, 0) for year in shown)) for name, numbers in said)
    return Chart(heading, tuple(str(year) for year in shown), series)
