"""The page of an own demand and the steps in its life: withdrawn, solved, confirmed again."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.domain.demands import usual_term
from matchhub.services.demands.editing import EDITABLE_STATES, reconfirm_demand
from matchhub.services.demands.posting import move_demand
from matchhub.services.demands.words import authorise_demand
from matchhub.services.records.own_demand import DemandPage, demand_page
from web.enterprise import blueprint
from web.forms import DayField, Length, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class StepForm(SmallForm):
    """A demand is withdrawn or solved; ``row`` is the new state."""

    note = TextField(validators=[Length(1, 500)])


class ReconfirmForm(SmallForm):
    """Until which day a demand holds; empty for the longest term."""

    blamed = {"demand_term": "valid_until_on"}
    valid_until_on = DayField()


class AuthoriseForm(SmallForm):
    """That a demand is the enterprise's own."""


_FIRST, _ALL = 3, 20
_FORMS = {"step": StepForm, "reconfirm": ReconfirmForm, "authorise": AuthoriseForm}


def life_page(refused: SmallForm | None, demand_id: int) -> str:
    """The page of one own demand; a step that was refused stands filled in its place."""
    with reading() as unit:
        known_first = request.args.get("status") == "known"
        everything = known_first or request.args.get("all") == "1"
        view = demand_page(unit, demand_id, _ALL if everything else _FIRST + 1, known_first)
        term = usual_term(unit.today, unit.pack.demands)
    forms = PageForms(_FORMS, refused)
    more = not everything and len(view.matches) > _FIRST
    return render_template(
        "enterprise/demand.html",
        demand=replace(view, matches=view.matches[:_FIRST]) if more else view,
        more_matches=more,
        everything=everything,
        next_step=_next_step(view),
        term=term,
        known_first=known_first,
        forms=forms,
    )


def _next_step(view: DemandPage) -> str:
    """The one thing a firm does next with a demand: what waits for its word comes first, then the patents."""
    steps = (
        ("change", view.state == "returned"),
        ("reconfirm", view.reconfirm),
        ("authorise", view.may_authorise),
        ("offers", view.open and any(not offer.wanted for offer in view.offers)),
        ("complete", view.state in EDITABLE_STATES and bool(view.assessment.missing)),
        ("look", view.open and bool(view.matches)),
    )
    return next((step for step, holds in steps if holds), "")


@blueprint.post("/demands/<int:demand_id>/withdraw")
@act("demand.close")
@shown_again(life_page)
def withdraw(demand_id: int) -> Response:
    """Take an own demand back; the record stays."""
    return _move(demand_id, "withdrawn", "notice_demand_withdrawn")


@blueprint.post("/demands/<int:demand_id>/solved")
@act("demand.close")
@shown_again(life_page)
def solved(demand_id: int) -> Response:
    """Say that an own demand is solved."""
    return _move(demand_id, "solved", "notice_demand_solved")


@blueprint.post("/demands/<int:demand_id>/reconfirm")
@act("demand.reconfirm")
@shown_again(life_page)
def reconfirm(demand_id: int) -> Response:
    """Say that an own demand still holds, until a day."""
    with sent(ReconfirmForm) as form, writing() as unit:
        until = reconfirm_demand(unit, demand_id, form.valid_until_on.data)
    flash_notice("notice_demand_reconfirmed", until=until)
    return redirect(url_for("enterprise.demand", demand_id=demand_id))


@blueprint.post("/demands/<int:demand_id>/authorise")
@act("demand.authorise")
@shown_again(life_page)
def authorise(demand_id: int) -> Response:
    """Say that a demand is the enterprise's own, as it reads now."""
    with sent(AuthoriseForm), writing() as unit:
        authorise_demand(unit, demand_id)
    flash_notice("notice_demand_authorised")
    return redirect(url_for("enterprise.demand", demand_id=demand_id))


def _move(demand_id: int, state: str, code: str) -> Response:
    with sent(StepForm, state) as form, writing() as unit:
        move_demand(unit, demand_id, state, form.note.data or None)
    flash_notice(code)
    return redirect(url_for("enterprise.demand", demand_id=demand_id))
