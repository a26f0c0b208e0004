"""The looks that the API offers, by subject."""

from web.api.reads import base, bureau, counts, desk, firms, keeping, matching, pushing, trade

_ROOMS = (
    *base.ROOMS, *firms.ROOMS, *matching.ROOMS, *trade.ROOMS, *pushing.ROOMS, *desk.ROOMS, *counts.ROOMS, *bureau.ROOMS,
    *keeping.ROOMS,
)  # fmt: skip
READS = tuple(read for room in _ROOMS for read in room.reads)
