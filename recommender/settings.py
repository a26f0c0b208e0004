"""Every number that shapes a score, in one frozen record; docs/matching.md says how each was chosen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Settings:
    """Weights of fields, saturation and kinds of terms.

    ``title_weight`` and ``title_b``, ``abstract_b``: BM25F (Robertson, Zaragoza and Taylor 2004), ``k1``: saturation.
    ``idf_power_text`` / ``idf_power_keywords``: exponent of the inverse document frequency for prose and for lists.
    ``unigram``, ``bigram``, ``cross_bigram`` (a pair that is no word of the demand), ``word``, ``latin``: weight of a
    term of this kind in a demand. ``demand_title``: how often a demand's title counts. ``query_power``: exponent of the
    number of times a term stands in the demand. ``thesaurus``: the share of
    its own weight that a word of the demand lends to the patent words which the thesaurus names.
    """

    k1: float = 1.2
    title_weight: float = 3.0
    title_b: float = 0.5
    abstract_b: float = 0.75
    idf_power_text: float = 1.5
    idf_power_keywords: float = 1.0
    unigram: float = 0.5
    bigram: float = 1.0
    cross_bigram: float = 0.8
    word: float = 1.0
    latin: float = 1.0
    demand_title: float = 1.5
    query_power: float = 0.5
    thesaurus: float = 0.5

    def digest(self, *more: str) -> str:
        """Eight hexadecimal digits that change with any setting (and with any of ``more``)."""
        text = json.dumps(asdict(self), sort_keys=True) + "\n".join(more)
        return hashlib.sha256(text.encode()).hexdigest()[:8]
