"""Further words for whoever posts or refines a demand: from the thesaurus, and from the patents it finds so far."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.index import Index
from recommender.ranking import rarity, understand
from recommender.records import Query
from recommender.text import normalise, word_spans

READ = 20
LEAST_DOCUMENTS = 2


@dataclass(frozen=True)
class Suggestion:
    """A word to offer: ``source`` is ``thesaurus`` or ``patents``, ``weight`` orders words of one source (0..1),
    ``because`` names the demand's own word (thesaurus) or the id of the patent that says it first."""

    word: str
    source: str
    weight: float
    because: str


def _from_patents(index: Index, query: Query, said: str) -> list[Suggestion]:
    """Words of the best patents that the demand does not say, by the scores of those patents and the words' rarity."""
    scores: dict[str, float] = {}
    first: dict[str, list[str]] = {}
    for hit in index.search(query, READ):
        document = index.document(hit.document_id)
        text = normalise(f"{document.title}\n{document.abstract}")
        for word in {text[start:end] for start, end in word_spans(text, index.tokenizer)}:
            if len(word) > 1 and not word.isascii() and word not in said:
                scores[word] = scores.get(word, 0.0) + hit.score
                first.setdefault(word, []).append(hit.document_id)
    known = rarity(index, [word for word, documents in first.items() if len(documents) >= LEAST_DOCUMENTS])
    weights = {word: scores[word] * idf**2 for word, idf in known.items()}
    highest = max(weights.values(), default=1.0) or 1.0
    return [Suggestion(word, "patents", weight / highest, first[word][0]) for word, weight in weights.items()]


def suggest_terms(index: Index, query: Query, top: int = 8) -> list[Suggestion]:
    """Up to ``top`` words that may be added to a demand, the thesaurus' first; only words the base really holds."""
    terms = understand(index, query)
    known = {term for term, column in zip(terms.terms, terms.columns, strict=True) if column >= 0}
    offered: dict[str, Suggestion] = {}
    for found in index.thesaurus.matches(terms.text):
        for word, trust in found.targets:
            if word not in terms.text and word in known:
                offered.setdefault(word, Suggestion(word, "thesaurus", trust, found.source))
    chips = sorted(offered.values(), key=lambda suggestion: -suggestion.weight)[: max(1, top // 2)]
    others = sorted(
        _from_patents(index, query, terms.text), key=lambda suggestion: (-suggestion.weight, suggestion.word)
    )
    return (chips + [other for other in others if other.word not in offered])[:top]
