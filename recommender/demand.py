"""From a demand to weighted terms: the row of numbers that is multiplied with the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.expansion import added_terms, loans
from recommender.records import Query
from recommender.settings import Settings
from recommender.text import Bag, Tokenizer, bags, jieba_words, normalise
from recommender.thesaurus import Thesaurus, talk

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lookup = Callable[[list[int]], tuple[Ints, Floats]]
"""Keys of terms to their rows in the postings (-1: unknown) and their IDF, the rarest being 1."""


@dataclass(frozen=True)
class Origin:
    """Where a term comes from: ``word`` (the demand says it) or ``thesaurus``, and which words of demand and patent."""

    feature: str
    source: str
    target: str


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


def own_terms(query: Query, settings: Settings, tokenizer: Tokenizer = jieba_words) -> Bag:
    """The demand's own terms and their counts: a repetition adds less each time, the title counts more.

    Words of prose that only say that something is wanted count ``settings.talk`` of a word; in a list of keywords
    every word is meant.
    """
    prose = bags([normalise(query.title), normalise(query.text)], settings.kinds(), tokenizer, talk(), settings.talk)
    listed = bags([normalise(word) for word in query.keywords], settings.kinds(), tokenizer) if query.keywords else []
    counts: dict[str, float] = {}
    keys: dict[str, int] = {}
    for bag, weight in zip((*prose, *listed), (settings.demand_title, 1.0, *(1.0 for _ in listed)), strict=True):
        keys |= bag.keys
        for term, count in bag.weights.items():
            counts[term] = counts.get(term, 0.0) + weight * count
    return Bag({term: count**settings.query_power for term, count in counts.items()}, keys)


def demand_terms(
    query: Query, settings: Settings, thesaurus: Thesaurus, lookup: Lookup, tokenizer: Tokenizer = jieba_words
) -> DemandTerms:
    """All terms a demand asks for: its own, and what the thesaurus adds where the demand itself does not say it.

    A term the base has never seen weighs as the rarest one: what nobody offers cannot be covered.
    """
    prose = bool(query.title or query.text)
    power = settings.idf_power_text if prose else settings.idf_power_keywords
    part = settings.thesaurus if prose else settings.thesaurus_keywords
    text = normalise(whole_text(query))
    bag = own_terms(query, settings, tokenizer)
    asked = loans(text, thesaurus, settings, tokenizer) if part else []
    keys = bag.keys | {term: key for loan in asked for term, _, key in loan.target_terms}
    columns, idf = lookup(list(keys.values()))
    column_of = dict(zip(keys, columns.tolist(), strict=True))
    rarity = dict(zip(keys, idf.tolist(), strict=True))
    own = {term: count * rarity[term] ** power for term, count in bag.weights.items()}
    known = {term: value for term, value in rarity.items() if column_of[term] >= 0}
    added = added_terms(asked, own, known, power, settings, part)
    total = sum(own.values()) or 1.0
    terms = [*own, *(one.term for one in added)]
    return DemandTerms(
        terms,
        np.array([column_of[term] for term in terms], dtype=np.int64),
        (np.array([*own.values(), *(one.weight for one in added)]) / total).astype(np.float32),
        [Origin("word", term, term) for term in own] + [Origin("thesaurus", one.source, one.target) for one in added],
        text,
    )
