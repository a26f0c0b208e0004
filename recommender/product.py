"""Demands times postings, keeping the best of each demand: the one sparse product behind batch and single searches.

The posting lists of a demand, times their weights, are added into one row of floats with a place for each document
(term at a time, exact); then the best are picked from several rows at once. The adding is one product of a SciPy matrix
and a vector per demand, during which other threads can run.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recommender.segment import Mask

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
DIGITS = 6
_MARGIN = np.float32(2e-6)  # more than rounding to ``DIGITS`` can change a value
_LEAST = np.float32(2.5e-7)  # a smaller value rounds to 0
_CELLS = 1 << 19  # rows times documents worked on at once: 2 MB, which stay in the cache of the processor
_MOST_ROWS = 64
_GROUPS = 64


@dataclass(frozen=True)
class Rows:
    """Demands as rows of a sparse matrix: row r has the ``columns`` (rising; rows of the postings) and the float32
    ``weights`` from ``ends[r]`` to ``ends[r + 1]``."""

    ends: Ints
    columns: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.ends) - 1

    def one(self, row: int) -> Rows:
        """One of the rows by itself."""
        start, end = self.ends[row : row + 2].tolist()
        return Rows(np.array([0, end - start]), self.columns[start:end], self.weights[start:end])


class Best(NamedTuple):
    """Three columns of equal length: ``rows`` of demands in rising order, ``places`` of documents, and their coverage
    as ``values`` (above 0, rounded); best first within each row, equal ones in the order of the documents."""

    rows: Ints
    places: Ints
    values: Floats

    @classmethod
    def joined(cls, parts: Sequence[Best]) -> Best:
        """The columns of all parts, one part after the other."""
        nothing = Best(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        return cls(*(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True)))


def rounded_coverage(coverage: npt.NDArray[np.float32]) -> Floats:
    """Coverage (any shape) to six decimals.

    Sums of the same floats in another order may differ in the last digits; rounded they agree, so that documents with
    the same words tie.
    """
    return np.round(coverage, DIGITS).astype(np.float32)


class _Lists:
    """The posting lists of each demand as columns of a matrix (documents, lists), without copying a posting.

    A sparse matrix takes all its columns from one pair of arrays: column j is what lies from ``indptr[j]`` up to
    ``indptr[j + 1]``. The lists of a demand lie apart in the postings, so there are other postings between any two of
    them. Taken from the last list to the first, every second column is a list; the columns between them would begin
    after their end and are empty. So ``matrix @ weights`` adds exactly the lists asked for, where they lie. Copying
    them into a matrix of their own gives the same sums and takes longer than adding them
    (docs/decisions/0030-public-sparse-product.md).
    """

    def __init__(self, asked: Rows, postings: sparse.csr_matrix) -> None:
        columns = asked.columns[::-1]
        self._bounds = (2 * (len(columns) - asked.ends)).tolist()
        self._ends = np.empty(2 * len(columns), dtype=postings.indptr.dtype)
        self._ends[0::2], self._ends[1::2] = postings.indptr[columns], postings.indptr[columns + 1]
        self._weights = np.zeros(2 * len(columns), dtype=np.float32)
        self._weights[0::2] = asked.weights[::-1]
        self._postings = postings

    def coverage(self, rows: range) -> Floats:
        """The coverage (r, n) of every document by each of these demands."""
        totals = np.zeros((len(rows), self._postings.shape[1]), dtype=np.float32)
        width = max(self._bounds[row] - self._bounds[row + 1] for row in rows)
        if not width:
            return totals
        # one matrix serves all rows, because making it takes longer than adding short lists; the columns that a demand
        # does not need are empty
        lists = sparse.csc_array((totals.shape[1], width - 1), dtype=np.float32)
        # set as attributes, because the constructor would scan all postings to check their order
        lists.indices, lists.data = self._postings.indices, self._postings.data
        for place, row in enumerate(rows):
            start, end = self._bounds[row + 1], self._bounds[row]
            if end > start:
                ends, weights = np.full(width, self._ends[end - 1]), np.zeros(width - 1, dtype=np.float32)
                ends[: end - start], weights[: end - start - 1] = self._ends[start:end], self._weights[start : end - 1]
                lists.indptr = ends
                totals[place] = lists @ weights
        return totals


def _floors(totals: Floats, top: int) -> Floats:
    """For each row (r,) of ``totals`` (r, n) a value that at least ``top`` documents reach, if so many lie above 0."""
    documents = totals.shape[1]
    if documents <= top:
        return np.full(len(totals), _LEAST)
    groups = max(1, min(_GROUPS, documents // (8 * top)))
    width = documents // groups
    # the largest value of each of ``width`` groups of documents; ``top`` of these reach the floor
    peaks = totals[:, : groups * width].reshape(len(totals), groups, width).max(axis=1)
    return np.maximum(np.partition(peaks, width - top, axis=1)[:, width - top] - _MARGIN, _LEAST)


def _picked(totals: Floats, top: int) -> tuple[Ints, Ints, Floats]:
    """Rows, places and rounded values of the ``top`` largest of each row of ``totals`` (r, n)."""
    documents = totals.shape[1]
    spots = np.flatnonzero(totals >= _floors(totals, top)[:, None])
    rows, places = np.divmod(spots, documents)
    values = rounded_coverage(totals.ravel()[spots])
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

    ``postings`` (v, n) float32 weights; ``allowed`` (n,) True for the documents that may be found; ``threads`` share
    the demands.
    """
    documents = postings.shape[1]
    if not documents or top <= 0:
        return Best.joined([])
    lists = _Lists(asked, postings)
    step = max(1, min(_MOST_ROWS, _CELLS // documents))
    blocks = [range(first, min(first + step, len(asked))) for first in range(0, len(asked), step)]
    if threads <= 1 or len(blocks) <= 1:
        return Best.joined([_best_of_block(lists, block, top, allowed) for block in blocks])
    with ThreadPoolExecutor(threads) as pool:
        return Best.joined(list(pool.map(lambda block: _best_of_block(lists, block, top, allowed), blocks)))


def _best_of_block(lists: _Lists, block: range, top: int, allowed: Mask | None) -> Best:
    """The best documents of the demands of a block."""
    totals = lists.coverage(block)
    if allowed is not None:
        totals *= allowed
    rows, places, values = _picked(totals, top)
    return Best(rows + block.start, places, values)
