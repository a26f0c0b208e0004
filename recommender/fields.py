"""The technical fields a demand likely belongs to, learned from the patents that are nearest to it.

Nearest neighbours name the right subclass far more often than the mean of each subclass does (docs/matching.md).
"""

from __future__ import annotations

import numpy as np

from recommender.index import Index
from recommender.ranking import nearest, understand
from recommender.records import Query
from recommender.segment import Mask

NEIGHBOURS = 20
SHARPNESS = 3.0
SUBCLASS = 4
"""Length of an IPC subclass (``A43B``), the level at which fields are proposed."""


def _with_subclass(index: Index) -> Mask:
    """Which documents (size,) have a main symbol at all: their symbols are at least one subclass long."""
    lengths = [np.diff(segment.ipc.ends, prepend=0) for segment in index.segments]
    return np.concatenate([np.zeros(0, dtype=np.int64), *lengths]) >= SUBCLASS


def likely_fields(index: Index, query: Query, top: int = 3) -> list[tuple[str, float]]:
    """Up to ``top`` IPC subclasses for a demand, most likely first, with their shares in 0..1.

    Each of the ``NEIGHBOURS`` nearest documents that have an IPC symbol speaks for the subclass of its first one with
    the cube of its coverage; the shares of all subclasses add up to 1. Empty when nothing near has a symbol.
    """
    said: dict[str, float] = {}
    for (number, row), coverage in nearest(index, understand(index, query), NEIGHBOURS, _with_subclass(index)):
        subclass = index.segments[number].ipc[row][:SUBCLASS].upper()
        said[subclass] = said.get(subclass, 0.0) + coverage**SHARPNESS
    total = sum(said.values())
    best = sorted(said.items(), key=lambda one: (-one[1], one[0]))[:top]
    return [(subclass, weight / total) for subclass, weight in best]
