"""All pairs of short strings above a similarity, without comparing all pairs.

Two strings of lengths m and n reach ratio r only when they share at least r(m+n)/2 characters in order, hence also as
a bag. Order the characters of each string from rare to common: two bags that share k of m characters must share one
within the first m-k+1 (the prefix filter of set joins). So an index over few rare characters yields a short list that
misses nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import NamedTuple

_SLACK = 1e-9  # against rounding where a ratio is exactly the threshold


class NearPair(NamedTuple):
    """Positions of two similar strings (first < second) and their ratio, 0..100."""

    first: int
    second: int
    ratio: float


def common_length(left: str, right: str) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): one big-integer step per character."""
    return _common(_positions(left), len(left), right)


def _positions(text: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for position, character in enumerate(text):
        masks[character] = masks.get(character, 0) | 1 << position
    return masks


def _common(masks: Mapping[str, int], size: int, right: str) -> int:
    full = (1 << size) - 1
    state = full
    for character in right:
        if matched := masks.get(character, 0) & state:
            state = ((state + matched) | (state - matched)) & full
    return size - state.bit_count()


def indel_ratio(left: str, right: str) -> float:
    """Twice the common subsequence over both lengths, 0..100; two empty strings are equal."""
    total = len(left) + len(right)
    return 100.0 if not total else 200.0 * common_length(left, right) / total


def _ranked_tokens(texts: Sequence[str]) -> list[list[tuple[str, int]]]:
    """Characters of each text, repeats numbered apart, from the rarest in the whole collection to the commonest."""
    bags: list[list[tuple[str, int]]] = []
    for text in texts:
        seen: Counter[str] = Counter()
        bag = []
        for character in text:
            bag.append((character, seen[character]))
            seen[character] += 1
        bags.append(bag)
    rarity = Counter(token for bag in bags for token in bag)
    for bag in bags:
        bag.sort(key=lambda token: (rarity[token], token))
    return bags


def near_pairs(texts: Sequence[str], threshold: float) -> list[NearPair]:
    """Every pair with ``indel_ratio >= threshold`` (0 < threshold <= 100), best first; empty strings pair with none."""
    half = threshold / 200.0
    bags = _ranked_tokens(texts)
    index: defaultdict[tuple[str, int], list[tuple[int, int, int]]] = defaultdict(list)  # token -> (text, length, rank)
    found: list[NearPair] = []
    for i in sorted((i for i, text in enumerate(texts) if text), key=lambda i: len(texts[i])):
        bag, size = bags[i], len(texts[i])
        partners = _shortlist(bag, half, index)
        found.extend(_judged(texts, i, partners, threshold))
        # every later partner is as long or longer, so it needs at least this many of these characters
        for rank in range(size - ceil(2 * half * size - _SLACK) + 1):
            index[bag[rank]].append((i, size, rank))
    return sorted(found, key=lambda pair: (-pair.ratio, pair.first, pair.second))


def _shortlist(
    bag: Sequence[tuple[str, int]], half: float, index: Mapping[tuple[str, int], Sequence[tuple[int, int, int]]]
) -> set[int]:
    """Earlier texts that share a rare enough character with this one and could still share enough of the others."""
    size = len(bag)
    least = ceil(half * (size + size * half / (1.0 - half)) - _SLACK)  # characters shared with the shortest partner
    partners: set[int] = set()
    for rank in range(size - least + 1):
        here = size - rank
        for j, length, rank_there in index.get(bag[rank], ()):
            need = half * (size + length) - _SLACK
            if here >= need and length - rank_there >= need:
                partners.add(j)
    return partners


def _judged(texts: Sequence[str], i: int, partners: Iterable[int], threshold: float) -> Iterable[NearPair]:
    masks = _positions(texts[i])
    size = len(texts[i])
    for j in partners:
        ratio = 200.0 * _common(masks, size, texts[j]) / (size + len(texts[j]))
        if ratio >= threshold - _SLACK:
            yield NearPair(min(i, j), max(i, j), ratio)
