"""Free search: patents that hold typed words put in order by the matcher's index, and what is near where none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recommender import Hit, Index, Query

_RANKED = 2_000
_NEAR = 20
_LEAST_NEAR = 0.4
"""Part of the score that whole words must bring: a patent that only shares characters is not near."""


def by_relevance(index: Index, words: Sequence[str], ids: Sequence[int]) -> list[int]:
    """The same ids, those that say most of the words first; what is not among the best 2,000 keeps its order behind."""
    wanted = set(ids)
    ranked = (int(key) for _, key, _ in index.match([Query("", "", "", tuple(words))], _RANKED))
    return list(dict.fromkeys([*(key for key in ranked if key in wanted), *ids]))


def near_ids(index: Index, words: Sequence[str], allowed: Iterable[int] | None = None) -> list[int]:
    """Ids of patents that say part of it or the same in other words (thesaurus), best first; only ``allowed`` ones."""
    mask = None if allowed is None else index.mask(str(key) for key in allowed)
    hits = index.search(Query("", "", " ".join(words)), _NEAR, mask)
    return [int(hit.document_id) for hit in hits if _by_words(hit) >= _LEAST_NEAR]


def _by_words(hit: Hit) -> float:
    whole = (each for each in hit.reasons if each.feature in ("word", "thesaurus") and len(each.patent_text) > 1)
    return sum(each.weight for each in whole)
