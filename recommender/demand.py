"""From a demand to weighted terms: the row of numbers that is multiplied with the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.expansion import Known, Offer, Terms, added_terms, offers, phrase_terms
from recommender.records import Query
from recommender.settings import Settings
from recommender.text import Bag, Tokenizer, bags, jieba_words, normalise
from recommender.thesaurus import Found, Thesaurus, talk

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lookup = Callable[[list[int]], tuple[Ints, Floats]]
"""Keys of terms to their rows in the postings (-1: unknown) and their IDF, the rarest being 1."""


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


class _Reading:
    """What demands that are read together share: the terms of their thesaurus words, looked up once."""

    def __init__(self, words: Mapping[str, Terms], known: Known, settings: Settings) -> None:
        self.words, self.known, self.settings = words, known, settings
        self._offers: dict[tuple[str, str, bool], list[Offer]] = {}

    def _asked(self, found: Found, own: Mapping[str, float], prose: bool) -> tuple[Found, float, list[Offer]]:
        key = (found.source, found.feature, prose)
        if key not in self._offers:
            part = self.settings.thesaurus if prose else self.settings.thesaurus_keywords
            self._offers[key] = offers(found, self.words, self.known, self._power(prose), part, self.settings)
        lent = sum(own.get(term, 0.0) for term, _, _ in self.words[found.source])
        return found, lent, self._offers[key]

    def _power(self, prose: bool) -> float:
        return self.settings.idf_power_text if prose else self.settings.idf_power_keywords

    def weighed(self, query: Query, text: str, bag: Bag, found: list[Found]) -> DemandTerms:
        """A demand's terms from its own ``bag`` and the thesaurus' words ``found`` in it."""
        prose = bool(query.title or query.text)
        power = self._power(prose)
        own = {term: count * self.known[term][1] ** power for term, count in bag.weights.items()}
        added = added_terms((self._asked(one, own, prose) for one in found), own)
        total = sum(own.values()) or 1.0
        terms = [*own, *(one.term for one in added)]
        return DemandTerms(
            terms,
            np.array([self.known[term][0] for term in terms], dtype=np.int64),
            (np.array([*own.values(), *(one.weight for one in added)]) / total).astype(np.float32),
            [*([SAID] * len(own)), *(Origin(one.feature, one.source, one.target) for one in added)],
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
    found = [list(thesaurus.matches(text)) for text in texts]
    plain = {(one.source, one.feature): one for row in found for one in row}
    words = phrase_terms(plain.values(), settings, tokenizer)
    keys = {term: key for one in plain.values() for term, key in _keys_of(one, words)}
    for bag in bagged:
        keys |= bag.keys
    columns, idf = lookup(list(keys.values()))
    known = dict(zip(keys, zip(columns.tolist(), idf.tolist(), strict=True), strict=True))
    reading = _Reading(words, known, settings)
    return [reading.weighed(*one) for one in zip(queries, texts, bagged, found, strict=True)]


def _keys_of(found: Found, words: Mapping[str, Terms]) -> Iterator[tuple[str, int]]:
    return ((term, key) for target, _ in found.targets for term, _, key in words[target])
