"""The front page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app, render_template

from matchhub.services.demands.public import DemandPublic, newest_public
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.stories import newest_stories
from matchhub.services.search.kinds import search
from matchhub.services.search.offers import OfferRow
from matchhub.services.search.totals import BaseCounts, base_counts
from matchhub.services.trades.figures import Trade, trades_today
from web.gate import act
from web.home import blueprint
from web.home.trades import example_rows
from web.units import reading, runtime

LATEST = 4
TRADES = 9
STORIES = 3
EXTENSION = "matchhub_base_counts"
_FRESH = timedelta(seconds=20)  # counting a large base takes longer than the rest of the page


@blueprint.get("/")
@act("site.read")
def index() -> str:
    """What the platform is for: search box, counts, trades of the city, how it works, latest offers and demands."""
    with reading() as unit:
        counts = _counts(unit)
        trades = _liveliest(trades_today(unit).trades)
        examples = _examples(unit, trades)
        stories = newest_stories(unit, STORIES)
        offers = search(unit, "offers").items[:LATEST]
        demands = newest_public(unit, LATEST)
    return render_template(
        "home/index.html",
        counts=counts,
        offers=offers,
        demands=demands,
        trades=trades,
        examples=examples,
        stories=stories,
    )


def _liveliest(trades: Sequence[Trade]) -> list[Trade]:
    """The trades with most demands and open licences, in the order of the pack."""
    weighed = sorted(trades, key=lambda each: (each.demands + each.offers, each.patents), reverse=True)[:TRADES]
    return [each for each in trades if each in weighed and (each.demands or each.offers or each.patents)]


def _examples(unit: Unit, trades: Sequence[Trade]) -> dict[str, DemandPublic | OfferRow]:
    """For each trade its newest demand, else its newest open licence."""
    demands = {each.newest_demands[0] for each in trades if each.newest_demands}
    offers = {each.newest_offers[0] for each in trades if each.newest_offers and not each.newest_demands}
    wanted = {row.id: row for row in example_rows(unit, "demands", sorted(demands))}
    offered = {row.id: row for row in example_rows(unit, "offers", sorted(offers))}
    found = {}
    for each in trades:
        row = wanted.get(each.newest_demands[0]) if each.newest_demands else None
        row = row or (offered.get(each.newest_offers[0]) if each.newest_offers else None)
        if row is not None:
            found[each.industry.key] = row
    return found


def _counts(unit: Unit) -> BaseCounts:
    """The counts of the base as of at most 20 seconds ago."""
    kept: tuple[Runtime, datetime, BaseCounts] | None = current_app.extensions.get(EXTENSION)
    if kept and kept[0] is runtime() and timedelta(0) <= unit.now - kept[1] < _FRESH:
        return kept[2]
    counts = base_counts(unit)
    current_app.extensions[EXTENSION] = (runtime(), unit.now, counts)
    return counts
