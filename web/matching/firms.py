"""From a patent to the local firms it fits best: the page, and the same as a report for paper."""

from __future__ import annotations

from flask import render_template

from matchhub.services.matching.fitting_firms import MOST_FIRMS, fitting_firms
from web.gate import act
from web.matching import blueprint
from web.units import reading


@blueprint.get("/patents/<int:patent_id>/firms")
@act("firm.fit")
def firms(patent_id: int) -> str:
    """The twenty local firms that a patent fits best, and why."""
    with reading() as unit:
        found = fitting_firms(unit, patent_id)
    return render_template("matching/firms.html", found=found, most=MOST_FIRMS)


@blueprint.get("/patents/<int:patent_id>/firms/report")
@act("firm.fit")
def firms_report(patent_id: int) -> str:
    """The same for paper, with the day and what the numbers mean."""
    with reading() as unit:
        found, day = fitting_firms(unit, patent_id), unit.today
    return render_template("matching/firms_report.html", found=found, day=day)
