"""Every number that shapes a score, in one frozen record; docs/matching.md says how each was chosen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Settings:
    """Weights of fields, saturation and kinds of terms.

    ``title_weight`` and ``title_b``, ``abstract_b``: BM25F (Robertson, Zaragoza and Taylor 2004), ``k1``: saturation.
    ``mass_power``: exponent by which a document that says much (terms times their IDF) is worth less per term.
    ``idf_power_text`` / ``idf_power_keywords``: exponent of the inverse document frequency for prose and for lists.
    ``unigram``, ``bigram``, ``cross_bigram`` (a pair that is no word of the demand), ``word``, ``latin``: weight of a
    term of this kind in a demand. ``demand_title``: how often a demand's title counts. ``query_power``: exponent of the
    number of times a term stands in the demand. ``talk``: weight of words that only say that something is wanted.
    ``thesaurus``: the share of its own weight that a word of the demand lends to the patent words which the thesaurus
    names, ``thesaurus_keywords`` the same for lists of keywords, whose authors know the patents' words better,
    ``thesaurus_crowd``: exponent of the number of those words that it is divided by, ``thesaurus_rarity``: exponent
    of their rarity (0..1), so that words of many patents borrow less.
    """

    k1: float = 1.2
    mass_power: float = 0.2
    title_weight: float = 3.0
    title_b: float = 0.5
    abstract_b: float = 0.75
    idf_power_text: float = 1.0
    idf_power_keywords: float = 1.0
    unigram: float = 1.0
    bigram: float = 1.0
    cross_bigram: float = 0.4
    word: float = 0.5
    latin: float = 1.0
    demand_title: float = 1.5
    query_power: float = 0.8
    talk: float = 0.0
    thesaurus: float = 2.0
    thesaurus_keywords: float = 0.1
    thesaurus_crowd: float = 0.5
    thesaurus_rarity: float = 2.0

    def kinds(self) -> tuple[float, float, float, float, float]:
        """Weights of a single character, a two-character word, any other pair, a longer word, a Latin run."""
        return self.unigram, self.bigram, self.cross_bigram, self.word, self.latin

    def digest(self, *more: str) -> str:
        """Eight hexadecimal digits that change with any setting (and with any of ``more``)."""
        text = json.dumps(asdict(self), sort_keys=True) + "\n".join(more)
        return hashlib.sha256(text.encode()).hexdigest()[:8]
