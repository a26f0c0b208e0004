"""Stop words of demands: how people speak of wanting something, which says nothing about the thing they want."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from recommender.text import normalise


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The words of ``stop_words.txt``, normalised; the file is read once per process."""
    lines = (Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(normalise(word) for line in lines if not line.startswith("#") for word in line.split())
