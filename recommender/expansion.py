"""What the thesaurus adds to a demand: patent words that borrow their weight from the plain words they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from recommender.settings import Settings
from recommender.text import Tokenizer, bags
from recommender.thesaurus import Thesaurus

Terms = tuple[tuple[str, float, int], ...]
"""Term, weight of its kinds, key."""
_KEPT_PHRASES = 1 << 16
_cut_before: dict[tuple[Settings, Tokenizer], dict[str, Terms]] = {}


class Loan(NamedTuple):
    """A plain word ``source`` found in a demand and one of its patent words ``target``, with the terms of both."""

    source: str
    target: str
    trust: float
    crowd: int
    source_terms: Terms
    target_terms: Terms


class Added(NamedTuple):
    """A term the demand does not hold itself, its weight, and the words of demand and patent it stands for."""

    term: str
    weight: float
    source: str
    target: str


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


def loans(texts: Iterable[str], thesaurus: Thesaurus, settings: Settings, tokenizer: Tokenizer) -> list[list[Loan]]:
    """For each normalised demand every pair of a plain word in it and a patent word that this may be met by."""
    found = [list(thesaurus.matches(text)) for text in texts]
    phrases = [phrase for row in found for one in row for phrase in (one.source, *(word for word, _ in one.targets))]
    terms = _phrase_terms(phrases, settings, tokenizer)
    return [
        [
            Loan(one.source, target, trust, len(one.targets), terms[one.source], terms[target])
            for one in row
            for target, trust in one.targets
        ]
        for row in found
    ]


def _share(loan: Loan, lent: float, total: float, rarest: float) -> float:
    """How much of the patent word's full weight the plain word pays for: at most its own weight, at most all of it."""
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
    lent: dict[str, float] = {}
    for loan in asked:
        if loan.source not in lent:
            lent[loan.source] = sum(own.get(term, 0.0) for term, _, _ in loan.source_terms)
        known = [(term, count, rarity[term]) for term, count, _ in loan.target_terms if term in rarity]
        total = sum(count * rare**power for _, count, rare in known)
        rarest = max((rare for _, _, rare in known), default=0.0) ** settings.thesaurus_rarity
        share = part * _share(loan, lent[loan.source], total, rarest) / loan.crowd**settings.thesaurus_crowd
        for term, count, rare in known:
            amount = count * rare**power * share
            if amount and term not in own and (term not in best or amount > best[term].weight):
                best[term] = Added(term, amount, loan.source, loan.target)
    return list(best.values())
