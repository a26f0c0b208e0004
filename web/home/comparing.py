"""Patents side by side, by an address that says which."""

from __future__ import annotations

from flask import render_template, request

from matchhub.services.records.comparison import MOST_COMPARED, Comparison, compare_patents
from web.enterprise.questions import count_question
from web.gate import act, may
from web.home import blueprint
from web.language import say
from web.paging import asked_numbers
from web.units import reading


@blueprint.get("/compare")
@act("patent.browse")
def compare() -> str:
    """Up to four patents side by side (``?p=1&p=2``), for an own demand (``?demand=``) where there is one."""
    wanted = asked_numbers("p")
    if may("demand.read_own") and wanted:
        count_question()
    with reading() as unit:
        found = compare_patents(unit, wanted, request.args.get("demand", type=int))
    return render_template("home/compare.html", compared=found, told=_told(found), most=MOST_COMPARED)


def _told(found: Comparison) -> list[str]:
    """What of the address could not be shown."""
    most = [say("compare_most", most=MOST_COMPARED)] if found.left_over else []
    return most + ([say("compare_unknown", number=found.unknown)] if found.unknown else [])
