"""Patents: the searchable list and one patent's page."""

from __future__ import annotations

from decimal import Decimal

from flask import g, render_template, request

from matchhub.services import catalogue
from matchhub.services.pushes.inbox import note_view
from web.gate import public
from web.home import blueprint
from web.listing import asked_page, asked_text
from web.units import reading, writing


@blueprint.get("/patents")
@public
def patents() -> str:
    """Search patents by words or number, narrowed by kind, status, class and holder."""
    query = asked_text("q")
    filters = catalogue.PatentFilters(
        patent_type=asked_text("type"),
        validity=asked_text("validity"),
        ipc=asked_text("ipc"),
        holder=asked_text("holder"),
        offered=request.args.get("offered") == "1",
        year=_year(asked_text("year")),
        mode=asked_text("mode") if asked_text("mode") in catalogue.MODES else "",
        most_yuan=_amount(asked_text("most")),
        industry=asked_text("industry"),
    )
    with reading() as unit:
        page = catalogue.search_patents(unit, query, asked_page(), filters)
    return render_template("home/patents.html", page=page, query=query, filters=filters, modes=catalogue.MODES)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1985 <= int(text[:9]) <= 2999 else None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    return Decimal(plain) if plain.isascii() and plain.isdigit() and len(plain) < 13 else None


@blueprint.get("/patents/<int:patent_id>")
@public
def patent(patent_id: int) -> str:
    """The public data of one patent; that an enterprise looked at it is kept as a platform event."""
    with reading() as unit:
        view = catalogue.patent_view(unit, patent_id)
    if g.actor.enterprise_id is not None:
        with writing() as unit:
            note_view(unit, patent_id)
    return render_template("home/patent.html", patent=view)
