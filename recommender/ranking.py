"""Scores: one sparse product of demands and postings, in a batch or for one demand at once.

The score of a pair is ``1 - exp(-steepness * coverage)`` where coverage is the share of the demand's own term weight
that the document covers (saturated), plus what the thesaurus adds: 0..1, comparable between demands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.demand import DemandTerms, Origin, Reading, read_demands
from recommender.feedback import Answers, learned
from recommender.product import Best, Ints, Rows, best_of_each
from recommender.records import MatchTable, Query
from recommender.segment import Mask
from recommender.text import Array, term_keys
from recommender.weighting import LEAST_IDF

if TYPE_CHECKING:
    from recommender.index import Index

STEEPNESS = 4.0
READ_TOGETHER = 256
Place = tuple[int, int]


def score_of(coverage: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Coverage (any shape) to score in 0..1, increasing; answers may make a coverage negative, which scores 0."""
    return -np.expm1(-STEEPNESS * np.maximum(coverage, 0))


def lookup(index: Index, keys: Sequence[int] | Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Rows of the postings (t,) of terms by key, -1 for an unknown one, and their IDF on a scale of 0..1."""
    rarest = float(np.log(1.0 + index.documents_at_build)) + LEAST_IDF
    if not len(index.vocabulary):
        return np.full(len(keys), -1, dtype=np.int64), np.ones(len(keys))
    wanted = np.asarray(keys, dtype=np.uint64)
    places = np.searchsorted(index.vocabulary, wanted)
    places[places == len(index.vocabulary)] = 0
    columns = np.where(index.vocabulary[places] == wanted, places, -1)
    return columns, np.where(columns >= 0, index.idf[places] / rarest, 1.0)


def rarity(index: Index, terms: list[str]) -> dict[str, float]:
    """The terms that the base knows, with their IDF on a scale of 0..1."""
    columns, idf = lookup(index, term_keys(terms))
    return {term: float(value) for term, column, value in zip(terms, columns, idf, strict=True) if column >= 0}


def _with_answers(index: Index, terms: DemandTerms, answers: Answers) -> DemandTerms:
    answered = [(index.document(name), answer) for name, answer in answers.items() if name in index]
    own = {term for term, origin in zip(terms.terms, terms.origins, strict=True) if origin.feature == "word"}
    words = learned(answered, own, lambda asked: rarity(index, asked), index.tokenizer)
    columns, _ = lookup(index, term_keys([word.term for word in words]))
    return DemandTerms(
        [*terms.terms, *(word.term for word in words)],
        np.concatenate((terms.columns, columns)),
        np.concatenate((terms.weights, np.array([word.weight for word in words], dtype=np.float32))),
        [*terms.origins, *(Origin("feedback", "", word.term) for word in words)],
        terms.text,
    )


def read(index: Index, queries: Sequence[Query]) -> Reading:
    """Demands read together under the index's settings, thesaurus and document frequencies."""
    return read_demands(
        queries, index.settings, index.thesaurus, lambda keys: lookup(index, keys), index.tokenizer, index.loans
    )


def understand_all(index: Index, queries: Sequence[Query], answers: Mapping[str, Answers]) -> list[DemandTerms]:
    """The weighted terms of demands, their own answers included."""
    reading = read(index, queries)
    return [
        _with_answers(index, reading.terms(row), answers[query.id]) if answers.get(query.id) else reading.terms(row)
        for row, query in enumerate(queries)
    ]


def understand(index: Index, query: Query, answers: Answers | None = None) -> DemandTerms:
    """``understand_all`` for one demand."""
    return understand_all(index, [query], {query.id: answers} if answers else {})[0]


def rows_of(terms: DemandTerms) -> Rows:
    """One demand as a row of term weights, unknown terms left out."""
    known = np.flatnonzero(terms.columns >= 0)
    known = known[np.argsort(terms.columns[known], kind="stable")]
    return Rows(np.array([0, len(known)]), terms.columns[known], terms.weights[known])


def _asked(index: Index, queries: Sequence[Query], answers: Mapping[str, Answers]) -> Rows:
    """Demands as rows of term weights, those with answers after the others were read with them."""
    reading = read(index, queries)
    rows = reading.rows()
    taught = {row for row, query in enumerate(queries) if answers.get(query.id)}
    if not taught:
        return rows
    each = [
        rows_of(_with_answers(index, reading.terms(row), answers[query.id])) if row in taught else rows.one(row)
        for row, query in enumerate(queries)
    ]
    ends = np.cumsum([0, *(len(one.columns) for one in each)])
    return Rows(ends, np.concatenate([one.columns for one in each]), np.concatenate([one.weights for one in each]))


def _best(index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
    """The best of all segments for each demand with the number of each one's segment, best first."""
    parts, first = [], 0
    for segment in index.segments:
        keep = segment.alive if allowed is None else segment.alive & allowed[first : first + len(segment)]
        parts.append(best_of_each(asked, segment.postings, top, None if keep.all() else keep))
        first += len(segment)
    if len(parts) == 1:
        return parts[0], np.zeros(len(parts[0].rows), dtype=np.int64)
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return Best(nothing, nothing, np.zeros(0, dtype=np.float32)), nothing
    rows, places, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    segments = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
    order = np.lexsort((places, segments, -values, rows))
    order = order[np.arange(len(order)) - np.searchsorted(rows[order], rows[order]) < top]
    return Best(rows[order], places[order], values[order]), segments[order]


def nearest(index: Index, terms: DemandTerms, top: int, allowed: Mask | None) -> list[tuple[Place, float]]:
    """Places (segment, row) of the best documents for one demand, best first, with their coverage."""
    best, segments = _best(index, rows_of(terms), top, allowed)
    places = zip(segments.tolist(), best.places.tolist(), strict=True)
    return list(zip(places, best.values.tolist(), strict=True))


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
    """The batch: blocks of demands are read one after the other while ``threads`` multiply those that are read."""
    blocks = [queries[first : first + READ_TOGETHER] for first in range(0, len(queries), READ_TOGETHER)]
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        parts = [pool.submit(_matched, index, block, _asked(index, block, answers), top, allowed) for block in blocks]
    tables = [part.result() for part in parts]
    return MatchTable(
        [name for table in tables for name in table.query_ids],
        [name for table in tables for name in table.document_ids],
        np.concatenate([np.zeros(0, dtype=np.float32), *(table.scores for table in tables)]),
    )


def _matched(index: Index, queries: Sequence[Query], asked: Rows, top: int, allowed: Mask | None) -> MatchTable:
    best, segments = _best(index, asked, top, allowed)
    documents = np.empty(len(best.rows), dtype=object)
    for number, segment in enumerate(index.segments):
        mine = np.flatnonzero(segments == number)
        documents[mine] = segment.ids.many(best.places[mine])
    return MatchTable(
        [queries[row].id for row in best.rows.tolist()], documents.tolist(), score_of(best.values).astype(np.float32)
    )
