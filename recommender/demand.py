"""From a demand to weighted terms: the row of numbers that is multiplied with the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.expansion import Loan, added_terms, loans
from recommender.records import Query
from recommender.settings import Settings
from recommender.text import Bag, Tokenizer, bags, jieba_words, normalise
from recommender.thesaurus import Thesaurus, talk

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Rows = dict[str, tuple[int, float]]
Lookup = Callable[[list[int]], tuple[Ints, Floats]]
"""Keys of terms to their rows in the postings (-1: unknown) and their IDF, the rarest being 1."""


class Origin(NamedTuple):
    """Where a term comes from: ``word`` (the demand says it, no more is said), ``thesaurus`` or ``feedback``, and which
    words of demand and patent."""

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


def whole_text(query: Query) -> str:
    """The demand as one text, one part per line: title, text, keywords."""
    return "\n".join(part for part in (query.title, query.text, *query.keywords) if part)


def _summed(parts: Iterator[tuple[Bag, float]], power: float) -> Bag:
    counts: dict[str, float] = {}
    keys: dict[str, int] = {}
    for bag, weight in parts:
        keys |= bag.keys
        for term, count in bag.weights.items():
            counts[term] = counts.get(term, 0.0) + weight * count
    return Bag({term: count**power for term, count in counts.items()}, keys)


def own_terms(queries: Sequence[Query], settings: Settings, tokenizer: Tokenizer = jieba_words) -> list[Bag]:
    """Each demand's own terms and their counts: a repetition adds less each time, the title counts more.

    Words of prose that only say that something is wanted count ``settings.talk`` of a word; in a list of keywords
    every word is meant.
    """
    parts = [normalise(part) for query in queries for part in (query.title, query.text)]
    words = [normalise(word) for query in queries for word in query.keywords]
    prose = iter(bags(parts, settings.kinds(), tokenizer, talk(), settings.talk))
    listed = iter(bags(words, settings.kinds(), tokenizer) if words else ())
    found = []
    for query in queries:
        own = [*islice(prose, 2), *islice(listed, len(query.keywords))]
        weights = (settings.demand_title, *(1.0 for _ in own[1:]))
        found.append(_summed(zip(own, weights, strict=True), settings.query_power))
    return found


def _weighed(query: Query, text: str, bag: Bag, asked: list[Loan], found: Rows, settings: Settings) -> DemandTerms:
    """A demand's terms from its own ``bag`` and its ``asked`` loans; ``found``: column and rarity by term."""
    prose = bool(query.title or query.text)
    power = settings.idf_power_text if prose else settings.idf_power_keywords
    part = settings.thesaurus if prose else settings.thesaurus_keywords
    own = {term: count * found[term][1] ** power for term, count in bag.weights.items()}
    known = {term: rarity for term, (column, rarity) in found.items() if column >= 0}
    added = added_terms(asked, own, known, power, settings, part) if part else []
    total = sum(own.values()) or 1.0
    terms = [*own, *(one.term for one in added)]
    return DemandTerms(
        terms,
        np.array([found[term][0] for term in terms], dtype=np.int64),
        (np.array([*own.values(), *(one.weight for one in added)]) / total).astype(np.float32),
        [*([SAID] * len(own)), *(Origin("thesaurus", one.source, one.target) for one in added)],
        text,
    )


def demand_terms(
    queries: Sequence[Query],
    settings: Settings,
    thesaurus: Thesaurus,
    lookup: Lookup,
    tokenizer: Tokenizer = jieba_words,
) -> list[DemandTerms]:
    """All terms each demand asks for: its own, and what the thesaurus adds where the demand itself does not say it.

    A term the base has never seen weighs as the rarest one: what nobody offers cannot be covered. Many demands are
    read together: cutting and looking up cost far less a demand then.
    """
    texts = [normalise(whole_text(query)) for query in queries]
    bagged = own_terms(queries, settings, tokenizer)
    asked = loans(texts, thesaurus, settings, tokenizer)
    keys = [
        bag.keys | {term: key for loan in mine for term, _, key in loan.target_terms}
        for bag, mine in zip(bagged, asked, strict=True)
    ]
    columns, idf = lookup([key for mine in keys for key in mine.values()])
    rows = zip(columns.tolist(), idf.tolist(), strict=True)
    return [
        _weighed(query, text, bag, mine, dict(zip(own, islice(rows, len(own)), strict=True)), settings)
        for query, text, bag, mine, own in zip(queries, texts, bagged, asked, keys, strict=True)
    ]
