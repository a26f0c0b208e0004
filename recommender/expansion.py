"""What the thesaurus adds to a demand: patent words that borrow their weight from the plain words they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from recommender.settings import Settings
from recommender.text import Tokenizer, bags
from recommender.thesaurus import Thesaurus

Terms = tuple[tuple[str, float, int], ...]
"""Term, weight of its kinds, key."""


@dataclass(frozen=True)
class Loan:
    """A plain word ``source`` found in a demand and one of its patent words ``target``, with the terms of both."""

    source: str
    target: str
    trust: float
    crowd: int
    source_terms: Terms
    target_terms: Terms


@dataclass(frozen=True)
class Added:
    """A term the demand does not hold itself, its weight, and the words of demand and patent it stands for."""

    term: str
    weight: float
    source: str
    target: str


@lru_cache(maxsize=1 << 16)
def _phrase_terms(phrase: str, settings: Settings, tokenizer: Tokenizer) -> Terms:
    bag = bags([phrase], settings.kinds(), tokenizer)[0]
    return tuple((term, weight, bag.keys[term]) for term, weight in bag.weights.items())


def loans(text: str, thesaurus: Thesaurus, settings: Settings, tokenizer: Tokenizer) -> list[Loan]:
    """Every pair of a plain word in a normalised demand and a patent word it may be met by."""
    return [
        Loan(
            found.source,
            target,
            trust,
            len(found.targets),
            _phrase_terms(found.source, settings, tokenizer),
            _phrase_terms(target, settings, tokenizer),
        )
        for found in thesaurus.matches(text)
        for target, trust in found.targets
    ]


def _share(loan: Loan, own: Mapping[str, float], weights: Mapping[str, float], rarest: float) -> float:
    """How much of the patent word's full weight the plain word pays for: at most its own weight, at most all of it."""
    total = sum(weights[term] for term, _, _ in loan.target_terms)
    lent = sum(own.get(term, 0.0) for term, _, _ in loan.source_terms)
    return loan.trust * rarest * min(lent, total) / total if total else 0.0


def added_terms(
    asked: list[Loan],
    own: Mapping[str, float],
    rarity: Mapping[str, float],
    power: float,
    settings: Settings,
    part: float,
) -> list[Added]:
    """The terms that ``asked`` adds to those the demand has (``own``: weights before they are made to add up to 1).

    ``rarity`` holds the terms the base knows with their IDF in 0..1; ``part`` is the share of its own weight that a
    plain word lends to each patent word: less where there are many of them and where they are common in the base.
    A term borrowed twice takes the larger loan.
    """
    best: dict[str, Added] = {}
    for loan in asked:
        known = {term: count * rarity.get(term, 0.0) ** power for term, count, _ in loan.target_terms}
        rarest = max((rarity.get(term, 0.0) for term in known), default=0.0) ** settings.thesaurus_rarity
        share = part * _share(loan, own, known, rarest) / loan.crowd**settings.thesaurus_crowd
        for term, weight in known.items():
            amount = weight * share
            if amount and term not in own and (term not in best or amount > best[term].weight):
                best[term] = Added(term, amount, loan.source, loan.target)
    return list(best.values())
