"""Demands times postings, keeping the best of each demand: the one sparse product behind batch and single searches.

Each demand's posting lists are added, times their weights, into one row of floats per document (term at a time, exact);
the best are then picked from some rows at once. The adding is one call of scipy's compiled product per demand, which
lets other threads run meanwhile.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse._sparsetools import csc_matvec

from recommender.segment import Mask

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
DIGITS = 6
_MARGIN = np.float32(2e-6)  # more than rounding to ``DIGITS`` can move a value
_LEAST = np.float32(2.5e-7)  # below this a value rounds to 0
_CELLS = 1 << 19  # rows times documents worked on at once: 2 MB, so that they stay in the processor's cache
_MOST_ROWS = 64
_GROUPS = 64


@dataclass(frozen=True)
class Rows:
    """Demands as rows of a sparse matrix: row r has the ``columns`` (rising, rows of the postings) and float32
    ``weights`` from ``ends[r]`` to ``ends[r + 1]``."""

    ends: Ints
    columns: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.ends) - 1

    def one(self, row: int) -> Rows:
        """A row alone."""
        start, end = self.ends[row : row + 2].tolist()
        return Rows(np.array([0, end - start]), self.columns[start:end], self.weights[start:end])


class Best(NamedTuple):
    """Three columns of equal length: ``rows`` of demands in rising order, ``places`` of documents and coverage
    ``values`` (above 0, settled), best first within each row, equal ones in order of place."""

    rows: Ints
    places: Ints
    values: Floats


def settled(coverage: npt.NDArray[np.float32]) -> Floats:
    """Coverage to six decimals: what two orders of adding the same floats agree on, so that ties stay ties."""
    return np.round(coverage, DIGITS).astype(np.float32)


class _Lists:
    """Where each demand's posting lists begin and end, ready for ``csc_matvec``.

    The kernel takes columns that follow one another, given by their ends alone. The lists of a demand lie apart; they
    are handed over from the last to the first, so the columns between two of them end before they begin and are empty.
    """

    def __init__(self, asked: Rows, postings: sparse.csr_matrix) -> None:
        columns = asked.columns[::-1]
        self.bounds = (2 * (len(columns) - asked.ends)).tolist()
        self.ends = np.empty(2 * len(columns), dtype=postings.indptr.dtype)
        self.ends[0::2], self.ends[1::2] = postings.indptr[columns], postings.indptr[columns + 1]
        self.weights = np.zeros(2 * len(columns), dtype=np.float32)
        self.weights[0::2] = asked.weights[::-1]
        self.indices, self.data = postings.indices, postings.data

    def add(self, row: int, total: Floats) -> None:
        """Add the coverage of every document (n,) by the demand ``row``."""
        start, end = self.bounds[row + 1], self.bounds[row]
        if end > start:
            ends, weights = self.ends[start:end], self.weights[start:end]
            csc_matvec(len(total), end - start - 1, ends, self.indices, self.data, weights, total)


def _floors(totals: Floats, top: int) -> Floats:
    """For each row (r,) a value that at least ``top`` of its documents reach, if that many lie above 0."""
    documents = totals.shape[1]
    if documents <= top:
        return np.full(len(totals), _LEAST)
    groups = max(1, min(_GROUPS, documents // (8 * top)))
    width = documents // groups
    # of the largest of each of ``width`` groups of documents, ``top`` reach the floor
    peaks = totals[:, : groups * width].reshape(len(totals), groups, width).max(axis=1)
    return np.maximum(np.partition(peaks, width - top, axis=1)[:, width - top] - _MARGIN, _LEAST)


def _picked(totals: Floats, top: int) -> tuple[Ints, Ints, Floats]:
    documents = totals.shape[1]
    spots = np.flatnonzero(totals >= _floors(totals, top)[:, None])
    rows, places = np.divmod(spots, documents)
    values = settled(totals.ravel()[spots])
    order = np.lexsort((places, -values, rows))
    rows = rows[order]
    firsts = np.searchsorted(rows, rows, side="left")
    kept = np.arange(len(rows)) - firsts < top
    order = order[kept]
    return rows[kept], places[order], values[order]


def best_of_each(
    asked: Rows, postings: sparse.csr_matrix, top: int, allowed: Mask | None = None, threads: int = 1
) -> Best:
    """The ``top`` documents with the largest coverage for each demand, exactly.

    ``postings`` (v, n) float32 weights; ``allowed`` (n,): the only documents that may be answered; ``threads`` share
    the demands.
    """
    demands, documents = len(asked), postings.shape[1]
    lists = _Lists(asked, postings)
    step = max(1, min(_MOST_ROWS, _CELLS // max(documents, 1)))

    def work(first: int) -> tuple[Ints, Ints, Floats]:
        totals = np.zeros((min(step, demands - first), documents), dtype=np.float32)
        for row in range(len(totals)):
            lists.add(first + row, totals[row])
        if allowed is not None:
            totals *= allowed
        rows, places, values = _picked(totals, top)
        return rows + first, places, values

    starts = range(0, demands, step) if documents and top > 0 else range(0)
    if threads <= 1 or len(starts) <= 1:
        parts = [work(first) for first in starts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(work, starts))
    if not parts:
        return Best(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
    return Best(*(np.concatenate(column) for column in zip(*parts, strict=True)))
