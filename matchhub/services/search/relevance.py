"""Free search: records that hold typed words put in order by an index of words and character grams, and what is near
where none does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from recommender import Hit, Matcher, Query
from recommender.text import normalise, word_spans

_RANKED = 2_000
_NEAR = 20
_SYNONYMS = 4
_LEAST_NEAR = 0.4
"""What whole words must bring of the saturated coverage: a record that only shares characters is not near."""


def by_relevance(matcher: Matcher, words: Sequence[str], ids: Sequence[int]) -> list[int]:
    """The same ids, those that say most of the words first; what is not among the best 2,000 keeps its order behind."""
    among = matcher.index.mask(str(key) for key in ids)
    ranked = (int(key) for _, key, _ in matcher.match([Query("", "", "", tuple(words))], _RANKED, among))
    return list(dict.fromkeys([*ranked, *ids]))


def near_ids(matcher: Matcher, words: Sequence[str], allowed: Iterable[int] | None = None) -> list[int]:
    """Ids of records that say part of it or the same in other words (thesaurus), best first; only ``allowed`` ones."""
    mask = None if allowed is None else matcher.index.mask(str(key) for key in allowed)
    hits = matcher.search(Query("", "", " ".join(words)), _NEAR, mask)
    return [int(hit.document_id) for hit in hits if _by_words(hit) >= _LEAST_NEAR]


def _by_words(hit: Hit) -> float:
    whole = (each for each in hit.reasons if each.feature in ("word", "thesaurus") and len(each.patent_text) > 1)
    part = sum(each.weight for each in whole) / hit.score if hit.score else 0.0
    return -math.expm1(-4 * hit.coverage) * part


def same_in_other_words(matcher: Matcher, word: str) -> tuple[str, ...]:
    """A typed word and what the thesaurus knows for the whole of it, the most trusted first."""
    typed = normalise(word)
    known = matcher.thesaurus.meanings.get(typed, {})
    return (word, *sorted(known, key=lambda target: -known[target])[:_SYNONYMS])


def other_words(matcher: Matcher, words: Sequence[str]) -> list[str]:
    """Words to try instead, likeliest first: what the trade or the patents call it, then the words inside what was
    typed; nothing that was typed itself, unless as one of several words."""
    typed = [normalise(word) for word in words]
    found = sorted(
        ((trust, target) for one in matcher.thesaurus.matches(" ".join(typed)) for target, trust in one.targets),
        key=lambda pair: -pair[0],
    )
    offered = [target for _, target in found]
    offered += [plain for plain, known in matcher.thesaurus.meanings.items() if any(word in known for word in typed)]
    if len(typed) > 1:
        offered += typed
    for word in typed:
        pieces = [word[start:end] for start, end in word_spans(word, matcher.index.tokenizer)]
        offered += sorted((piece for piece in pieces if len(piece) > 1), key=len, reverse=True)
    alone = typed[0] if len(typed) == 1 else None
    return [word for word in dict.fromkeys(offered) if word != alone and len(word) > 1]


def may_hold(matcher: Matcher, word: str) -> bool:
    """Whether every pair of neighbours of a word is known to the index: where one is not, no record of it holds it."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1) if not word[at : at + 2].isascii()]
    return len(matcher.index.rarity(pairs)) == len(set(pairs))
