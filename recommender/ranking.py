"""Scores: one sparse product of demands and postings, in a batch or for one demand at once.

The score of a pair is ``1 - exp(-steepness * coverage)`` where coverage is the share of the demand's own term weight
that the document covers (saturated), plus what the thesaurus adds: 0..1, comparable between demands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse._sparsetools import csc_matvec
from sp_matmul_rs import sp_matmul_topn

from recommender.demand import DemandTerms, Origin, demand_terms
from recommender.feedback import Answers, learned
from recommender.records import MatchTable, Query
from recommender.segment import Mask, Segment, masked_postings
from recommender.text import term_keys
from recommender.weighting import LEAST_IDF

if TYPE_CHECKING:
    from recommender.index import Index

STEEPNESS = 4.0
Floats = npt.NDArray[np.float32]
Place = tuple[int, int]


def score_of(coverage: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Coverage (any shape) to score in 0..1, increasing; answers may make a coverage negative, which scores 0."""
    return -np.expm1(-STEEPNESS * np.maximum(coverage, 0))


def settled(coverage: npt.NDArray[np.float32]) -> Floats:
    """Coverage to six decimals: what two orders of adding the same floats agree on, so that ties stay ties."""
    return np.round(coverage, 6).astype(np.float32)


def lookup(index: Index, keys: Sequence[int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Rows of the postings (t,) of terms by key, -1 for an unknown one, and their IDF on a scale of 0..1."""
    rarest = float(np.log(1.0 + index.documents_at_build)) + LEAST_IDF
    if not len(index.vocabulary):
        return np.full(len(keys), -1, dtype=np.int64), np.ones(len(keys))
    wanted = np.array(keys, dtype=np.uint64)
    places = np.searchsorted(index.vocabulary, wanted)
    places[places == len(index.vocabulary)] = 0
    columns = np.where(index.vocabulary[places] == wanted, places, -1)
    return columns, np.where(columns >= 0, index.idf[places] / rarest, 1.0)


def rarity(index: Index, terms: list[str]) -> dict[str, float]:
    """The terms that the base knows, with their IDF on a scale of 0..1."""
    columns, idf = lookup(index, term_keys(terms).tolist())
    return {term: float(value) for term, column, value in zip(terms, columns, idf, strict=True) if column >= 0}


def _with_answers(index: Index, terms: DemandTerms, answers: Answers) -> DemandTerms:
    answered = [(index.document(name), answer) for name, answer in answers.items() if name in index]
    own = {term for term, origin in zip(terms.terms, terms.origins, strict=True) if origin.feature == "word"}
    words = learned(answered, own, lambda asked: rarity(index, asked), index.tokenizer)
    columns, _ = lookup(index, term_keys([word.term for word in words]).tolist())
    return DemandTerms(
        [*terms.terms, *(word.term for word in words)],
        np.concatenate((terms.columns, columns)),
        np.concatenate((terms.weights, np.array([word.weight for word in words], dtype=np.float32))),
        [*terms.origins, *(Origin("feedback", "", word.term) for word in words)],
        terms.text,
    )


def understand_all(index: Index, queries: Sequence[Query], answers: Mapping[str, Answers]) -> list[DemandTerms]:
    """The weighted terms of demands under the index's settings, thesaurus, document frequencies and own answers."""
    read = demand_terms(queries, index.settings, index.thesaurus, lambda asked: lookup(index, asked), index.tokenizer)
    return [
        _with_answers(index, terms, answers[query.id]) if answers.get(query.id) else terms
        for query, terms in zip(queries, read, strict=True)
    ]


def understand(index: Index, query: Query, answers: Answers | None = None) -> DemandTerms:
    """``understand_all`` for one demand."""
    return understand_all(index, [query], {query.id: answers} if answers else {})[0]


def query_matrix(index: Index, queries: Sequence[Query], answers: Mapping[str, Answers]) -> sparse.csr_matrix:
    """Demands as rows (q, v) of float32 term weights."""
    columns, weights, ends = [], [], [0]
    for terms in understand_all(index, queries, answers):
        known = terms.columns >= 0
        columns.append(terms.columns[known])
        weights.append(terms.weights[known])
        ends.append(ends[-1] + int(known.sum()))
    shape = (len(queries), len(index.vocabulary))
    if not ends[-1]:
        return sparse.csr_matrix(shape, dtype=np.float32)
    matrix = sparse.csr_matrix(
        (np.concatenate(weights), np.concatenate(columns).astype(np.int32), np.array(ends)), shape
    )
    matrix.sum_duplicates()
    return matrix


def _coverage(postings: sparse.csr_matrix, columns: npt.NDArray[np.integer], weights: Floats) -> Floats:
    """Coverage (n,) of every document of ``postings`` (v, n) by one demand."""
    total = np.zeros(postings.shape[1], dtype=np.float32)
    weights = np.asarray(weights, dtype=np.float32)
    for spot, column in enumerate(columns.tolist()):
        # adds a posting list, times its weight, where it lies: every public way copies the lists first
        ends, weight = postings.indptr[column : column + 2], weights[spot : spot + 1]
        csc_matvec(len(total), 1, ends, postings.indices, postings.data, weight, total)
    return settled(total)


def _best(coverage: Floats, top: int) -> npt.NDArray[np.int64]:
    """Places of the ``top`` largest positive values, best first, equal ones in order of place."""
    if len(coverage) > top:
        least = np.partition(coverage, len(coverage) - top)[len(coverage) - top]
        places = np.flatnonzero((coverage >= least) & (coverage > 0))
    else:
        places = np.flatnonzero(coverage > 0)
    return places[np.lexsort((places, -coverage[places]))][:top]


def _per_segment(index: Index, allowed: Mask | None) -> list[tuple[int, Segment, Mask | None]]:
    parts, first = [], 0
    for number, segment in enumerate(index.segments):
        part = None if allowed is None else allowed[first : first + len(segment)]
        parts.append((number, segment, part))
        first += len(segment)
    return parts


def nearest(index: Index, terms: DemandTerms, top: int, allowed: Mask | None) -> list[tuple[Place, float]]:
    """Places (segment, row) of the best documents for one demand, best first, with their coverage."""
    known = np.flatnonzero(terms.columns >= 0)
    # in the order of the batch, so that sums of floats come out the same
    known = known[np.argsort(terms.columns[known], kind="stable")]
    columns, weights = terms.columns[known], terms.weights[known]
    found: list[tuple[float, int, int]] = []
    for number, segment, part in _per_segment(index, allowed):
        coverage = _coverage(segment.postings, columns, weights)
        coverage[~(segment.alive if part is None else segment.alive & part)] = 0
        found += [(-float(coverage[place]), number, int(place)) for place in _best(coverage, top)]
    return [((number, place), -least) for least, number, place in sorted(found)[:top]]


def search(index: Index, terms: DemandTerms, top: int, allowed: Mask | None) -> list[Place]:
    """``nearest`` without the coverage."""
    return [place for place, _ in nearest(index, terms, top, allowed)]


def match(
    index: Index,
    queries: Sequence[Query],
    top: int,
    allowed: Mask | None,
    threads: int | None,
    answers: Mapping[str, Answers],
) -> MatchTable:
    """The batch: per segment one sparse product that keeps the ``top`` of each row, then a merge of the segments."""
    matrix = query_matrix(index, queries, answers)
    rows, segments, places, values = [], [], [], []
    for number, segment, part in _per_segment(index, allowed):
        postings = masked_postings(segment, part)
        best = sp_matmul_topn(matrix, postings, top_n=top + 1, sort=True, n_threads=threads or os.cpu_count() or 1)
        best_rows, best_places, best_values = _untied(matrix, postings, best, top)
        rows.append(best_rows)
        places.append(best_places)
        values.append(best_values)
        segments.append(np.full(len(best_rows), number))
    if not rows:
        return MatchTable()
    return _merged(index, queries, top, *(np.concatenate(part) for part in (rows, segments, places, values)))


def _untied(
    matrix: sparse.csr_matrix, postings: sparse.csr_matrix, best: sparse.csr_matrix, top: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Rows, places and values of a segment's best, where the kernel's choice among equal values is replaced.

    The kernel keeps any of the documents that tie for the last place; the first ones of the index shall stand there,
    however it is cut. ``best`` holds one more than ``top``, so a tie at the cut shows.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(best.indptr))
    places, values = best.indices.astype(np.int64), settled(best.data)
    full = np.flatnonzero(np.diff(best.indptr) == top + 1)
    last = best.indptr[full] + top
    tied = full[(values[last] == values[last - 1]) & (values[last] > 0)]
    if not len(tied):
        return rows, places, values
    keep = ~np.isin(rows, tied)
    parts = [(rows[keep], places[keep], values[keep])]
    for row in tied.tolist():
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        coverage = _coverage(postings, matrix.indices[start:end], matrix.data[start:end])
        first = _best(coverage, top)
        parts.append((np.full(len(first), row), first, coverage[first]))
    merged = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return merged[0], merged[1], merged[2]


def _merged(
    index: Index,
    queries: Sequence[Query],
    top: int,
    rows: npt.NDArray[np.int64],
    segments: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
    values: Floats,
) -> MatchTable:
    order = np.lexsort((places, segments, -values, rows))
    order = order[values[order] > 0]
    starts = np.searchsorted(rows[order], rows[order], side="left")
    order = order[np.arange(len(order)) - starts < top]
    documents = [
        index.segments[number].ids[place]
        for number, place in zip(segments[order].tolist(), places[order].tolist(), strict=True)
    ]
    return MatchTable(
        [queries[row].id for row in rows[order].tolist()], documents, score_of(values[order]).astype(np.float32)
    )
