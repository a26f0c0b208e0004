"""Stop words of demands: how people speak of wanting something, which says nothing about the thing they want."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from recommender.text import normalise


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The words of ``stop_words.txt``, normalised; the file is read once per process."""
    return _words("stop_words.txt")


@lru_cache(maxsize=1)
def vague_words() -> frozenset[str]:
    """The words of ``vague_words.txt``: they count in a score and tell nobody anything."""
    return _words("vague_words.txt")


def _words(name: str) -> frozenset[str]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return frozenset(normalise(word) for line in lines if not line.startswith("#") for word in line.split())
