"""The changes that the API offers: each the act of a page, under an address of its own."""

from web.api.changes import bureau, desk, firms, keeping, trade

CHANGES = (*firms.CHANGES, *trade.CHANGES, *desk.CHANGES, *bureau.CHANGES, *keeping.CHANGES)
