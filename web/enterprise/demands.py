"""Posting a demand, seeing at once what it is worth and what it finds, changing it after a return."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from matchhub.domain.demand_answers import examples
from matchhub.domain.demands import usual_term
from matchhub.domain.records import DemandRecord
from matchhub.errors import Conflict, Refusal
from matchhub.services.demands import drafts
from matchhub.services.demands.editing import EDITABLE_STATES, resubmit_demand
from matchhub.services.demands.posting import assess_draft
from matchhub.services.demands.posting import post_demand as record_demand
from matchhub.services.demands.repetition import compare_before
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bounds import cut_at, is_brief, may_match_draft
from matchhub.services.matching.hints import further_words, likely_fields
from matchhub.services.matching.shown import draft_query, matches_of_query
from matchhub.services.records.own_demand import demand_page
from matchhub.services.worklists import enterprise_home
from web.enterprise import blueprint
from web.enterprise.demand_form import (
    LEFT_OPEN,
    DemandForm,
    cooperation_choices,
    is_too_long,
    kept_of,
    record_of,
    values_of,
    values_of_draft,
)
from web.enterprise.life import life_page
from web.enterprise.proposing import proposals
from web.enterprise.questions import count_question
from web.errors import status_of
from web.forms import blame
from web.gate import act
from web.language import flash_notice, language, say_refusal
from web.once import new_key
from web.units import reading, writing

_LIVE = 3
_READ_FOR_FIELD = 20
_BLAMED = {"demand_empty": "text", "demand_repeated": "text", "demand_is_example": "text"}


@blueprint.get("/demands/new")
@act("demand.post")
def new_demand() -> str:
    """The form of a new demand, filled with what is known of the enterprise, or with the draft ``?draft=``."""
    number = request.args.get("draft", type=int)
    with reading() as unit:
        firm = enterprise_home.own_firm(unit)
        term = usual_term(unit.today, unit.pack.demands)
        kept = drafts.draft_of(unit, number) if number is not None else None
    known = {
        "valid_until_on": term,
        "technical_field": firm.industry,
        "cooperation": list(LEFT_OPEN),
        "negotiable": True,
        **_contact(firm),
    }
    if kept is not None:
        known |= {**values_of_draft(kept.fields), "draft_id": kept.id, "draft_seen": kept.seen}
    return _form_page(DemandForm(formdata=None, data=known))


@blueprint.post("/demands")
@act("demand.post")
def post_demand() -> Response | tuple[str, int]:
    """Record the demand; its page with the matches follows."""
    form = DemandForm()
    if not form.validate():
        return _form_page(form), 422
    with reading() as unit:
        record = record_of(form, unit.today, unit.pack.demands.least_text)
        before = compare_before(unit, record.title or "", record.text or "")
    try:
        with writing() as unit:
            posted = record_demand(unit, record, before=before)
            drafts.settle_draft(unit, form.draft_id.data, posted.demand_id, form.draft_key.data or "")
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return _form_page(form), status_of(refusal)
    flash_notice("notice_demand_posted", passed=posted.assessment.passed)
    return redirect(url_for("enterprise.demand", demand_id=posted.demand_id))


@blueprint.post("/demands/draft")
@act("demand.post")
def draft() -> str:
    """While typing: the eight tests, the best patents so far, likely fields, further words. Nothing is kept.

    A text longer than the form takes is not matched, nor is one more draft of an account that has had many.
    """
    count_question()
    form = DemandForm()
    with reading() as unit:
        if (too_long := is_too_long(form)) or not may_match_draft(unit):
            return render_template("enterprise/draft_waits.html", too_long=too_long)
        record = record_of(form, unit.today, unit.pack.demands.least_text)
        return _draft_part(unit, form, record)


@blueprint.post("/demands/draft/keep")
@act("draft.write")
def keep_draft() -> Response | str | tuple[str, int]:
    """Keep what is typed: by the page itself every few seconds, or by the button; nothing is posted or matched."""
    form = DemandForm()
    by_page = bool(request.headers.get("HX-Request"))
    try:
        with writing() as unit:
            key, seen = form.draft_key.data or "", form.draft_seen.data or ""
            kept = drafts.keep_typing(unit, kept_of(form), form.draft_id.data, seen, key)
    except Refusal as refusal:
        if not by_page:
            form.form_errors.append(say_refusal(refusal))
            return _form_page(form), status_of(refusal)
        return render_template("enterprise/draft_kept.html", fault=say_refusal(refusal))
    if by_page:
        return render_template("enterprise/draft_kept.html", kept=kept, at=unit.now)
    if kept is None:
        blame(form, Refusal("draft_empty"), {"draft_empty": "text"})
        return _form_page(form), 422
    flash_notice("notice_draft_saved")
    return redirect(url_for("enterprise.desk"))


def _draft_part(unit: Unit, form: DemandForm, record: DemandRecord) -> Markup:
    query = draft_query(record)
    written = any((record.title, record.text, record.object, record.aim, record.targets))
    found = matches_of_query(unit, query, _READ_FOR_FIELD) if written else ()  # what the register knows asks nothing
    likely = likely_fields(unit, found)
    shown = render_template(
        "enterprise/draft.html",
        assessment=assess_draft(unit, record),
        matches=found[:_LIVE],
        fields=likely,
        proposed=proposals(form, record, likely),
        swapped=bool(request.headers.get("HX-Request")),
        further=further_words(unit, query) if found else (),
        written=written,
        asks_back=written and is_brief(query),
        cut=cut_at(query),
    )
    return Markup(shown)  # nosec B704: what that template wrote is escaped


@blueprint.get("/demands/<int:demand_id>")
@act("demand.read_own")
def demand(demand_id: int) -> str:
    """One own demand: the eight tests, the best 20 patents with reasons, its life and the next steps."""
    count_question()
    return life_page(None, demand_id)


@blueprint.get("/demands/<int:demand_id>/sheet")
@act("demand.read_own")
def demand_sheet(demand_id: int) -> str:
    """One own demand as one page of paper, to be signed and stamped."""
    with reading() as unit:
        view, firm = demand_page(unit, demand_id, top=0), enterprise_home.own_firm(unit)
    return render_template("enterprise/sheet.html", demand=view, firm=firm)


@blueprint.get("/demands/<int:demand_id>/edit")
@act("demand.edit")
def edit_demand(demand_id: int) -> str:
    """The form of a demand that is not verified yet, as it stands."""
    with reading() as unit:
        view = demand_page(unit, demand_id, top=0)
    if view.state not in EDITABLE_STATES:
        raise Conflict("demand_moved_on", state=view.state)
    form = DemandForm(formdata=None, data={**values_of(view.record), "seen": view.seen})
    return _form_page(form, demand_id, view.returned_note)


@blueprint.post("/demands/<int:demand_id>/edit")
@act("demand.edit")
def resubmit(demand_id: int) -> Response | tuple[str, int]:
    """Put the changed demand before the operator again."""
    form = DemandForm()
    with reading() as unit:
        view = demand_page(unit, demand_id, top=0)
    if not form.validate():
        return _form_page(form, demand_id, view.returned_note), 422
    try:
        with writing() as unit:
            record = record_of(form, unit.today, unit.pack.demands.least_text, view.record)
            resubmit_demand(unit, demand_id, record, form.seen.data or "")
    except Refusal as refusal:
        blame(form, refusal, _BLAMED)
        return _form_page(form, demand_id, view.returned_note), status_of(refusal)
    flash_notice("notice_demand_resubmitted" if view.state == "returned" else "notice_demand_changed")
    return redirect(url_for("enterprise.demand", demand_id=demand_id))


def _form_page(form: DemandForm, demand_id: int | None = None, note: str | None = None) -> str:
    with reading() as unit:
        firm = enterprise_home.own_firm(unit)
        record = record_of(form, unit.today, unit.pack.demands.least_text)
        panel = _draft_part(unit, form, record) if request.method == "POST" or demand_id else ""
        today = unit.today
        form.draft_key.data = form.draft_key.data or new_key()
        waiting = drafts.own_drafts(unit) if request.method == "GET" and not (demand_id or form.draft_id.data) else ()
        trades = unit.pack.industries
    return render_template(
        "enterprise/demand_form.html",
        form=form,
        firm=firm,
        demand_id=demand_id,
        note=note,
        panel=panel,
        today=today,
        cooperation=cooperation_choices(),
        chosen_words=[label for key, label in cooperation_choices() if key in (form.cooperation.data or ())],
        waiting=waiting,
        examples=[
            (trades[each.industry], each)
            for each in examples()
            if each.industry in trades and each.language == language()
        ],
    )


def _contact(firm: enterprise_home.FirmView) -> dict[str, Any]:
    return {
        "contact_name": firm.contact_name,
        "contact_phone": firm.contact_phone,
        "contact_email": firm.contact_email,
        "authorised_by": firm.contact_name,
    }
