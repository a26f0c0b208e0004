"""What a word that stands nowhere in the base may mean: pinyin, initials, a homophone, one typing error.

Candidates are words of the base alone (of titles and names), so that whatever is offered can find something. Sounds
come from pypinyin, which knows how a character is read within a word; distances from rapidfuzz (optimal string
alignment: one character put in, left out, changed, or two neighbours swapped).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.index import Index
from recommender.text import Tokenizer, jieba_words, normalise, word_spans

Way = Literal["pinyin", "initials", "homophone", "typing"]
MOST_TITLES = 100_000
"""Titles read per index, the newest first: what the words of a larger base are shows in a part of it."""
_WHOLE = 12  # a title of so few characters is a word of its own: names of people and firms
_LONGEST = 8
_LONGEST_READ = 4  # longer words of the dictionary are proverbs
_SHORTEST_TYPED = 3  # characters of a word that is long enough to be told from others by all but one of them
_SHORTEST_LATIN = 4
_LETTERS = re.compile(r"[a-z]{2,30}\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,30}\Z")


class Meant(NamedTuple):
    """A word of the base that a typed one may mean, and ``way`` how it was read."""

    way: Way
    word: str


@dataclass(frozen=True)
class WordList:
    """Words of a base: how often each stands there, by sound (pinyin without tones) and by the sounds' initials."""

    counts: dict[str, int]
    by_sound: dict[str, tuple[str, ...]]
    by_initials: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, lines: Iterable[str], tokenizer: Tokenizer = jieba_words) -> WordList:
        """The words of titles and names, one of them a line."""
        counts: Counter[str] = Counter()
        for line in lines:
            counts.update(_words_of(normalise(line).strip(), tokenizer))
        sounds: dict[str, list[str]] = defaultdict(list)
        initials: dict[str, list[str]] = defaultdict(list)
        for word, _ in counts.most_common():
            if _CHINESE.match(word):
                said = _sound(word)
                sounds["".join(said)].append(word)
                initials["".join(part[:1] for part in said)].append(word)
        return cls(dict(counts), _frozen(sounds), _frozen(initials))  # most frequent first, as they came


def _sound(word: str) -> list[str]:
    """Pinyin of each character without tones; what the dictionary reads as a word (重庆) is read as one.

    The longest such word first, from left to right: a tenth of what reading every word anew costs.
    """
    said: list[str] = []
    while len(said) < len(word):
        start = len(said)
        ends = range(min(start + _LONGEST_READ, len(word)), start + 1, -1)
        end = next((end for end in ends if word[start:end] in PHRASES_DICT), start + 1)
        said += _read(word[start:end])
    return said


@lru_cache(maxsize=60_000)
def _read(word: str) -> tuple[str, ...]:
    found = lazy_pinyin(word, style=Style.NORMAL)
    return tuple(found) if len(found) == len(word) else tuple(word)


def _frozen(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in found.items()}


def _words_of(line: str, tokenizer: Tokenizer) -> Iterator[str]:
    words = [line[start:end] for start, end in word_spans(line, tokenizer)]
    yield from (word for word in words if 2 <= len(word) <= _LONGEST)
    # neighbours together: what a trade takes for one word, a dictionary often cuts (雨伞 + 骨架)
    pairs = (left + right for left, right in pairwise(words))
    yield from (pair for pair in pairs if 3 <= len(pair) <= _LONGEST and pair in line and _CHINESE.match(pair))
    if 2 <= len(line) <= _WHOLE and line not in words:
        yield line


def titles_of(index: Index) -> Iterator[str]:
    """Each line of the titles of an index, the newest documents first."""
    left = MOST_TITLES
    for segment in reversed(index.segments):
        places = np.flatnonzero(segment.alive)[::-1][:left]
        left -= len(places)
        for title in segment.titles.many(places):
            yield from title.splitlines()


def readings(word: str, words: WordList, most: int = 5) -> list[Meant]:
    """What a normalised typed word may mean, likeliest first: by sound before by spelling, frequent before rare; what
    is a word of the base only in part comes last."""
    found: list[Meant] = []
    if _LETTERS.match(word):
        found += (Meant("pinyin", each) for each in words.by_sound.get(word, ()))
        found += (Meant("initials", each) for each in words.by_initials.get(word, ()))
    chinese = _CHINESE.match(word) is not None
    found += (Meant("homophone", each) for each in words.by_sound.get("".join(_sound(word)), ()) if chinese)
    found += (Meant("typing", each) for each in _one_error(word, words))
    found += (Meant("homophone", each) for each in _homophones(word, words) if chinese)
    known = dict.fromkeys(each.word for each in found if each.word != word)
    ways = {each.word: each.way for each in reversed(found)}
    return [Meant(ways[each], each) for each in known][:most]


def _homophones(word: str, words: WordList) -> Iterator[str]:
    """The word with one stretch of it written as a word of the base that sounds alike, the longest first."""
    said = _sound(word)
    spans = [(start, end) for start in range(len(word)) for end in range(start + 2, len(word) + 1)]
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if word[start:end] not in words.counts:
            for meant in words.by_sound.get("".join(said[start:end]), ())[:3]:
                yield word[:start] + meant + word[end:]


def _one_error(word: str, words: WordList) -> list[str]:
    """Words of the base that are one typing error away: those of the same length first, then the most frequent."""
    latin = word.isascii()
    if len(word) < (_SHORTEST_LATIN if latin else _SHORTEST_TYPED) or word.isdigit():
        swapped = word[::-1]
        return [swapped] if len(word) == 2 and swapped in words.counts else []
    near: Sequence[str] = [each for each in words.counts if abs(len(each) - len(word)) <= 1 and each.isascii() == latin]
    found = process.extract(word, near, scorer=OSA.distance, score_cutoff=1, limit=None)
    return sorted(
        (each for each, distance, _ in found if distance == 1),
        key=lambda each: (len(each) != len(word), -words.counts[each]),
    )
