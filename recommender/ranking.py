"""Ranks: the documents of all segments of an index that cover most of demands that were read already.

Coverage is the share of the demand's own term weight that the document covers (saturated), plus what query expansion
adds. ``judging`` makes scores of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.demand import QueryTerms
from recommender.index import Index, Place
from recommender.product import Best, Ints, Rows, best_of_each
from recommender.records import MatchTable, Query
from recommender.segment import Mask, Segment


def rows_of(terms: QueryTerms) -> Rows:
    """One demand as a row of term weights; terms that the vocabulary lacks are left out."""
    known = np.flatnonzero(terms.columns >= 0)
    known = known[np.argsort(terms.columns[known], kind="stable")]
    return Rows(np.array([0, len(known)]), terms.columns[known], terms.weights[known])


def joined_rows(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, of which there must be one at least, as one matrix."""
    ends = np.cumsum([0, *(size for part in parts for size in np.diff(part.ends).tolist())])
    return Rows(ends, np.concatenate([one.columns for one in parts]), np.concatenate([one.weights for one in parts]))


def best_documents(index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
    """The best documents of all segments for each demand, best first, and the number of the segment of each."""
    masks = masks_of(index, allowed)
    return best_of_parts([best_of_segment(*one, asked, top) for one in zip(index.segments, masks, strict=True)], top)


def masks_of(index: Index, allowed: Mask | None) -> list[Mask | None]:
    """What a mask over the whole index says of each of its segments."""
    if allowed is None or not index.segments:
        return [None] * len(index.segments)
    return list(np.split(allowed, np.cumsum([len(segment) for segment in index.segments])[:-1]))


def best_of_segment(segment: Segment, allowed: Mask | None, asked: Rows, top: int) -> Best:
    """The best documents of one segment for each demand, best first."""
    keep = segment.alive if allowed is None else segment.alive & allowed
    return best_of_each(asked, segment.postings, top, None if keep.all() else keep)


def best_of_parts(parts: Sequence[Best], top: int) -> tuple[Best, Ints]:
    """The best ``top`` for each demand of what each segment found, and the number of the segment of each."""
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
    """Where the ``top`` documents that cover most of one demand lie, best first; ``allowed`` (size of the index,)
    limits them."""
    best, segments = best_documents(index, rows_of(terms), top, allowed)
    return list(zip(segments.tolist(), best.places.tolist(), strict=True))


def table_of(
    index: Index, queries: Sequence[Query], best: Best, segments: Ints, scores: npt.NDArray[np.float32], top: int
) -> MatchTable:
    """The ``top`` documents found for each of ``queries`` as a table, the best score of each demand first."""
    order = np.lexsort((np.arange(len(scores)), -scores, best.rows))
    rows = best.rows[order]
    order = order[np.arange(len(order)) - np.searchsorted(rows, rows) < top]
    rows, places, segments = best.rows[order], best.places[order], segments[order]
    documents = np.empty(len(rows), dtype=object)
    for number, segment in enumerate(index.segments):
        mine = np.flatnonzero(segments == number)
        documents[mine] = segment.ids.many(places[mine])
    return MatchTable(
        [queries[row].id for row in rows.tolist()],
        documents.tolist(),
        scores[order],
        best.values[order],
    )


def joined_tables(tables: Sequence[MatchTable]) -> MatchTable:
    """The rows of all tables, one table after the other."""
    nothing = np.zeros(0, dtype=np.float32)
    return MatchTable(
        [name for table in tables for name in table.query_ids],
        [name for table in tables for name in table.document_ids],
        np.concatenate([nothing, *(table.scores for table in tables)]),
        np.concatenate([nothing, *(table.coverage for table in tables)]),
    )
