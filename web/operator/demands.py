"""Review of demands: lists by state, one demand with its eight tests and its twin, and the decisions."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.demands.posting import decide_duplicate, move_demand
from matchhub.services.worklists import demands as desk
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.paging import asked_page, asked_text
from web.units import reading, writing


@blueprint.get("/demands")
@act("demand.verify")
def demands() -> str:
    """Demands by state, each with how many of the eight tests it passes."""
    state, query = asked_text("state"), asked_text("q")
    suspected = request.args.get("suspected") == "1"
    if state not in desk.STATES and not suspected and "state" not in request.args and not query:
        state = "submitted"
    with reading() as unit:
        tally = desk.demand_tally(unit)
        page = desk.list_demands(unit, state, suspected, query, asked_page())
    return render_template(
        "operator/demands.html",
        tally=tally,
        page=page,
        state=state,
        suspected=suspected,
        query=query,
        tests=desk.TESTS,
    )


@blueprint.get("/demands/<int:demand_id>")
@act("demand.verify")
def demand(demand_id: int) -> str:
    """One demand for review."""
    with reading() as unit:
        view = desk.demand_page(unit, demand_id)
    return render_template("operator/demand.html", view=view, how=desk.HOW_VERIFIED, tests=desk.TESTS)


@blueprint.post("/demands/<int:demand_id>/verify")
@act("demand.verify")
def verify_demand(demand_id: int) -> Response:
    """Say that a demand was verified, and how: call, visit or signed sheet."""
    how, note = request.form.get("how", ""), request.form.get("note", "").strip()[:500]
    if how not in desk.HOW_VERIFIED:
        raise Refusal("how_verified_missing")
    with writing() as unit:
        move_demand(unit, demand_id, "verified", f"{how}: {note}" if note else how)
    flash_notice("notice_demand_verified")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/return")
@act("demand.verify")
def return_demand(demand_id: int) -> Response:
    """Give a demand back to its enterprise, with the reason."""
    with writing() as unit:
        move_demand(unit, demand_id, "returned", request.form.get("note", "").strip()[:1000])
    flash_notice("notice_demand_returned", "info")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/likeness")
@act("demand.decide_duplicate")
def decide_likeness(demand_id: int) -> Response:
    """Say whether a demand repeats the earlier one it resembles."""
    with writing() as unit:
        decide_duplicate(unit, demand_id, request.form.get("decision", ""))
    flash_notice("notice_likeness_decided")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/move")
@act("demand.move_any")
def move(demand_id: int) -> Response:
    """Withdraw, mark solved or submit again for the enterprise, on its word."""
    state = request.form.get("state", "")
    if state not in ("withdrawn", "solved", "submitted"):
        raise Refusal("decision_unknown", decision=state)
    with writing() as unit:
        move_demand(unit, demand_id, state, request.form.get("note", "").strip()[:500] or None)
    flash_notice("notice_demand_moved", "info")
    return _back(demand_id)


def _back(demand_id: int) -> Response:
    return redirect(url_for("operator.demand", demand_id=demand_id))
