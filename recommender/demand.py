"""From a demand to weighted terms: the row of numbers that is multiplied with the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.expansion import Added, added_terms, loans
from recommender.records import Query
from recommender.settings import Settings
from recommender.text import Tokenizer, jieba_words, kind_weights, normalise
from recommender.thesaurus import Thesaurus, talk

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lookup = Callable[[list[str]], tuple[Ints, Floats]]
"""Terms to their rows in the postings (-1: unknown) and their inverse document frequencies, the rarest being 1."""


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


def own_terms(query: Query, settings: Settings, tokenizer: Tokenizer = jieba_words) -> dict[str, float]:
    """The demand's own terms and their counts: a repetition adds less each time, the title counts more.

    Words of prose that only say that something is wanted count ``settings.talk`` of a word; in a list of keywords
    every word is meant.
    """
    counts: dict[str, float] = {}
    prose = [(query.title, settings.demand_title), (query.text, 1.0)]
    for part, weight in prose:
        for term, count in kind_weights(normalise(part), settings.kinds(), tokenizer, talk(), settings.talk).items():
            counts[term] = counts.get(term, 0.0) + weight * count
    for word in query.keywords:
        for term, count in kind_weights(normalise(word), settings.kinds(), tokenizer).items():
            counts[term] = counts.get(term, 0.0) + count
    return {term: count**settings.query_power for term, count in counts.items()}


def _added(
    query: Query,
    own: dict[str, float],
    text: str,
    settings: Settings,
    thesaurus: Thesaurus,
    lookup: Lookup,
    tokenizer: Tokenizer,
) -> list[Added]:
    prose = bool(query.title or query.text)
    part = settings.thesaurus if prose else settings.thesaurus_keywords
    asked = loans(text, thesaurus, settings, tokenizer) if part else []
    terms = list({term for loan in asked for term, _ in loan.target_terms})
    columns, idf = lookup(terms)
    rarity = {term: float(value) for term, column, value in zip(terms, columns, idf, strict=True) if column >= 0}
    power = settings.idf_power_text if prose else settings.idf_power_keywords
    return added_terms(asked, own, rarity, power, settings, part)


def demand_terms(
    query: Query, settings: Settings, thesaurus: Thesaurus, lookup: Lookup, tokenizer: Tokenizer = jieba_words
) -> DemandTerms:
    """All terms a demand asks for: its own, and what the thesaurus adds where the demand itself does not say it.

    A term the base has never seen weighs as the rarest one: what nobody offers cannot be covered.
    """
    counts = own_terms(query, settings, tokenizer)
    terms = list(counts)
    columns, rarity = lookup(terms)
    power = settings.idf_power_text if query.title or query.text else settings.idf_power_keywords
    weights = np.array(list(counts.values()), dtype=np.float64) * rarity**power
    own = dict(zip(terms, weights.tolist(), strict=True))
    text = normalise(whole_text(query))
    added = _added(query, own, text, settings, thesaurus, lookup, tokenizer)
    total = float(weights.sum()) or 1.0
    return DemandTerms(
        [*terms, *(one.term for one in added)],
        np.concatenate((columns, lookup([one.term for one in added])[0])),
        (np.array([*own.values(), *(one.weight for one in added)]) / total).astype(np.float32),
        [Origin("word", term, term) for term in terms] + [Origin("thesaurus", one.source, one.target) for one in added],
        text,
    )
