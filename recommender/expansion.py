"""What the thesaurus adds to a demand: patent words that borrow their weight from the plain words they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from recommender.settings import Settings
from recommender.text import Tokenizer, bags
from recommender.thesaurus import Found

Terms = tuple[tuple[str, float, int], ...]
"""Term, weight of its kinds, key."""
_KEPT_PHRASES = 1 << 16
_CLEARLY_MORE = 1 + 1e-9  # of loans that only rounding tells apart the thesaurus' first one is named
_cut_before: dict[tuple[Settings, Tokenizer], dict[str, Terms]] = {}


Known = Mapping[str, tuple[int, float]]
"""Terms with their column (-1: the base does not know it) and their IDF in 0..1."""


class Offer(NamedTuple):
    """One patent word ``target`` of a plain word: its ``terms`` with the weights they would have if the demand said
    them, ``total`` of these, and ``rate``, the share of a plain word's own weight that it may borrow."""

    target: str
    rate: float
    total: float
    terms: tuple[tuple[str, float], ...]


class Added(NamedTuple):
    """A term the demand does not hold itself, its weight, and the words of demand and patent it stands for.

    ``feature``: ``thesaurus`` or ``learned``.
    """

    term: str
    weight: float
    source: str
    target: str
    feature: str


def _phrase_terms(phrases: Iterable[str], settings: Settings, tokenizer: Tokenizer) -> Mapping[str, Terms]:
    """The terms of thesaurus words at least, cut together and once a process: most demands ask for the same ones."""
    known = _cut_before.setdefault((settings, tokenizer), {})
    fresh = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
    if len(known) + len(fresh) > _KEPT_PHRASES:
        # a fresh one, since other threads may still read the full one
        known = _cut_before[settings, tokenizer] = {}
        fresh = list(dict.fromkeys(phrases))
    for phrase, bag in zip(fresh, bags(fresh, settings.kinds(), tokenizer) if fresh else (), strict=True):
        known[phrase] = tuple((term, weight, bag.keys[term]) for term, weight in bag.weights.items())
    return known


def phrase_terms(found: Iterable[Found], settings: Settings, tokenizer: Tokenizer) -> Mapping[str, Terms]:
    """The terms of all plain words found and of their patent words, by word."""
    words = [word for one in found for word in (one.source, *(target for target, _ in one.targets))]
    return _phrase_terms(words, settings, tokenizer)


def offers(
    found: Found, words: Mapping[str, Terms], known: Known, power: float, part: float, settings: Settings
) -> list[Offer]:
    """What a plain word can be met by: the rate is ``part`` of its own weight, less where there are many patent words
    and where they are common in the base."""
    made = []
    for target, trust in found.targets:
        rare = [(term, count, known[term][1]) for term, count, _ in words[target] if known[term][0] >= 0]
        weights = tuple((term, count * rarity**power) for term, count, rarity in rare)
        rarest = max((rarity for _, _, rarity in rare), default=0.0) ** settings.thesaurus_rarity
        rate = part * trust * rarest / len(found.targets) ** settings.thesaurus_crowd
        if total := sum(weight for _, weight in weights):
            made.append(Offer(target, rate, total, weights))
    return made


def added_terms(asked: Iterable[tuple[Found, float, list[Offer]]], own: Mapping[str, float]) -> list[Added]:
    """The terms that plain words add to those a demand has (``own``: weights before they are made to add up to 1).

    ``asked``: plain words with the own weight that they can lend and their offers. A patent word borrows at most that
    and never more than its full weight; a term borrowed twice takes the larger loan.
    """
    best: dict[str, Added] = {}
    for found, lent, offered in asked:
        for offer in offered:
            share = offer.rate * min(lent, offer.total) / offer.total
            for term, weight in offer.terms:
                amount = weight * share
                if amount and term not in own and (term not in best or amount > _CLEARLY_MORE * best[term].weight):
                    best[term] = Added(term, amount, found.source, offer.target, found.feature)
    return list(best.values())
