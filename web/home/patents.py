"""One patent's page."""

from __future__ import annotations

from flask import g, render_template

from matchhub.domain.registers import register_links
from matchhub.services.patents.holders import holds
from matchhub.services.patents.offers import patent_offer_of_patent
from matchhub.services.patents.page import patent_view
from matchhub.services.presentations.presenting import presentations_of
from matchhub.services.pushes.inbox import note_view
from web.gate import act
from web.home import blueprint
from web.units import leave_note, reading


@blueprint.get("/patents/<int:patent_id>")
@act("patent.browse")
def patent(patent_id: int) -> str:
    """The public data of one patent; that an enterprise looked at it is kept as a platform event."""
    with reading() as unit:
        view = patent_view(unit, patent_id)
        offer = patent_offer_of_patent(unit, patent_id)
        told = presentations_of(unit, patent_id)
        own = holds(unit, patent_id, unit.actor.organisation_id)
    if g.actor.enterprise_id is not None:
        leave_note(lambda unit: note_view(unit, patent_id))
    links = register_links(view.application_number, view.publication_number)
    return render_template("home/patent.html", patent=view, offer=offer, own=own, registers=links, told=told)
