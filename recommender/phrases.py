"""The phrases that a demand and a patent have in common."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence

_RUN = re.compile(r"[^\W_]{2,}")
_SEPARATOR = "\n"


def shared_phrases(demand: str, patents: Sequence[str]) -> list[list[str]]:
    """For each patent the longest runs of a demand's characters that occur in it, in the order of the demand.

    A run has two characters or more and no punctuation, and is given once. All texts must be normalised.
    """
    runs = _SEPARATOR.join(_RUN.findall(demand))
    together = _SEPARATOR.join(patents)
    pairs = [(place, runs[place : place + 2]) for place in range(len(runs) - 1)]
    # most pairs occur in none of the patents and need no look at each of them
    pairs = [(place, pair) for place, pair in pairs if pair in together and _SEPARATOR not in pair]
    found = []
    for patent in patents:
        shared = bytearray(len(runs))
        for place, pair in pairs:
            if pair in patent:
                shared[place] = 1
        found.append(_phrases(runs, shared, patent))
    return found


def _phrases(runs: str, shared: bytearray, patent: str) -> list[str]:
    """The longest phrases; ``shared`` has 1 where the pair that begins there occurs in the patent."""
    phrases: dict[str, None] = {}
    place = shared.find(1)
    while place >= 0:
        end = place + 2
        while end <= len(shared) and shared[end - 1] and runs[place : end + 1] in patent:
            end += 1
        phrases[runs[place:end]] = None
        place = shared.find(1, end)
    return list(phrases)


def whole_words(
    demand: str, words: Sequence[tuple[int, int]], phrases: Sequence[str], hollow: Collection[str]
) -> list[str]:
    """The phrases cut to whole words of the demand: what a reader recognises.

    ``words`` are the spans of the demand's words. Hollow words (stop words, vague ones) are taken from both ends, and
    what has no word left, or one character, is left out.
    """
    kept: dict[str, None] = {}
    starts, ends = [start for start, _ in words], [end for _, end in words]
    for phrase in phrases:
        start = demand.find(phrase)
        inside = list(words[bisect_left(starts, start) : bisect_right(ends, start + len(phrase))])
        while inside and demand[slice(*inside[0])] in hollow:
            inside.pop(0)
        while inside and demand[slice(*inside[-1])] in hollow:
            inside.pop()
        if inside and inside[-1][1] - inside[0][0] > 1:
            kept[demand[inside[0][0] : inside[-1][1]]] = None
    return list(kept)
