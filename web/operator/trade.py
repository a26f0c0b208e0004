"""Lists of deals, open-licence offers and licences, each row with its stage and why it counts or not."""

from __future__ import annotations

from flask import render_template

from matchhub.services.worklists.trade import list_trade, trade_tally
from web.gate import act
from web.operator import blueprint
from web.paging import asked_page, asked_text
from web.units import reading


@blueprint.get("/deals")
@act("trade.record")
def deals() -> str:
    """Deals, the newest first."""
    return _page("deals")


@blueprint.get("/offers")
@act("trade.record")
def offers() -> str:
    """Open-licence offers, the newest first."""
    return _page("offers")


@blueprint.get("/licences")
@act("trade.record")
def licences() -> str:
    """Open licences reached, the newest first."""
    return _page("licences")


def _page(kind: str) -> str:
    query = asked_text("q")
    with reading() as unit:
        tally = trade_tally(unit)
        page = list_trade(unit, kind, query, asked_page())
        today = unit.today
    return render_template("operator/trade.html", kind=kind, tally=tally, page=page, query=query, today=today)
