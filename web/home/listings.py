"""Open-licence offers, public demands and agencies."""

from __future__ import annotations

from flask import render_template

from matchhub.services import catalogue
from web.gate import public
from web.home import blueprint
from web.listing import asked_page, asked_text
from web.units import reading


@blueprint.get("/offers")
@public
def offers() -> str:
    """Open-licence offers that stand today, with their fees."""
    query = asked_text("q")
    with reading() as unit:
        page = catalogue.list_offers(unit, query, asked_page())
    return render_template("home/offers.html", page=page, query=query)


@blueprint.get("/demands")
@public
def demands() -> str:
    """Titles of verified demands."""
    query = asked_text("q")
    with reading() as unit:
        page = catalogue.list_demands_public(unit, query, asked_page())
    return render_template("home/demands.html", page=page, query=query)


@blueprint.get("/demands/<int:demand_id>")
@public
def demand(demand_id: int) -> str:
    """The public part of one demand: title, field, dates; neither firm nor contact."""
    with reading() as unit:
        view = catalogue.demand_public(unit, demand_id)
    return render_template("home/demand.html", demand=view)


@blueprint.get("/agencies")
@public
def agencies() -> str:
    """Service agencies, without contact persons."""
    query = asked_text("q")
    with reading() as unit:
        page = catalogue.list_agencies(unit, query, asked_page())
    return render_template("home/agencies.html", page=page, query=query)
