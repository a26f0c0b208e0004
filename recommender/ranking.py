"""Scores and ranks: the best documents of all segments of an index for demands that were read already.

The score of a pair is ``1 - exp(-STEEPNESS * coverage)``. Coverage is the share of the demand's own term weight that
the document covers (saturated), plus what query expansion adds. So scores lie in 0..1 and can be compared between
demands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.demand import QueryTerms
from recommender.index import Index, Place
from recommender.product import Best, Ints, Rows, best_of_each
from recommender.records import MatchTable, Query
from recommender.segment import Mask

STEEPNESS = 4.0


def score_of(coverage: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Scores in 0..1 from coverage (any shape), increasing; feedback may make a coverage negative, which scores 0."""
    return -np.expm1(-STEEPNESS * np.maximum(coverage, 0))


def rows_of(terms: QueryTerms) -> Rows:
    """One demand as a row of term weights; terms that the vocabulary lacks are left out."""
    known = np.flatnonzero(terms.columns >= 0)
    known = known[np.argsort(terms.columns[known], kind="stable")]
    return Rows(np.array([0, len(known)]), terms.columns[known], terms.weights[known])


def joined_rows(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, of which there must be one at least, as one matrix."""
    ends = np.cumsum([0, *(size for part in parts for size in np.diff(part.ends).tolist())])
    return Rows(ends, np.concatenate([one.columns for one in parts]), np.concatenate([one.weights for one in parts]))


def _best(index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
    """The best documents of all segments for each demand, best first, and the number of the segment of each."""
    parts, first = [], 0
    for segment in index.segments:
        keep = segment.alive if allowed is None else segment.alive & allowed[first : first + len(segment)]
        parts.append(best_of_each(asked, segment.postings, top, None if keep.all() else keep))
        first += len(segment)
    segments = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
    best = Best.joined(parts)
    if len(parts) <= 1:
        return best, segments
    # the best of the segments compete; equal ones are taken in the order of the documents
    order = np.lexsort((best.places, segments, -best.values, best.rows))
    rows = best.rows[order]
    order = order[np.arange(len(order)) - np.searchsorted(rows, rows) < top]
    return Best(best.rows[order], best.places[order], best.values[order]), segments[order]


def best_places(index: Index, terms: QueryTerms, top: int, allowed: Mask | None = None) -> list[Place]:
    """Where the best ``top`` documents for one demand lie, best first; ``allowed`` (size of the index,) limits them."""
    best, segments = _best(index, rows_of(terms), top, allowed)
    return list(zip(segments.tolist(), best.places.tolist(), strict=True))


def match_table(
    index: Index, queries: Sequence[Query], asked: Rows, top: int, allowed: Mask | None = None
) -> MatchTable:
    """The best ``top`` documents for each of ``queries``, which were read as the rows ``asked``, with their scores."""
    best, segments = _best(index, asked, top, allowed)
    documents = np.empty(len(best.rows), dtype=object)
    for number, segment in enumerate(index.segments):
        mine = np.flatnonzero(segments == number)
        documents[mine] = segment.ids.many(best.places[mine])
    return MatchTable(
        [queries[row].id for row in best.rows.tolist()], documents.tolist(), score_of(best.values).astype(np.float32)
    )


def joined_tables(tables: Sequence[MatchTable]) -> MatchTable:
    """The rows of all tables, one table after the other."""
    return MatchTable(
        [name for table in tables for name in table.query_ids],
        [name for table in tables for name in table.document_ids],
        np.concatenate([np.zeros(0, dtype=np.float32), *(table.scores for table in tables)]),
    )
