"""From a demand to weighted terms: the row of numbers that is multiplied with the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.records import Query
from recommender.settings import Settings
from recommender.text import (
    BIGRAM,
    LATIN,
    UNIGRAM,
    WORD,
    Array,
    Tokenizer,
    jieba_words,
    normalise,
    term_keys,
    term_spans,
    word_spans,
)
from recommender.thesaurus import Thesaurus

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Origin:
    """Where a term of the demand comes from: its own words (``source`` is the term) or an entry of the thesaurus."""

    feature: str
    source: str
    target: str


@dataclass(frozen=True)
class DemandTerms:
    """``terms`` (t,) as text with ``keys`` and ``counts`` (how often, weighted by kind and place), before any IDF.

    ``own`` (t,) tells the demand's own terms from those the thesaurus or answers added; ``text`` is the whole
    normalised demand.
    """

    terms: list[str]
    keys: Array
    counts: Floats
    own: npt.NDArray[np.bool_]
    origins: list[Origin]
    prose: bool
    text: str
    extra: Mapping[int, float] = field(default_factory=dict)


def whole_text(query: Query) -> str:
    """The normalised demand, one part per line: title, text, keywords."""
    return "\n".join(part for part in (query.title, query.text, *query.keywords) if part)


def _kind_weight(kind: int, is_word: bool, settings: Settings) -> float:
    if kind == BIGRAM:
        return settings.bigram if is_word else settings.cross_bigram
    return {UNIGRAM: settings.unigram, WORD: settings.word, LATIN: settings.latin}[kind]


def own_terms(query: Query, settings: Settings, tokenizer: Tokenizer = jieba_words) -> dict[str, float]:
    """The demand's own terms and their counts: a repetition adds less each time, the title counts more."""
    counts: dict[str, float] = {}
    parts = [(query.title, settings.demand_title), (query.text, 1.0), *((word, 1.0) for word in query.keywords)]
    for part, weight in parts:
        text = normalise(part)
        if not text:
            continue
        words = set(word_spans(text, tokenizer))
        spans = term_spans([text], tokenizer)
        for start, end, kind in zip(spans.starts.tolist(), spans.ends.tolist(), spans.kinds.tolist(), strict=True):
            amount = weight * _kind_weight(kind, (start, end) in words, settings)
            counts[text[start:end]] = counts.get(text[start:end], 0.0) + amount
    return {term: count**settings.query_power for term, count in counts.items() if count > 0}


def _thesaurus_terms(
    text: str,
    thesaurus: Thesaurus,
    settings: Settings,
    tokenizer: Tokenizer,
) -> dict[str, tuple[float, Origin]]:
    """Terms (no single characters) of every patent word that the thesaurus gives for words of the demand."""
    found: dict[str, tuple[float, Origin]] = {}
    for match in thesaurus.matches(text):
        for target, trust in match.targets:
            spans = term_spans([target], tokenizer)
            for start, end, kind in zip(spans.starts.tolist(), spans.ends.tolist(), spans.kinds.tolist(), strict=True):
                if kind == UNIGRAM and len(target) > 1:
                    continue
                term = target[start:end]
                amount = settings.thesaurus * trust
                if amount > found.get(term, (0.0, None))[0]:
                    found[term] = (amount, Origin("thesaurus", match.source, target))
    return found


def demand_terms(
    query: Query, settings: Settings, thesaurus: Thesaurus, tokenizer: Tokenizer = jieba_words
) -> DemandTerms:
    """All terms a demand asks for: its own, and what the thesaurus adds where the demand itself does not say it."""
    own = own_terms(query, settings, tokenizer)
    text = normalise(whole_text(query))
    added = _thesaurus_terms(text, thesaurus, settings, tokenizer) if settings.thesaurus else {}
    added = {term: value for term, value in added.items() if term not in own}
    terms = [*own, *added]
    counts = np.array([*own.values(), *(amount for amount, _ in added.values())], dtype=np.float64)
    origins = [Origin("word", term, term) for term in own] + [origin for _, origin in added.values()]
    is_own = np.arange(len(terms)) < len(own)
    return DemandTerms(terms, term_keys(terms), counts, is_own, origins, bool(query.title or query.text), text)
