"""Steps in the life of an own demand: withdrawn, solved, confirmed again."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.errors import Refusal
from matchhub.services.demands.editing import reconfirm_demand
from matchhub.services.demands.posting import move_demand
from web.enterprise import blueprint
from web.gate import act
from web.language import flash_notice
from web.units import writing

_LONGEST_NOTE = 500


@blueprint.post("/demands/<int:demand_id>/withdraw")
@act("demand.close")
def withdraw(demand_id: int) -> Response:
    """Take an own demand back; the record stays."""
    return _move(demand_id, "withdrawn")


@blueprint.post("/demands/<int:demand_id>/solved")
@act("demand.close")
def solved(demand_id: int) -> Response:
    """Say that an own demand is solved."""
    return _move(demand_id, "solved")


@blueprint.post("/demands/<int:demand_id>/reconfirm")
@act("demand.reconfirm")
def reconfirm(demand_id: int) -> Response:
    """Say that an own demand still holds, until a day."""
    with writing() as unit:
        until = reconfirm_demand(unit, demand_id, _asked_day())
    flash_notice("notice_demand_reconfirmed", until=until)
    return redirect(url_for("enterprise.demand", demand_id=demand_id))


def _move(demand_id: int, state: str) -> Response:
    note = request.form.get("note", "").replace("\x00", "").strip()[:_LONGEST_NOTE]
    with writing() as unit:
        move_demand(unit, demand_id, state, note or None)
    flash_notice("notice_demand_withdrawn" if state == "withdrawn" else "notice_demand_solved")
    return redirect(url_for("enterprise.demand", demand_id=demand_id))


def _asked_day() -> date | None:
    text = request.form.get("valid_until_on", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("field_date") from None
