"""The front page and the search over everything public."""

from __future__ import annotations

from flask import render_template, request

from matchhub.services import catalogue
from web.gate import public
from web.home import blueprint
from web.units import reading

LATEST = 6


@blueprint.get("/")
@public
def index() -> str:
    """Search box, counts of the base, latest offers and demands."""
    with reading() as unit:
        counts = catalogue.base_counts(unit)
        offers = catalogue.list_offers(unit).items[:LATEST]
        demands = catalogue.list_demands_public(unit).items[:LATEST]
    return render_template("home/index.html", counts=counts, offers=offers, demands=demands)


@blueprint.get("/search")
@public
def search() -> str:
    """One search over patents, open-licence offers, titles of demands and agencies: the first few of each."""
    query = request.args.get("q", "").strip()[:200]
    with reading() as unit:
        found = {
            "patents": catalogue.search_patents(unit, query),
            "offers": catalogue.list_offers(unit, query),
            "demands": catalogue.list_demands_public(unit, query),
            "agencies": catalogue.list_agencies(unit, query),
        }
    return render_template("home/search.html", query=query, shown=LATEST, **found)
