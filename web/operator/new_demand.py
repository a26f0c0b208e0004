"""Entering a demand for an enterprise: one collected at a fair, by telephone or on paper."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound, Refusal
from matchhub.services.demands.posting import post_demand
from matchhub.services.demands.repetition import compare_before
from matchhub.services.records.labels import Label, find_enterprises, label_records
from web.enterprise.demand_form import DemandForm, cooperation_choices, record_of
from web.errors import status_of
from web.forms import blame
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.paging import asked_text
from web.units import reading, writing


@blueprint.get("/demands/new")
@act("demand.post_any")
def choose_enterprise() -> str:
    """Choose the enterprise whose demand is entered."""
    query = asked_text("q")
    with reading() as unit:
        found = find_enterprises(unit, query)
    template = "operator/enterprise_links.html" if request.headers.get("HX-Request") else "operator/choose.html"
    return render_template(template, found=found, query=query)


@blueprint.route("/enterprises/<int:enterprise_id>/demands/new", methods=["GET", "POST"])
@act("demand.post_any")
def new_demand(enterprise_id: int) -> Response | str | tuple[str, int]:
    """Enter a demand for one enterprise."""
    form = DemandForm()
    form.cooperation.choices = cooperation_choices()
    firm = _firm(enterprise_id)
    if request.method == "GET" or not form.validate():
        return _page(form, firm, enterprise_id, 200 if request.method == "GET" else 422)
    with reading() as unit:
        record = record_of(form, unit.today, unit.pack.demands.least_text)
        before = compare_before(unit, record.title or "", record.text or "")
    try:
        with writing() as unit:
            posted = post_demand(unit, record, enterprise_id, before)
    except Refusal as refusal:
        blame(form, refusal, {"demand_repeated": "text"})
        return _page(form, firm, enterprise_id, status_of(refusal))
    flash_notice("notice_demand_entered")
    return redirect(url_for("operator.demand", demand_id=posted.demand_id))


def _page(form: DemandForm, firm: Label, enterprise_id: int, status: int) -> tuple[str, int]:
    return render_template("operator/demand_new.html", form=form, firm=firm, enterprise_id=enterprise_id), status


def _firm(enterprise_id: int) -> Label:
    with reading() as unit:
        labels = label_records(unit, "enterprises", [enterprise_id])
    if enterprise_id not in labels:
        raise NotFound("enterprise_not_found")
    return labels[enterprise_id]
