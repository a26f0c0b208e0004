"""Lists of deals, open-licence offers and licences, each row with its stage and why it counts or not."""

from __future__ import annotations

from typing import Any

from matchhub.services.worklists.trade import TradeFilter, list_trade, trade_tally
from web.gate import act
from web.listing import ask, day_of, show
from web.operator import blueprint
from web.operator.lists import TRADE
from web.units import reading


@blueprint.get("/deals")
@act("trade.record")
def deals() -> Any:
    """Deals, the newest first."""
    return _page("deals")


@blueprint.get("/offers")
@act("trade.record")
def offers() -> Any:
    """Open-licence offers, the newest first."""
    return _page("offers")


@blueprint.get("/licences")
@act("trade.record")
def licences() -> Any:
    """Open licences reached, the newest first."""
    return _page("licences")


def _page(kind: str) -> Any:
    asked = ask(TRADE[kind])
    said = asked.value
    wanted = TradeFilter(said("q"), said("withdrawn"), day_of(asked, "since"), day_of(asked, "until"))
    with reading() as unit:
        tally = trade_tally(unit)
        page = list_trade(unit, kind, wanted, asked.sought)
        today = unit.today
    return show("operator/trade.html", asked, page, kind=kind, tally=tally, today=today)
