"""Which phrases of a demand stand in patents."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RUN = re.compile(r"[^\W_]{2,}")
_SEPARATOR = "\n"


def shared_phrases(demand: str, patents: Sequence[str]) -> list[list[str]]:
    """For each patent the longest runs (two characters and more, no punctuation) of a demand that stand in it, each
    once, in the demand's order. All texts normalised."""
    said = _SEPARATOR.join(_RUN.findall(demand))
    together = _SEPARATOR.join(patents)
    pairs = [(place, said[place : place + 2]) for place in range(len(said) - 1)]
    # most pairs stand in none of the patents; pairs with a separator are none
    pairs = [(place, pair) for place, pair in pairs if pair in together and _SEPARATOR not in pair]
    found = []
    for patent in patents:
        stands = bytearray(len(said))
        for place, pair in pairs:
            if pair in patent:
                stands[place] = 1
        found.append(_phrases(said, stands, patent))
    return found


def _phrases(said: str, stands: bytearray, patent: str) -> list[str]:
    """Phrases of ``said`` from which of its pairs of neighbours stand in the patent (1 or 0)."""
    phrases: dict[str, None] = {}
    place = stands.find(1)
    while place >= 0:
        end = place + 2
        while end <= len(stands) and stands[end - 1] and said[place : end + 1] in patent:
            end += 1
        phrases[said[place:end]] = None
        place = stands.find(1, end)
    return list(phrases)
