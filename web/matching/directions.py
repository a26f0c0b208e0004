"""Parts of the pages of patents, demands and experts: what fits them, in every direction."""

from __future__ import annotations

from flask import render_template

from matchhub.services.matching import directions
from web.gate import act
from web.matching import blueprint
from web.units import reading


@blueprint.get("/patents/<int:patent_id>/similar")
@act("patent.browse")
def similar(patent_id: int) -> str:
    """Patents like this one."""
    with reading() as unit:
        found = directions.similar_patents(unit, patent_id)
    return render_template("matching/similar.html", found=found)


@blueprint.get("/patents/<int:patent_id>/wanted")
@act("match.read_any")
def wanted(patent_id: int) -> str:
    """Open demands that a patent fits, and enterprises whose profile speaks of it."""
    with reading() as unit:
        demands = directions.demands_for_patent(unit, patent_id)
        firms = directions.enterprises_for_patent(unit, patent_id)
    return render_template("matching/wanted.html", demands=demands, firms=firms, patent_id=patent_id)


@blueprint.get("/demands/<int:demand_id>/people")
@act("expert.suggest")
def people(demand_id: int) -> str:
    """Experts and agencies for a demand."""
    with reading() as unit:
        experts = directions.experts_for_demand(unit, demand_id)
        agencies = directions.agencies_for_demand(unit, demand_id)
    return render_template("matching/people.html", experts=experts, agencies=agencies)


@blueprint.get("/experts/<int:expert_id>/demands")
@act("match.read_any")
def expert_demands(expert_id: int) -> str:
    """Open demands that an expert may help with."""
    with reading() as unit:
        found = directions.demands_for_expert(unit, expert_id)
    return render_template("matching/expert_demands.html", found=found)
