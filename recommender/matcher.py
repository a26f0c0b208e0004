"""The matcher: answers demands over an index, under a thesaurus, with scores that explain themselves.

The index is data (``index.Index``); everything that reads demands, ranks and explains comes together here. Demands are
the only thing the thesaurus is needed for, so another thesaurus is another matcher over the same index.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from recommender import explanation, ranking
from recommender.confidence import Confidence, shipped_confidence
from recommender.correction import Correction, Corrector, corrected, tables_digest
from recommender.demand import Origin, QueryTerms, Reading, read_demands, whole_text
from recommender.expansion import ExpansionCache
from recommender.feedback import Feedback, WordsKept, feedback_terms
from recommender.index import Index, Place
from recommender.judging import Judge, prose_of
from recommender.product import Best, Ints, Rows
from recommender.records import Hit, MatchTable, Query
from recommender.segment import Mask
from recommender.text import normalise, term_keys
from recommender.thesaurus import Thesaurus, shipped

MODEL = "tfidf-bm25f-3"
READ_TOGETHER = 256  # demands read at once: enough to share the work, few enough to start multiplying soon


class Ranker(Protocol):
    """Whoever finds the best documents in place of this process; ``width``: blocks of demands it works on at once."""

    @property
    def width(self) -> int: ...

    def best_documents(self, index: Index, asked: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints]:
        """As ``ranking.best_documents``, to the last digit."""


@dataclass(frozen=True, eq=False)
class Matcher:
    """An index with the thesaurus its demands are expanded by (the shipped one when none is given).

    It never changes and can be shared by threads. What it works out about the thesaurus is kept for later demands, so
    one matcher should be held for as long as index and thesaurus stay the same.
    """

    index: Index
    thesaurus: Thesaurus = field(default_factory=shipped)
    confidence: Confidence = field(default_factory=shipped_confidence)
    ranker: Ranker | None = None
    _expansions: ExpansionCache = field(default_factory=dict, init=False, repr=False)
    _characteristic: WordsKept = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def model(self) -> str:
        """The model's name: kind, version and a digest of everything besides the documents that changes scores."""
        digests = self.thesaurus.digest(), tables_digest(), self.confidence.digest
        return f"{MODEL}:{self.index.settings.digest(*digests)}"

    # -- ranked answers ------------------------------------------------------------------------------------------

    def search(
        self,
        query: Query,
        top: int = 20,
        allowed: Collection[str] | Mask | None = None,
        feedback: Feedback | None = None,
    ) -> list[Hit]:
        """The best ``top`` documents for one demand with their reasons, best first; only scores above 0.

        ``allowed``: ids, or a mask (size of the index,), that limit the answer. ``feedback``: what was answered to
        earlier matches of this demand. Raises ValueError for a mask of another length.
        """
        terms = self.query_terms(query, feedback)
        judge = self._judge([query], [terms.text])
        best, _, places = self._judged(judge, ranking.rows_of(terms), top, self._mask(allowed))
        if len(places) > top:
            order = np.argsort(-judge.scores(best.rows, places, best.values), kind="stable")[:top]
            places = [places[spot] for spot in order.tolist()]
        hits = explanation.hits(judge, terms, places)
        return sorted(hits, key=lambda hit: -hit.score)

    def match(
        self,
        queries: Sequence[Query],
        top: int = 20,
        allowed: Collection[str] | Mask | None = None,
        threads: int | None = None,
        feedback: Mapping[str, Feedback] | None = None,
    ) -> MatchTable:
        """The best ``top`` documents for each demand, without reasons (``explain_each`` gives them).

        ``threads`` (all processors when None) multiply blocks of demands while the next block is read. ``feedback`` is
        by query id; ``allowed`` and errors are as in ``search``.
        """
        mask, given = self._mask(allowed), feedback or {}
        blocks = [queries[first : first + READ_TOGETHER] for first in range(0, len(queries), READ_TOGETHER)]
        width = 0 if self.ranker is None else self.ranker.width
        with ThreadPoolExecutor(max(threads or os.cpu_count() or 1, width)) as pool:
            parts = []
            for block in blocks:
                reading = self.read(block)
                rows = self._rows(block, reading, given)
                parts.append(pool.submit(self._match_block, block, reading.texts, rows, top, mask))
        return ranking.joined_tables([part.result() for part in parts])

    def _match_block(
        self, queries: Sequence[Query], texts: Sequence[str], rows: Rows, top: int, allowed: Mask | None
    ) -> MatchTable:
        """The best documents of demands that were read as these ``texts`` and ``rows``."""
        judge = self._judge(queries, texts)
        best, segments, places = self._judged(judge, rows, top, allowed)
        scores = judge.scores(best.rows, places, best.values)
        return ranking.table_of(self.index, queries, best, segments, scores, top)

    def _judged(self, judge: Judge, rows: Rows, top: int, allowed: Mask | None) -> tuple[Best, Ints, list[Place]]:
        """The documents that may be the best ``top`` of demands once judged, with their segments and places."""
        found = ranking.best_documents if self.ranker is None else self.ranker.best_documents
        best, segments = found(self.index, rows, judge.depth(top), allowed)
        kept = judge.looked_at(best.rows, top)
        best, segments = Best(best.rows[kept], best.places[kept], best.values[kept]), segments[kept]
        return best, segments, list(zip(segments.tolist(), best.places.tolist(), strict=True))

    def _judge(self, queries: Sequence[Query], texts: Sequence[str]) -> Judge:
        return Judge(self.index, self.thesaurus, self.confidence, texts, prose_of(queries))

    # -- scores and reasons of given pairs -----------------------------------------------------------------------

    def explain(self, query: Query, document_ids: Sequence[str], feedback: Feedback | None = None) -> list[Hit]:
        """Scores and reasons of one demand with each of these documents, whatever their ranks, in the order asked.

        Raises KeyError for an unknown document.
        """
        return self.explain_each([query], [document_ids], {query.id: feedback} if feedback else {})[0]

    def explain_each(
        self,
        queries: Sequence[Query],
        document_ids: Sequence[Sequence[str]],
        feedback: Mapping[str, Feedback] | None = None,
    ) -> list[list[Hit]]:
        """``explain`` for many demands, each with its own documents; all demands are read together.

        Raises KeyError for an unknown document.
        """
        places = self.index.places(name for names in document_ids for name in names)
        read = self.query_terms_of_each(queries, feedback or {})
        return [
            explanation.hits(self._judge([query], [terms.text]), terms, [places[name] for name in names])
            for query, terms, names in zip(queries, read, document_ids, strict=True)
        ]

    # -- query terms ---------------------------------------------------------------------------------------------

    def read(self, queries: Sequence[Query]) -> Reading:
        """Demands read together under the settings, the thesaurus and the document frequencies of this matcher."""
        index = self.index
        queries = [corrected(query, self.corrections(query)) for query in queries]
        return read_demands(queries, index.settings, self.thesaurus, index.lookup, index.tokenizer, self._expansions)

    def corrections(self, query: Query) -> tuple[Correction, ...]:
        """Words of the demand's prose that are read as others, because neither base nor thesaurus knows them."""
        prose = normalise(whole_text(replace(query, keywords=())))
        return self._corrector.corrections(prose, self.index.document_counts, self.index.documents_at_build)

    @cached_property
    def _corrector(self) -> Corrector:
        return Corrector.of(self.thesaurus.words())

    def query_terms(self, query: Query, feedback: Feedback | None = None) -> QueryTerms:
        """The weighted terms one demand asks for: its own, those of the thesaurus and those of its feedback."""
        return self.query_terms_of_each([query], {query.id: feedback} if feedback else {})[0]

    def query_terms_of_each(self, queries: Sequence[Query], feedback: Mapping[str, Feedback]) -> list[QueryTerms]:
        """``query_terms`` of many demands, which are read together; ``feedback`` is by query id."""
        reading = self.read(queries)
        return [
            self._with_feedback(reading.terms(row), feedback[query.id])
            if feedback.get(query.id)
            else reading.terms(row)
            for row, query in enumerate(queries)
        ]

    def _with_feedback(self, terms: QueryTerms, feedback: Feedback) -> QueryTerms:
        """The terms with those that the feedback adds (above 0) or takes away (below 0); unknown ids are ignored."""
        index = self.index
        answered = [(index.document(name), answer) for name, answer in feedback.items() if name in index]
        own = {term for term, origin in zip(terms.terms, terms.origins, strict=True) if origin.feature == "word"}
        added = feedback_terms(answered, own, index.rarity, index.tokenizer, self._characteristic)
        columns, _ = index.lookup(term_keys([one.term for one in added]))
        return QueryTerms(
            [*terms.terms, *(one.term for one in added)],
            np.concatenate((terms.columns, columns)),
            np.concatenate((terms.weights, np.array([one.weight for one in added], dtype=np.float32))),
            [*terms.origins, *(Origin("feedback", "", one.term) for one in added)],
            terms.text,
        )

    def _rows(self, queries: Sequence[Query], reading: Reading, feedback: Mapping[str, Feedback]) -> Rows:
        """Demands as rows of term weights, which for most of them need no words."""
        rows = reading.rows()
        if not any(feedback.get(query.id) for query in queries):
            return rows
        return ranking.joined_rows(
            [
                ranking.rows_of(self._with_feedback(reading.terms(row), feedback[query.id]))
                if feedback.get(query.id)
                else rows.one(row)
                for row, query in enumerate(queries)
            ]
        )

    def _mask(self, allowed: Collection[str] | Mask | None) -> Mask | None:
        if allowed is None:
            return None
        if not isinstance(allowed, np.ndarray):
            return self.index.mask(allowed)
        if len(allowed) != self.index.size:
            raise ValueError(f"mask of {len(allowed)} for an index of {self.index.size}")
        return allowed
