"""Mistyped words: what was typed instead of a word of the thesaurus, and what was meant (套代: 套袋).

A typed word is only taken for another one where neither the base nor the thesaurus knows it, where it sounds like a
word of the thesaurus or differs from one by a character that is often taken for another, and where the base says the
word meant far more often. Everything read differently is told (``Correction``), so that a page can say "按 套袋 查找".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rjieba

from recommender.records import Query
from recommender.text import normalise

Counts = Callable[[Sequence[str]], npt.NDArray[np.float64]]
"""In how many documents of the base each of these normalised terms occurs (0: unknown)."""
Candidate = tuple[int, str, str]
"""A place of a text, what is typed there and what may be meant."""
SHORTEST, LONGEST = 2, 5
MOST_CHARACTERS = 400  # a long text says what it means more than once, and reading it must stay cheap
_WORD = re.compile(f"[\u4e00-\u9fff]{{{SHORTEST},{LONGEST}}}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_RARE_SHARE = 1 / 5000  # of the documents: what occurs no more often comes about where two words meet
_ALWAYS_RARE = 1
_SHORT_TEXT = 24  # characters
_TIMES, _LEAST = 10, 3  # as often as what is typed, and in as many documents, the word meant must occur
_JOINING = frozenset(
    "的地得了着过是在有和与或及就都也又还才再更最很太不没无能会可要想让把被给对从到用来去起里上下中内外前后这那其"
    "一二三四五六七八九十百千万两几多少大小每各个些种次时年月天日"
)


class Correction(NamedTuple):
    """A word of a demand that was read as another one; both normalised."""

    typed: str
    meant: str


def _lines(name: str) -> Iterator[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=2)
def sounds(toned: bool = False) -> dict[int, str]:
    """For ``str.translate``: each character to the first one of the same syllable (``toned``: and the same tone)."""
    first: dict[str, str] = {}
    table: dict[int, str] = {}
    for line in _lines("sounds.txt"):
        syllable, characters = line.split(" ")
        named = first.setdefault(syllable if toned else syllable[:-1], characters[0])
        table.update(dict.fromkeys(map(ord, characters), named))
    return table


@lru_cache(maxsize=1)
def confusable() -> dict[str, tuple[str, ...]]:
    """For each character those that are taken for it."""
    found: dict[str, set[str]] = {}
    for line in _lines("confusable.txt"):
        group = line.split() if ">" not in line else []
        for character in group:
            found.setdefault(character, set()).update(group)
    return {character: tuple(sorted(others - {character})) for character, others in found.items()}


@lru_cache(maxsize=1)
def listed() -> dict[str, str]:
    """Words that are mostly meant otherwise, with the word meant."""
    return dict(line.split(">") for line in _lines("confusable.txt") if ">" in line)


@lru_cache(maxsize=1)
def tables_digest() -> str:
    """A checksum of the tables: part of the model's name, since they change what demands ask for."""
    lines = (line for name in ("sounds.txt", "confusable.txt") for line in _lines(name))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class Corrector:
    """Finds mistyped words: ``known`` words, those of them that may be meant by how they sound (``by_sound``), and the
    first two characters of either, which tell fast that nothing begins at a place."""

    known: frozenset[str]
    by_sound: dict[str, tuple[str, ...]]
    starts: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Corrector:
        """A corrector towards these normalised words; those that are not Chinese, of one character, or longer than
        ``LONGEST`` are left out."""
        known = frozenset(filter(_WORD.fullmatch, words))
        table, by_sound = sounds(), dict[str, tuple[str, ...]]()
        for word in sorted(known):
            sound = word.translate(table)
            by_sound[sound] = (*by_sound.get(sound, ()), word)
        return cls(known, by_sound, frozenset(word[:SHORTEST] for word in (*known, *by_sound)))

    def corrections(self, text: str, counts: Counts, documents: int) -> tuple[Correction, ...]:
        """What a normalised text says instead of words of the thesaurus, in the order of the text.

        ``counts`` and ``documents`` (their number) are those of the base.
        """
        text = text[:MOST_CHARACTERS]
        found = list(self._candidates(text))
        pieces = _pieces(text) if found else {}
        found = [one for one in found if one[1] in listed() or _stands_apart(one, pieces)]
        if not found:
            return ()
        pairs = sorted({pair for _, *words in found for pair in (*_changed(*words), *_changed(*reversed(words)))})
        seen = dict(zip(pairs, counts(pairs).tolist(), strict=True))
        found.sort(key=lambda one: (one[0], -len(one[1]), -_rarest(one[2], one[1], seen)))
        rare = max(_ALWAYS_RARE, documents * _RARE_SHARE)
        chosen: dict[str, str] = {}
        end = 0
        for place, typed, meant in found:
            if place >= end and _is_slip(typed, meant, seen, rare):
                chosen.setdefault(typed, meant)
                end = place + len(typed)
        return tuple(Correction(typed, meant) for typed, meant in chosen.items())

    def _candidates(self, text: str) -> Iterator[Candidate]:
        """Places with what is typed there and a word that may be meant, outside the words that are known."""
        sound = text.translate(sounds())
        for first, last in self._unknown_runs(text):
            for place in range(first, last - 1):
                ends = range(place + SHORTEST, min(place + LONGEST, last) + 1)
                if sound[place : place + SHORTEST] in self.starts:
                    yield from (
                        (place, text[place:end], meant)
                        for end in ends
                        for meant in self.by_sound.get(sound[place:end], ())
                        if _may_be_heard_as(text[place:end], meant, len(text))
                    )
                yield from ((place, text[place:end], listed()[text[place:end]]) for end in ends
                            if text[place:end] in listed())  # fmt: skip
            for spot in range(first, last):
                for other in confusable().get(text[spot], ()):
                    yield from self._with_another(text, spot, other, first, last)

    def _with_another(self, text: str, spot: int, other: str, first: int, last: int) -> Iterator[Candidate]:
        """Known words of the text between ``first`` and ``last`` if ``other`` stood at ``spot``."""
        start = max(first, spot - LONGEST + 1)
        changed = f"{text[start:spot]}{other}{text[spot + 1 : min(spot + LONGEST, last)]}"
        for place in range(spot - start + 1):
            if changed[place : place + SHORTEST] in self.starts:
                for end in range(max(spot - start + 1, place + SHORTEST), min(place + LONGEST, len(changed)) + 1):
                    if changed[place:end] in self.known:
                        yield start + place, text[start + place : start + end], changed[place:end]

    def _unknown_runs(self, text: str) -> list[tuple[int, int]]:
        """Where Chinese characters stand that are in no known word: starts and ends of runs of two or more."""
        marks = bytearray(_CHINESE.sub("1", text), "ascii", "replace")
        for place in range(len(text) - 1):
            if text[place : place + SHORTEST] in self.starts:
                for end in range(min(place + LONGEST, len(text)), place + 1, -1):
                    if text[place:end] in self.known:
                        marks[place:end] = b"0" * (end - place)
                        break
        return [run.span() for run in re.finditer(b"1{2,}", marks)]


def _may_be_heard_as(typed: str, meant: str, length: int) -> bool:
    """Whether at most half of a word of the same syllables is written wrongly; with the same tones, too, where it has
    two characters and stands in a text long enough (``length``) for two words to meet like that by chance."""
    wrong = sum(a != b for a, b in zip(typed, meant, strict=True))
    if not 0 < wrong <= len(typed) // 2:
        return False
    return len(typed) > 2 or length <= _SHORT_TEXT or typed.translate(sounds(True)) == meant.translate(sounds(True))


def _changed(word: str, other: str) -> list[str]:
    """The pairs of neighbours in ``word`` that hold a character in which it differs from ``other``."""
    return [word[spot : spot + 2] for spot in range(len(word) - 1) if word[spot : spot + 2] != other[spot : spot + 2]]


def _pieces(text: str) -> dict[int, str]:
    """The words of a text by the place they begin at, cut by the dictionary alone: others fall into characters."""
    pieces: dict[int, str] = {}
    place = 0
    for piece in rjieba.cut(text, False):
        pieces[place] = piece
        place += len(piece)
    pieces[place] = ""
    return pieces


def _stands_apart(candidate: Candidate, pieces: dict[int, str]) -> bool:
    """Whether what is typed consists of whole words, and each character typed wrongly is no word that has a use of its
    own: neither part of a longer word nor one of the characters that hold sentences together."""
    place, typed, meant = candidate
    if place not in pieces or place + len(typed) not in pieces:
        return False
    wrong = (place + spot for spot, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other)
    return all(len(pieces.get(spot, "")) == 1 and pieces[spot] not in _JOINING for spot in wrong)


def _rarest(word: str, other: str, seen: dict[str, float]) -> float:
    return min(seen[pair] for pair in _changed(word, other))


def _is_slip(typed: str, meant: str, seen: dict[str, float], rare: float) -> bool:
    """Whether the base hardly knows what is typed, and knows what may be meant far better."""
    wrong, right = max(seen[pair] for pair in _changed(typed, meant)), _rarest(meant, typed, seen)
    return (wrong <= rare or typed in listed()) and right >= max(_LEAST, _TIMES * wrong)


def corrected(query: Query, corrections: Sequence[Correction]) -> Query:
    """The query with what was meant in the place of what was typed, in title and text."""
    if not corrections:
        return query

    def read(text: str) -> str:
        plain = normalise(text)
        for typed, meant in corrections:
            plain = plain.replace(typed, meant)
        return plain

    return replace(query, title=read(query.title), text=read(query.text))
