"""Learning from coded answers to one demand: Rocchio's move towards what was wanted and away from what was not.

Answers count only for the demand (or enterprise) that gave them, so one angry user cannot bend anybody else's ranking.
Rocchio, "Relevance feedback in information retrieval" (1971); here over words, with bounded parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from recommender.records import Document
from recommender.text import Tokenizer, bags, normalise

LIKED = 0.4
DISLIKED = 0.2
WORDS_READ = 25
_WORDS_ONLY = (0.0, 1.0, 0.0, 1.0, 1.0)
_SATURATION = 1.2
_TITLE = 2.0

Answers = Mapping[str, float]
"""Document id to -1..1: 1 it fits, 0 says nothing about the matter (too early, too expensive), -1 not our field."""
Rarity = Callable[[list[str]], Mapping[str, float]]
"""Terms to those the base knows, with their IDF in 0..1."""


@dataclass(frozen=True)
class Learned:
    """A word of answered documents and its weight, relative to a demand whose own weights add up to 1."""

    term: str
    weight: float


def telling_words(document: Document, rarity: Rarity, tokenizer: Tokenizer) -> dict[str, float]:
    """The most telling words of a document; their weights add up to 1."""
    title, abstract = normalise(document.title), normalise(document.abstract)
    in_title, in_abstract = bags([title, abstract], _WORDS_ONLY, tokenizer)
    counts = dict(in_abstract.weights)
    for term, count in in_title.weights.items():
        counts[term] = counts.get(term, 0.0) + _TITLE * count
    known = rarity(list(counts))
    weights = {term: counts[term] / (counts[term] + _SATURATION) * known[term] for term in known}
    kept = sorted(weights, key=lambda term: (-weights[term], term))[:WORDS_READ]
    total = sum(weights[term] for term in kept)
    return {term: weights[term] / total for term in kept} if total else {}


def learned(
    answered: Collection[tuple[Document, float]], own: Collection[str], rarity: Rarity, tokenizer: Tokenizer
) -> list[Learned]:
    """What the answers to a demand add to it and take from it; ``own`` are the demand's terms, never taken away.

    ``answered``: documents with their answer in -1..1. The wanted words add up to at most ``LIKED``, the unwanted
    ones to at most ``-DISLIKED``, however many answers there are.
    """
    sums: dict[str, float] = {}
    for sign, part in ((1, LIKED), (-1, -DISLIKED)):
        group = [(document, abs(answer)) for document, answer in answered if answer * sign > 0]
        for document, answer in group:
            for term, weight in telling_words(document, rarity, tokenizer).items():
                if sign > 0 or term not in own:
                    sums[term] = sums.get(term, 0.0) + part * float(np.clip(answer, 0, 1)) * weight / len(group)
    return [Learned(term, weight) for term, weight in sums.items() if weight]
