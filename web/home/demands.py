"""The public page of one demand."""

from __future__ import annotations

from flask import render_template

from matchhub.services.demands.public import demand_public
from web.gate import act
from web.home import blueprint
from web.units import reading


@blueprint.get("/demands/<int:demand_id>")
@act("demand.browse")
def demand(demand_id: int) -> str:
    """The public part of one demand: title, field, dates; neither firm nor contact."""
    with reading() as unit:
        view = demand_public(unit, demand_id)
    return render_template("home/demand.html", demand=view)
