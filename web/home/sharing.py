"""A patent as one sheet to be shown around: public data, what its holder offers, and a code that leads to it."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Response as Answer
from flask import render_template, url_for

from matchhub.domain.parties import is_natural_person
from matchhub.services.patents.offers import patent_offer_of_patent
from matchhub.services.patents.page import patent_view
from web.gate import act
from web.home import blueprint
from web.units import reading


@blueprint.get("/patents/<int:patent_id>/sheet")
@act("patent.browse")
def patent_sheet(patent_id: int) -> str:
    """One patent on a sheet that prints well, without persons and contact data, with its address as a QR code."""
    with reading() as unit:
        view, offer = patent_view(unit, patent_id), patent_offer_of_patent(unit, patent_id)
        address = unit.base_url + url_for("home.patent_sheet", patent_id=patent_id)
        today = unit.today
    holders = [name for name in view.holding if not is_natural_person(name)]
    return render_template(
        "home/patent_sheet.html", patent=view, offer=offer, holders=holders, address=address, today=today
    )


@blueprint.get("/patents/<int:patent_id>/sheet.svg")
@act("patent.browse")
def patent_code(patent_id: int) -> Answer:
    """The address of a patent's sheet as a QR code."""
    with reading() as unit:
        patent_view(unit, patent_id)
        address = unit.base_url + url_for("home.patent_sheet", patent_id=patent_id)
    picture = BytesIO()
    drawn = segno.make(address, error="m", micro=False)
    drawn.save(picture, kind="svg", border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Answer(picture.getvalue(), mimetype="image/svg+xml")
