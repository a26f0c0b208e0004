"""From demands to weighted query terms: the rows of numbers that are multiplied with the index.

Many demands are read together, as arrays over all their terms. The words behind the numbers, and where they come from,
are only made for a demand whose result is explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.expansion import ExpandedTerms, Expansion, ExpansionCache, Lookup, OwnTerms, expand, expansions_of
from recommender.product import Rows
from recommender.records import Query
from recommender.settings import Settings
from recommender.stop_words import stop_words
from recommender.text import (
    Array,
    TermSpans,
    Tokenizer,
    jieba_words,
    normalise,
    normalise_all,
    span_weights,
    term_spans,
)
from recommender.thesaurus import Thesaurus

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Origin(NamedTuple):
    """Where a query term comes from: ``feature`` is ``word`` (the demand contains it; the other two are empty),
    ``thesaurus``, ``learned`` or ``feedback``; ``source`` and ``target`` are the words of demand and patent."""

    feature: str
    source: str
    target: str


OWN = Origin("word", "", "")


@dataclass(frozen=True)
class QueryTerms:
    """The ``terms`` (t,) one demand asks for, with their ``columns`` in the vocabulary (-1: unknown), ``weights`` and
    ``origins``; ``text`` is the whole normalised demand.

    The weights of the demand's own terms, unknown ones included, add up to 1.
    """

    terms: list[str]
    columns: Ints
    weights: npt.NDArray[np.float32]
    origins: list[Origin]
    text: str


class _Occurrences(NamedTuple):
    """Every occurrence of a term in demands: row of the demand, key, weight, start and end in the text ``joined``."""

    rows: Ints
    keys: Array
    weights: Floats
    starts: Ints
    ends: Ints
    joined: str


class _Own(NamedTuple):
    """The demands' own terms, by demand: ``columns`` in the vocabulary (-1: unknown), ``weights``, and where in the
    joined text each one first occurs."""

    rows: Ints
    columns: Ints
    weights: Floats
    starts: Ints
    ends: Ints


@dataclass(frozen=True)
class Reading:
    """Demands read together: their ``own`` terms and the ``expanded`` ones, each in rising order of the demands.

    ``texts`` are the normalised demands, ``joined`` the text that ``own`` points into, ``expansions`` those that
    ``expanded`` refers to. The weights of a demand's own terms add up to 1.
    """

    texts: list[str]
    joined: str
    own: _Own
    expanded: ExpandedTerms
    expansions: list[Expansion]

    def __len__(self) -> int:
        return len(self.texts)

    def rows(self) -> Rows:
        """All demands as rows of term weights; terms that the vocabulary lacks are left out."""
        columns = np.concatenate((self.own.columns, self.expanded.columns))
        rows = np.concatenate((self.own.rows, self.expanded.rows))
        weights = np.concatenate((self.own.weights, self.expanded.weights))
        known = np.flatnonzero(columns >= 0)
        order = known[np.lexsort((columns[known], rows[known]))]
        ends = np.searchsorted(rows[order], np.arange(len(self) + 1))
        return Rows(ends, columns[order], weights[order].astype(np.float32))

    def terms(self, row: int) -> QueryTerms:
        """The terms of one demand with their words and origins."""
        own, expanded = self.own, self.expanded
        mine = slice(*np.searchsorted(own.rows, [row, row + 1]).tolist())
        more = slice(*np.searchsorted(expanded.rows, [row, row + 1]).tolist())
        spans = zip(own.starts[mine].tolist(), own.ends[mine].tolist(), strict=True)
        words = [self.joined[start:end] for start, end in spans]
        numbers = zip(expanded.sources[more].tolist(), expanded.positions[more].tolist(), strict=True)
        added = [(self.expansions[source], place) for source, place in numbers]
        return QueryTerms(
            [*words, *(one.terms[place] for one, place in added)],
            np.concatenate((own.columns[mine], expanded.columns[more])),
            np.concatenate((own.weights[mine], expanded.weights[more])).astype(np.float32),
            [*([OWN] * len(words)), *(Origin(one.feature, one.source, one.targets[place]) for one, place in added)],
            self.texts[row],
        )


def whole_text(query: Query) -> str:
    """The demand as one text, one part per line: title, text, keywords."""
    return "\n".join(part for part in (query.title, query.text, *query.keywords) if part)


def _occurrences(queries: Sequence[Query], settings: Settings, tokenizer: Tokenizer) -> _Occurrences:
    """The terms of each demand. The title counts more than the text; stop words count ``settings.stop_word_weight``
    in prose, while in a list of keywords every word is meant."""
    prose = term_spans(
        normalise_all([part for query in queries for part in (query.title, query.text)]), tokenizer, stop_words()
    )
    weights = span_weights(prose, settings.kinds(), settings.stop_word_weight)
    weights[prose.rows % 2 == 0] *= settings.demand_title
    parts = [(prose, prose.rows // 2, weights, 0)]
    if any(query.keywords for query in queries):
        listed = term_spans([normalise(word) for query in queries for word in query.keywords], tokenizer)
        owners = np.repeat(np.arange(len(queries)), [len(query.keywords) for query in queries])
        parts.append((listed, owners[listed.rows], span_weights(listed, settings.kinds()), len(prose.joined)))
    return _joined(parts)


def _joined(parts: Sequence[tuple[TermSpans, Ints, Floats, int]]) -> _Occurrences:
    """Spans with their demands, weights and offset in the joined text as one table, without those of weight 0."""
    kept = [np.flatnonzero(weights) for _, _, weights, _ in parts]
    columns = [
        (rows[keep], spans.keys[keep], weights[keep], spans.starts[keep] + shift, spans.ends[keep] + shift)
        for (spans, rows, weights, shift), keep in zip(parts, kept, strict=True)
    ]
    rows, keys, weights, starts, ends = (np.concatenate(column) for column in zip(*columns, strict=True))
    return _Occurrences(rows, keys, weights, starts, ends, "".join(spans.joined for spans, *_ in parts))


def read_demands(
    queries: Sequence[Query],
    settings: Settings,
    thesaurus: Thesaurus,
    lookup: Lookup,
    tokenizer: Tokenizer = jieba_words,
    cache: ExpansionCache | None = None,
) -> Reading:
    """The query terms of demands: their own, and those of the thesaurus that the demand does not contain.

    The second occurrence of a term adds less than the first. A term that the base lacks weighs as the rarest one,
    because a demand for something nobody offers must not count as covered. ``cache`` keeps the expansions of this
    index, settings and thesaurus from one call to the next.
    """
    texts = [normalise(whole_text(query)) for query in queries]
    prose = np.array([bool(query.title or query.text) for query in queries], dtype=bool)
    found = _occurrences(queries, settings, tokenizer)
    own, rows, columns, firsts = _weighed(found, prose, lookup, settings)
    plain = [(row, word) for row, text in enumerate(texts) for word in thesaurus.matches(text)]
    expansions = expansions_of([(word, bool(prose[row])) for row, word in plain], lookup, settings, tokenizer,
                               {} if cache is None else cache)  # fmt: skip
    expanded = expand(np.array([row for row, _ in plain], dtype=np.int64), expansions, own)
    totals = np.bincount(rows, own.weights, minlength=len(texts))
    totals[totals == 0] = 1.0
    order = np.lexsort((firsts, rows))  # within a demand in the order of first occurrence
    starts, ends = found.starts[firsts[order]], found.ends[firsts[order]]
    return Reading(
        texts,
        found.joined,
        _Own(rows[order], columns[order], (own.weights / totals[rows])[order], starts, ends),
        expanded._replace(weights=expanded.weights / totals[expanded.rows]),
        expansions,
    )


def _weighed(
    found: _Occurrences, prose: npt.NDArray[np.bool_], lookup: Lookup, settings: Settings
) -> tuple[OwnTerms, Ints, Ints, Ints]:
    """The demands' own terms with their weights; and of each of these (c,) its demand, its column in the vocabulary
    (-1: unknown) and the number of its first occurrence. ``prose`` says which demands have more than keywords."""
    keys, key_numbers = np.unique(found.keys, return_inverse=True)
    # one cell for each distinct pair of demand and term; ``group`` is the cell of each occurrence
    cells, firsts, group = np.unique(found.rows * len(keys) + key_numbers, return_index=True, return_inverse=True)
    rows, terms = np.divmod(cells, max(len(keys), 1))
    columns, idf = lookup(keys)
    powers = np.where(prose, settings.idf_power_text, settings.idf_power_keywords)[rows]
    weights = np.bincount(group, found.weights, minlength=len(cells)) ** settings.query_power * idf[terms] ** powers
    return OwnTerms(keys, cells, weights), rows, columns[terms], firsts
