"""The operator's first page: what waits, and how far the goals are."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from matchhub.operation.job_board import job_board
from matchhub.services.worklists.assigned import own_work
from matchhub.services.worklists.todo import Waiting, todo
from web.display import first_threshold
from web.gate import act
from web.operator import blueprint
from web.units import reading

# Where each kind of thing that waits is done.
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "registrations": ("account.registrations", {}),
    "erasures_asked": ("account.erasures", {}),
    "demands_submitted": ("operator.demands", {"state": "submitted"}),
    "demands_suspected": ("operator.demands", {"suspected": "1"}),
    "local_undecided": ("operator.demands", {}),
    "patent_offers": ("trade.patent_offers", {}),
    "held_rows": ("operator.reviews", {}),
    "threads_alone": ("trade.desk", {"_anchor": "threads"}),
    "deals_unconfirmed": ("bureau.unconfirmed", {}),
    "licences_unconfirmed": ("bureau.unconfirmed", {}),
    "awards_unconfirmed": ("bureau.unconfirmed", {}),
    "licences_unfiled": ("trade.records", {"kind": "licences", "stage": "licence_reached"}),
    "pushes_due": ("operator.pushes", {}),
    "papers_alike": ("bureau.similar_evidence", {}),
    "rejected": ("operator.rejections", {"state": "open"}),
    "objections": ("operator.desk", {"_anchor": "objections"}),
}


@blueprint.get("/")
@act("todo.read")
def desk() -> str:
    """What waits for the operator, each number leading to its list."""
    with reading() as unit:
        found = todo(unit)
        ailing = [job for job in job_board(unit) if job.ails]
        mine = own_work(unit)
    return render_template("operator/desk.html", todo=found, ailing=ailing, mine=mine, address=_address)


def _address(each: Waiting) -> str:
    """Where a thing that waits is done."""
    if each.key == "push_draft":
        return url_for("operator.push_draft", draft_id=each.about)
    if each.key == "local_undecided" and (counting := first_threshold("demands")):
        return url_for("bureau.threshold", goal=counting, code="demand_locality_undecided")
    endpoint, arguments = PLACES[each.key]
    return url_for(endpoint, **arguments)
