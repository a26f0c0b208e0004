"""Affinity: how near a document is to what an enterprise owns already, by field and by words of the titles.

It lifts the score that the words gave by at most ``MOST``, as a reason of its own. The lift never takes a document over
one of the floors; it decides between documents whose scores are nearly equal, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from recommender.index import Index
from recommender.records import Document, Hit, Reason
from recommender.text import normalise, word_spans

MOST = 0.03
FIELD, WORDS = "own_field", "own_words"
NEAR = 10
"""How many documents behind the last one asked for must be looked at, because one of them may be lifted above it."""
_SAME_GROUP, _SAME_SUBCLASS = 1.0, 0.6
_LEAST = 0.0005  # half of the last digit that is shown
_BELOW = 1e-4
_SYMBOL = re.compile(r"([A-H]\d{2}[A-Z])\s*(\d{1,4})?(?=[\s/]|$)")


@dataclass(frozen=True)
class _Owned:
    title: str
    groups: frozenset[str]
    subclasses: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Affinity:
    """Recent documents an enterprise ``owned``, the ids of all it ever ``held``, and the ``floors`` (scores)."""

    owned: tuple[_Owned, ...] = ()
    held: frozenset[str] = frozenset()
    floors: tuple[float, ...] = ()
    _rarities: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, owned: Iterable[Document], held: Iterable[str] = (), floors: Iterable[float] = ()) -> Affinity:
        """From documents, of which titles and IPC symbols are read; those ``held`` are never lifted."""
        kept = tuple(_Owned(one.title, *_fields(" ".join(one.ipc)), title_words(one.title)) for one in owned)
        return cls(kept, frozenset(held), tuple(floors))

    def lifts(self, index: Index, scores: Mapping[str, float]) -> dict[str, tuple[Reason, ...]]:
        """The reasons that affinity adds to these documents (id to score before); those without any are left out."""
        if not self.owned or not scores:
            return {}
        found = headings(index, [name for name in scores if name not in self.held])
        words = {word for one in (*self.owned, *found.values()) for word in one.words} - self._rarities.keys()
        self._rarities.update(index.rarity(sorted(words)) if words else {})
        return {name: reasons for name, one in found.items() if (reasons := self._lift(one, scores[name]))}

    def lifted(self, index: Index, hits: Sequence[Hit]) -> list[Hit]:
        """The hits in the same order, with affinity added to scores and reasons."""
        lifts = self.lifts(index, {hit.document_id: hit.score for hit in hits})
        return [_with(hit, lifts.get(hit.document_id, ())) for hit in hits]

    def _lift(self, one: _Owned, score: float) -> tuple[Reason, ...]:
        """The reasons of one document; none when the lift would be too small to be shown."""
        if score <= 0:
            return ()
        weight = self._weight(one.words)
        shares = [(_field_share(own, one), self._word_share(own, one, weight), own) for own in self.owned]
        by_field, by_words, own = max(shares, key=lambda share: share[0] + share[1])
        whole = MOST * (1 - score) * (by_field + by_words) / 2
        # the lift stays below the next floor above the score
        room = min((floor - score - _BELOW for floor in self.floors if score < floor), default=whole)
        lift = min(whole, room)
        if lift < _LEAST:
            return ()
        common = "、".join(sorted(own.words & one.words, key=lambda word: (-self._rarities.get(word, 0.0), word))[:4])
        field_name = min(own.groups & one.groups, default="") or min(own.subclasses & one.subclasses, default="")
        parts = ((FIELD, by_field, field_name), (WORDS, by_words, common))
        scale = lift / (by_field + by_words)
        return tuple(Reason(feature, share * scale, own.title, shared) for feature, share, shared in parts if share)

    def _word_share(self, own: _Owned, one: _Owned, weight: float) -> float:
        """Dice's coefficient of the words of two titles, each by its rarity; ``weight`` is that of all of ``one``'s."""
        if own.words.isdisjoint(one.words):
            return 0.0
        return 2 * self._weight(own.words & one.words) / (self._weight(own.words) + weight)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._rarities.get(word, 0.0) for word in words)


def headings(index: Index, document_ids: Sequence[str]) -> dict[str, _Owned]:
    """Titles and fields of documents by id; unknown and removed ones are left out."""
    found: dict[str, _Owned] = {}
    for segment in index.segments:  # of an id held twice the newest segment counts
        for name, row in zip(document_ids, segment.find(document_ids).tolist(), strict=True):
            if row >= 0:
                title = segment.titles[row]
                found[name] = _Owned(title, *_fields(segment.ipc[row]), title_words(title))
    return found


@lru_cache(maxsize=1 << 16)
def title_words(title: str) -> frozenset[str]:
    """The words of a title that have two characters or more, normalised."""
    text = normalise(title)
    return frozenset(text[start:end] for start, end in word_spans(text) if end - start > 1)


@lru_cache(maxsize=1 << 16)
def _fields(symbols: str) -> tuple[frozenset[str], frozenset[str]]:
    """Main groups (``A43B 13``) and subclasses (``A43B``) of IPC symbols, written with or without a blank."""
    pairs = _SYMBOL.findall(symbols.upper())
    return frozenset(f"{subclass} {group}" for subclass, group in pairs if group), frozenset(key for key, _ in pairs)


def _field_share(own: _Owned, one: _Owned) -> float:
    if own.subclasses.isdisjoint(one.subclasses):
        return 0.0
    return _SAME_SUBCLASS if own.groups.isdisjoint(one.groups) else _SAME_GROUP


def _with(hit: Hit, added: tuple[Reason, ...]) -> Hit:
    if not added:
        return hit
    reasons = sorted((*hit.reasons, *added), key=lambda reason: -reason.weight)
    return replace(hit, score=hit.score + sum(reason.weight for reason in added), reasons=tuple(reasons))
