"""Relevance feedback: coded answers to a demand move it towards patents that were wanted and away from the others.

Answers change only the demand (or enterprise) that gave them, so one angry user cannot change anybody else's ranking.
Source: Rocchio, "Relevance feedback in information retrieval" (1971); here over words, with bounded sums.
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
_MOST_KEPT = 4000  # documents whose words are kept
_TITLE = 2.0

Feedback = Mapping[str, float]
"""Document id to -1..1: 1 fits, 0 says nothing about the subject (too early, too expensive), -1 not our field."""
WordsKept = dict[str, Mapping[str, float]]
"""From the id of a document to its characteristic words, for documents of one index."""
Rarity = Callable[[list[str]], Mapping[str, float]]
"""From terms to those that the base knows, with their IDF in 0..1."""


@dataclass(frozen=True)
class FeedbackTerm:
    """A word of answered documents and its weight beside a demand's own terms, whose weights add up to 1."""

    term: str
    weight: float


def characteristic_words(document: Document, rarity: Rarity, tokenizer: Tokenizer) -> dict[str, float]:
    """The ``WORDS_READ`` words that weigh most in a document (saturated counts times rarity), adding up to 1."""
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


def feedback_terms(
    answered: Collection[tuple[Document, float]],
    own: Collection[str],
    rarity: Rarity,
    tokenizer: Tokenizer,
    known: WordsKept | None = None,
) -> list[FeedbackTerm]:
    """The terms that answers add to a demand (weight above 0) and take away from it (below 0).

    ``answered``: documents with their answer in -1..1; ``own``: the demand's own terms, which are never taken away.
    Added weights come to at most ``LIKED`` and the others to at least ``-DISLIKED``, however many answers there are.
    ``known`` keeps the words of documents of one index: to cut them takes most of the time.
    """
    known = {} if known is None else known
    sums: dict[str, float] = {}
    for sign, part in ((1, LIKED), (-1, -DISLIKED)):
        group = [(document, abs(answer)) for document, answer in answered if answer * sign > 0]
        for document, answer in group:
            for term, weight in _words(document, rarity, tokenizer, known).items():
                if sign > 0 or term not in own:
                    sums[term] = sums.get(term, 0.0) + part * float(np.clip(answer, 0, 1)) * weight / len(group)
    return [FeedbackTerm(term, weight) for term, weight in sums.items() if weight]


def _words(document: Document, rarity: Rarity, tokenizer: Tokenizer, known: WordsKept) -> Mapping[str, float]:
    found = known.get(document.id)
    if found is None:
        if len(known) >= _MOST_KEPT:
            known.clear()
        found = known[document.id] = characteristic_words(document, rarity, tokenizer)
    return found
