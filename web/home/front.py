"""The front page."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, render_template

from matchhub.services.demands.public import newest_public
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.kinds import search
from matchhub.services.search.totals import BaseCounts, base_counts
from web.gate import act
from web.home import blueprint
from web.units import reading, runtime

LATEST = 6
EXTENSION = "matchhub_base_counts"
_FRESH = timedelta(seconds=20)  # counting a large base takes longer than the rest of the page


@blueprint.get("/")
@act("site.read")
def index() -> str:
    """Search box, counts of the base, latest offers and demands."""
    with reading() as unit:
        counts = _counts(unit)
        offers = search(unit, "offers").items[:LATEST]
        demands = newest_public(unit, LATEST)
    return render_template("home/index.html", counts=counts, offers=offers, demands=demands)


def _counts(unit: Unit) -> BaseCounts:
    """The counts of the base as of at most 20 seconds ago."""
    kept: tuple[Runtime, datetime, BaseCounts] | None = current_app.extensions.get(EXTENSION)
    if kept and kept[0] is runtime() and timedelta(0) <= unit.now - kept[1] < _FRESH:
        return kept[2]
    counts = base_counts(unit)
    current_app.extensions[EXTENSION] = (runtime(), unit.now, counts)
    return counts
