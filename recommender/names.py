"""All pairs of short texts whose similarity reaches a threshold, found without comparing all pairs.

The similarity is the indel ratio (``fuzz.ratio`` of rapidfuzz): twice the longest common subsequence over both lengths.
Two texts of lengths m and n reach ratio r only when they share at least r(m+n)/2 characters, whatever the order of
these. When the characters of each text are sorted from rare to common, two texts that share k of m characters share one
within the first m-k+1 (the prefix filter of set joins: Chaudhuri, Ganti and Kaushik 2006). So an index over the few
rarest characters of each text gives a short list that misses no pair, and only that list is compared by rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

_SLACK = 1e-9  # against rounding where a ratio is exactly the threshold
_CANDIDATES = 2_000_000  # pairs compared at once: this bounds the memory and does not change the result
_KEPT = 2_000_000  # when more pairs are held, all but the most similar ones of each text are dropped
_MOST_PARTNERS = 1_000  # compared per text where only the most similar are wanted; 20,000 real names need 200
_DIRECT = 200_000  # up to so many pairs are compared without an index
_BEYOND_UNICODE = 1 << 21

Numbers = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.float64]


class NearPair(NamedTuple):
    """Positions of two similar texts (first < second) and their ratio, 0..100."""

    first: int
    second: int
    ratio: float


class _Found(NamedTuple):
    """Pairs column by column: positions and ratios."""

    left: Numbers
    right: Numbers
    ratio: Ratios


def near_names(
    texts: Sequence[str],
    threshold: float,
    *,
    new: Sequence[int] | None = None,
    codes: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    most: int | None = None,
) -> list[NearPair]:
    """Every pair with a ratio of at least ``threshold`` (above 0, up to 100), the most similar first.

    ``new``: positions, of which each pair must have one (None: any). ``codes``: pairs whose codes are both given and
    differ are left out. ``groups``: only texts of the same group are compared. Empty texts are in no pair. ``most``: a
    pair is only kept when it is among so many most similar ones of one of its texts (of its new ones), so that the
    result stays readable for ten thousand numbered names; of equally similar pairs the earlier ones are kept.
    """
    if len(texts) < 2:
        return []
    fresh = np.ones(len(texts), bool) if new is None else np.zeros(len(texts), bool)
    if new is not None:
        fresh[np.asarray(new, np.int64)] = True
    marks = np.zeros(len(texts), np.int64) if codes is None else _numbered(codes)
    candidates = _candidates(texts, threshold / 200.0, new, groups, None if most is None else _MOST_PARTNERS)
    found = _found(texts, candidates, threshold, fresh, marks, most)
    order = np.lexsort((found.right, found.left, -found.ratio))
    return [NearPair(*each) for each in zip(*(column[order].tolist() for column in found), strict=True)]


def _found(
    texts: Sequence[str],
    candidates: Iterator[tuple[Numbers, Numbers]],
    threshold: float,
    fresh: npt.NDArray[np.bool_],
    marks: Numbers,
    most: int | None,
) -> _Found:
    """The candidates that reach the threshold: one of the two is ``fresh`` (n,), and their ``marks`` (n,), where both
    have one (above 0), are the same."""
    words = np.array(texts, dtype=object)
    parts: list[_Found] = []
    held = 0
    for left, right in candidates:
        wanted = fresh[left] | fresh[right]
        wanted &= (marks[left] == 0) | (marks[right] == 0) | (marks[left] == marks[right])
        parts.append(_compared(words, left[wanted], right[wanted], threshold))
        held += len(parts[-1].ratio)
        if most is not None and held > _KEPT:
            parts = [_most_similar(_joined(parts), fresh, most)]
            held = len(parts[0].ratio)
    found = _joined(parts)
    return found if most is None else _most_similar(found, fresh, most)


def _candidates(
    texts: Sequence[str], half: float, new: Sequence[int] | None, groups: Sequence[str] | None, crowd: int | None
) -> Iterator[tuple[Numbers, Numbers]]:
    """The short list of the index, or all pairs of the new texts when these are so few that it costs less."""
    if new is None or len(new) * len(texts) > _DIRECT:
        return _shortlists(texts, half, groups, crowd)
    return _pairs_of(texts, half, new, groups)


def _pairs_of(
    texts: Sequence[str], half: float, new: Sequence[int], groups: Sequence[str] | None
) -> Iterator[tuple[Numbers, Numbers]]:
    """Every pair of one of ``new`` with a text of its group whose length allows the similarity, each pair once."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    group = np.zeros(len(texts), np.int64) if groups is None else _numbered(groups)
    place = np.arange(len(texts))
    done = np.zeros(len(texts), bool)
    for one in sorted(set(new)):
        done[one] = True
        fits = np.minimum(lengths, lengths[one]) >= half * (lengths + lengths[one]) - _SLACK
        other = place[fits & (lengths > 0) & (group == group[one]) & ~done]
        yield np.minimum(other, one), np.maximum(other, one)


def _numbered(marks: Sequence[str]) -> Numbers:
    """A number for each distinct mark; 0 for an empty one."""
    numbers = {"": 0}
    return np.array([numbers.setdefault(mark, len(numbers)) for mark in marks], np.int64)


def _joined(parts: Sequence[_Found]) -> _Found:
    if not parts:
        return _Found(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))
    return _Found(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _compared(words: npt.NDArray[np.object_], left: Numbers, right: Numbers, threshold: float) -> _Found:
    if not len(left):
        return _Found(left, right, np.empty(0, np.float64))
    ratio = process.cpdist(words[left].tolist(), words[right].tolist(), scorer=fuzz.ratio, dtype=np.float64, workers=1)
    near = ratio >= threshold - _SLACK
    return _Found(left[near], right[near], ratio[near])


def _most_similar(found: _Found, fresh: npt.NDArray[np.bool_], most: int) -> _Found:
    """The pairs that are among the ``most`` most similar ones of one of their fresh texts."""
    kept = np.zeros(len(found.ratio), bool)
    for own, other in ((found.left, found.right), (found.right, found.left)):
        kept |= fresh[own] & (_places(own, other, found.ratio, found) < most)
    return _Found(found.left[kept], found.right[kept], found.ratio[kept])


def _places(own: Numbers, other: Numbers, ratio: Ratios, found: _Found) -> Numbers:
    """The rank of each pair among all pairs of its text ``own``, in whichever position the text is there."""
    texts = np.concatenate([own, other])
    partners = np.concatenate([other, own])
    order = np.lexsort((partners, np.concatenate([-ratio, -ratio]), texts))
    sorted_texts = texts[order]
    starts = np.flatnonzero(np.r_[True, sorted_texts[1:] != sorted_texts[:-1]]) if len(order) else np.empty(0, np.int64)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return places[: len(own)]


class _Tokens(NamedTuple):
    """The characters of all texts, sorted within each text from rare to common: ``token`` (number of the character),
    its ``text`` and its ``rank`` in that; ``lengths`` of the texts."""

    token: Numbers
    text: Numbers
    rank: Numbers
    lengths: Numbers


def _tokens(texts: Sequence[str], groups: Sequence[str] | None) -> _Tokens:
    """The n-th occurrence of a character in a text is a token of its own, and so is a character of another group."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    character = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    text = np.repeat(np.arange(len(texts)), lengths)
    if groups is not None:
        character += _BEYOND_UNICODE * _numbered(groups)[text]
    order = np.lexsort((character, text))
    character, text = character[order], text[order]
    first = np.r_[True, (character[1:] != character[:-1]) | (text[1:] != text[:-1])]
    repeat = np.arange(len(text)) - np.flatnonzero(first)[np.cumsum(first) - 1]
    _, known = np.unique(character, return_inverse=True)
    _, token, often = np.unique(known * (int(repeat.max()) + 1) + repeat, return_inverse=True, return_counts=True)
    order = np.lexsort((token, often[token], text))
    begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return _Tokens(token[order], text, np.arange(len(text)) - begins, lengths)


def _shortlists(
    texts: Sequence[str], half: float, groups: Sequence[str] | None, crowd: int | None
) -> Iterator[tuple[Numbers, Numbers]]:
    """Pairs of positions (left < right, each once) that may reach the threshold, in blocks."""
    if not any(texts):
        return
    every = _tokens(texts, groups)
    size = every.lengths[every.text]
    shortest = np.ceil(size * half / (1.0 - half) - _SLACK) if half < 1.0 else size
    # how much of each text must be looked at: for partners as long or longer, and for the shortest possible partner
    meets_longer = every.rank <= size - np.ceil(2.0 * half * size - _SLACK)
    meets_any = every.rank <= size - np.ceil(half * (size + shortest) - _SLACK)
    wide, many = int(every.lengths.max()) + 1, len(texts)
    keys = (every.token * wide + size) * many + every.text  # one order of token, length and place
    listed = np.flatnonzero(meets_longer)
    listed = listed[np.argsort(keys[listed])]
    asking = np.flatnonzero(meets_any)
    # partners have the shortest possible length up to the length of the text itself; of the latter only earlier ones
    lowest = np.searchsorted(keys[listed], (every.token[asking] * wide + shortest[asking].astype(np.int64)) * many)
    highest = np.searchsorted(keys[listed], keys[asking])
    count = np.maximum(highest - lowest, 0)
    if crowd is not None:
        count = _first_of_each(every.text[asking], count, crowd)
    # blocks end between two texts, so that each pair is found in one block only
    ends = np.cumsum(count)
    cuts = _cuts(ends, every.text[asking])
    for begin, end in pairwise(cuts):
        part = slice(begin, end)
        asker = np.repeat(asking[part], count[part])
        offset = np.arange(len(asker)) - np.repeat(np.cumsum(count[part]) - count[part], count[part])
        met = listed[np.repeat(highest[part] - count[part], count[part]) + offset]
        yield from _passing(every, size, half, asker, met, len(texts))


def _first_of_each(text: Numbers, count: Numbers, most: int) -> Numbers:
    """``count`` reduced so that the counts of each text, which are neighbours, add up to at most ``most``."""
    before = np.cumsum(count) - count
    starts = np.flatnonzero(np.r_[True, text[1:] != text[:-1]])
    before -= np.repeat(before[starts], np.diff(np.r_[starts, len(text)]))
    return np.clip(most - before, 0, count)


def _cuts(ends: Numbers, text: Numbers) -> list[int]:
    """Where to cut the tokens into blocks of bounded work, never within one text."""
    cuts, place = [0], 0
    while place < len(ends):
        done = int(ends[place - 1]) if place else 0
        place = max(place + 1, int(np.searchsorted(ends, done + _CANDIDATES, "right")))
        if place < len(ends):
            place = int(np.searchsorted(text, text[place - 1], "right"))  # the tokens are in the order of their texts
        cuts.append(place)
    return cuts


def _passing(
    every: _Tokens, size: Numbers, half: float, asker: Numbers, met: Numbers, texts: int
) -> Iterator[tuple[Numbers, Numbers]]:
    """The pairs of texts that share a token and can still share enough of the characters after it."""
    one, other = every.text[asker], every.text[met]
    need = half * (size[asker] + size[met]) - _SLACK
    good = (size[asker] - every.rank[asker] >= need) & (size[met] - every.rank[met] >= need)
    pair = np.minimum(one, other)[good] * texts + np.maximum(one, other)[good]
    pair.sort()  # many times faster than np.unique, whose hashes of such numbers collide
    pair = pair[np.r_[True, pair[1:] != pair[:-1]]] if len(pair) else pair
    if len(pair):
        yield pair // texts, pair % texts
