"""Own deals and licences as the one list shows them, for tests of who follows what."""

from __future__ import annotations

from matchhub.services.kernel.unit import Unit
from matchhub.services.worklists.trade import TradeRow, list_trade


def own_deals(unit: Unit) -> tuple[TradeRow, ...]:
    """The actor's deals, the newest first."""
    return tuple(row for row in list_trade(unit) if row.kind == "deals")


def own_licences(unit: Unit) -> tuple[TradeRow, ...]:
    """The actor's licences, the newest first."""
    return tuple(row for row in list_trade(unit) if row.kind == "licences")
