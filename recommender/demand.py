"""From a demand to weighted terms: the row of numbers that is multiplied with the index.

Many demands are read together, as arrays over all their terms; words and origins are made only for those that ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.expansion import Borrowed, Kept, Loan, Lookup, Said, borrowed, loans
from recommender.product import Rows
from recommender.records import Query
from recommender.settings import Settings
from recommender.text import Array, TermSpans, Tokenizer, jieba_words, normalise, span_weights, term_spans
from recommender.thesaurus import Thesaurus, talk

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Origin(NamedTuple):
    """Where a term comes from: ``word`` (the demand says it, no more is said), ``thesaurus``, ``learned`` or
    ``feedback``, and which words of demand and patent."""

    feature: str
    source: str
    target: str


SAID = Origin("word", "", "")


@dataclass(frozen=True)
class DemandTerms:
    """``terms`` (t,) with their ``columns`` in the vocabulary (-1: unknown), ``weights`` and ``origins``.

    The weights of the demand's own terms, unknown ones included, add up to 1; ``text`` is the whole normalised demand.
    """

    terms: list[str]
    columns: Ints
    weights: npt.NDArray[np.float32]
    origins: list[Origin]
    text: str


class _Places(NamedTuple):
    """Every place of a term in demands: its demand, key, weight, and where it stands in ``joined``."""

    rows: Ints
    keys: Array
    weights: Floats
    starts: Ints
    ends: Ints
    joined: str


@dataclass(frozen=True)
class Reading:
    """Demands read together: ``own`` (their own terms) and ``lent`` (terms of the thesaurus), each in rising order of
    demand; weights are such that a demand's own ones add up to 1."""

    texts: list[str]
    joined: str
    own: tuple[Ints, Ints, Floats, Ints, Ints]
    """Rows, columns (-1: unknown), weights, starts and ends in ``joined``."""
    lent: Borrowed
    asked: list[Loan]

    def __len__(self) -> int:
        return len(self.texts)

    def rows(self) -> Rows:
        """All demands as rows of term weights, unknown terms left out."""
        rows, columns, weights = self.own[:3]
        columns = np.concatenate((columns, self.lent.columns))
        rows = np.concatenate((rows, self.lent.rows))
        weights = np.concatenate((weights, self.lent.amounts))
        known = np.flatnonzero(columns >= 0)
        order = known[np.lexsort((columns[known], rows[known]))]
        ends = np.searchsorted(rows[order], np.arange(len(self) + 1))
        return Rows(ends, columns[order], weights[order].astype(np.float32))

    def terms(self, row: int) -> DemandTerms:
        """One demand with its words and where they come from."""
        rows, columns, weights, starts, ends = self.own
        own = slice(*np.searchsorted(rows, [row, row + 1]).tolist())
        more = slice(*np.searchsorted(self.lent.rows, [row, row + 1]).tolist())
        said = [self.joined[start:end] for start, end in zip(starts[own].tolist(), ends[own].tolist(), strict=True)]
        added = [
            (self.asked[number], spot)
            for number, spot in zip(self.lent.asked[more].tolist(), self.lent.spots[more].tolist(), strict=True)
        ]
        return DemandTerms(
            [*said, *(loan.terms[spot] for loan, spot in added)],
            np.concatenate((columns[own], self.lent.columns[more])),
            np.concatenate((weights[own], self.lent.amounts[more])).astype(np.float32),
            [*([SAID] * len(said)), *(Origin(loan.feature, loan.source, loan.targets[spot]) for loan, spot in added)],
            self.texts[row],
        )


def whole_text(query: Query) -> str:
    """The demand as one text, one part per line: title, text, keywords."""
    return "\n".join(part for part in (query.title, query.text, *query.keywords) if part)


def _places(queries: Sequence[Query], settings: Settings, tokenizer: Tokenizer) -> _Places:
    """Each demand's own terms: the title counts more, and words of prose that only say that something is wanted count
    ``settings.talk`` of a word; in a list of keywords every word is meant."""
    prose = term_spans([normalise(part) for query in queries for part in (query.title, query.text)], tokenizer, talk())
    weights = span_weights(prose, settings.kinds(), settings.talk)
    weights[prose.rows % 2 == 0] *= settings.demand_title
    parts = [(prose, prose.rows // 2, weights, 0)]
    if any(query.keywords for query in queries):
        listed = term_spans([normalise(word) for query in queries for word in query.keywords], tokenizer)
        owners = np.repeat(np.arange(len(queries)), [len(query.keywords) for query in queries])
        parts.append((listed, owners[listed.rows], span_weights(listed, settings.kinds()), len(prose.joined)))
    return _joined(parts)


def _joined(parts: Sequence[tuple[TermSpans, Ints, Floats, int]]) -> _Places:
    kept = [np.flatnonzero(weights) for _, _, weights, _ in parts]
    columns = [
        (rows[keep], spans.keys[keep], weights[keep], spans.starts[keep] + shift, spans.ends[keep] + shift)
        for (spans, rows, weights, shift), keep in zip(parts, kept, strict=True)
    ]
    rows, keys, weights, starts, ends = (np.concatenate(column) for column in zip(*columns, strict=True))
    return _Places(rows, keys, weights, starts, ends, "".join(spans.joined for spans, *_ in parts))


def read_demands(
    queries: Sequence[Query],
    settings: Settings,
    thesaurus: Thesaurus,
    lookup: Lookup,
    tokenizer: Tokenizer = jieba_words,
    kept: Kept | None = None,
) -> Reading:
    """All terms each demand asks for: its own, and what the thesaurus adds where the demand itself does not say it.

    A repetition adds less each time. A term the base has never seen weighs as the rarest one: what nobody offers cannot
    be covered. ``kept`` holds loans of this index, settings and thesaurus from one reading to the next.
    """
    texts = [normalise(whole_text(query)) for query in queries]
    prose = np.array([bool(query.title or query.text) for query in queries], dtype=bool)
    places = _places(queries, settings, tokenizer)
    keys, own_keys = np.unique(places.keys, return_inverse=True)
    cells, firsts, group = np.unique(places.rows * len(keys) + own_keys, return_index=True, return_inverse=True)
    rows, ids = np.divmod(cells, max(len(keys), 1))
    columns, idf = lookup(keys)
    powers = np.where(prose, settings.idf_power_text, settings.idf_power_keywords)[rows]
    own = np.bincount(group, places.weights, minlength=len(cells)) ** settings.query_power * idf[ids] ** powers
    found = [(row, one) for row, text in enumerate(texts) for one in thesaurus.matches(text)]
    asked = loans([(one, bool(prose[row])) for row, one in found], lookup, settings, tokenizer,
                  {} if kept is None else kept)  # fmt: skip
    lent = borrowed(np.array([row for row, _ in found], dtype=np.int64), asked, Said(keys, cells, own))
    totals = np.bincount(rows, own, minlength=len(texts))
    totals[totals == 0] = 1.0
    order = np.lexsort((firsts, rows))
    starts, ends = places.starts[firsts[order]], places.ends[firsts[order]]
    return Reading(
        texts,
        places.joined,
        (rows[order], columns[ids[order]], (own / totals[rows])[order], starts, ends),
        lent._replace(amounts=lent.amounts / totals[lent.rows]),
        asked,
    )
