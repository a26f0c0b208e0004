"""Words to add to a demand that is being written or refined: from the thesaurus, and from the patents found so far."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.matcher import Matcher
from recommender.records import Query
from recommender.stop_words import stop_words, vague_words
from recommender.text import normalise, tagged_words

READ = 20
LEAST_DOCUMENTS = 2
_NOUNS = ("n", "nz", "vn")


@dataclass(frozen=True)
class Suggestion:
    """A word to offer: ``source`` is ``thesaurus`` or ``patents``, ``weight`` (0..1) orders words of one source,
    ``because`` is the demand's own word (thesaurus) or the id of the best patent that holds it."""

    word: str
    source: str
    weight: float
    because: str


def _from_patents(matcher: Matcher, query: Query, demand_text: str) -> list[Suggestion]:
    """Words of the best patents that the demand lacks, weighed by the scores of those patents and by their rarity."""
    scores: dict[str, float] = {}
    holders: dict[str, list[str]] = {}
    for hit in matcher.search(query, READ):
        document = matcher.index.document(hit.document_id)
        for word in _trade_words(matcher, normalise(document.title), normalise(document.abstract)):
            if word not in demand_text:
                scores[word] = scores.get(word, 0.0) + hit.score
                holders.setdefault(word, []).append(hit.document_id)
    known = matcher.index.rarity([word for word, documents in holders.items() if len(documents) >= LEAST_DOCUMENTS])
    weights = {word: scores[word] * idf**2 for word, idf in known.items()}
    highest = max(weights.values(), default=1.0) or 1.0
    return [Suggestion(word, "patents", weight / highest, holders[word][0]) for word, weight in weights.items()]


def _trade_words(matcher: Matcher, title: str, abstract: str) -> set[str]:
    """Words of a patent that belong to a trade: those that the thesaurus knows, and nouns of the title."""
    known = {word for word, _ in tagged_words(f"{title}\n{abstract}") if matcher.thesaurus.role_of(word)}
    nouns = {word for word, kind in tagged_words(title) if kind in _NOUNS}
    hollow = stop_words() | vague_words()
    return {word for word in known | nouns if len(word) > 1 and not word.isascii() and word not in hollow}


def suggest_terms(matcher: Matcher, query: Query, top: int = 8) -> list[Suggestion]:
    """Up to ``top`` words to add to a demand, only such as the base holds; those of the thesaurus come first."""
    terms = matcher.query_terms(query)
    known = {term for term, column in zip(terms.terms, terms.columns, strict=True) if column >= 0}
    offered: dict[str, Suggestion] = {}
    for found in matcher.thesaurus.matches(terms.text):
        for word, trust in found.targets:
            if word not in terms.text and word in known and word not in vague_words():
                offered.setdefault(word, Suggestion(word, "thesaurus", trust, found.source))
    from_thesaurus = sorted(offered.values(), key=lambda suggestion: -suggestion.weight)[: max(1, top // 2)]
    others = sorted(
        _from_patents(matcher, query, terms.text), key=lambda suggestion: (-suggestion.weight, suggestion.word)
    )
    return (from_thesaurus + [other for other in others if other.word not in offered])[:top]
