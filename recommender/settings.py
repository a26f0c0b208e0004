"""Every number that shapes a score, in one frozen record; docs/matching.md tells how each was chosen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Settings:
    """Numbers without a unit; each is a factor or an exponent.

    Documents: ``title_weight`` (a title), ``clause_weight`` (the first clause of the abstract where there is no title),
    ``title_b`` and ``abstract_b`` are the field weights and length normalisations of BM25F
    (Robertson, Zaragoza and Taylor 2004), ``k1`` its saturation. ``document_weight_power`` is the exponent by which
    the terms of a document that says much count less (``weighting.pivoted``).

    Demands: ``idf_power_text`` and ``idf_power_keywords`` are the exponents of the inverse document frequency in prose
    and in lists of keywords. ``unigram``, ``bigram``, ``cross_bigram`` (a pair of characters that is no word of the
    demand), ``word`` and ``latin`` weigh a term by its kind. ``demand_title`` is how often the title counts,
    ``query_power`` the exponent of the number of times a term occurs, ``stop_word_weight`` what a stop word counts.

    Query expansion: ``expansion_text`` is the share of its own weight that a word of the demand passes on to the patent
    words which the thesaurus names for it, ``expansion_keywords`` the same in lists of keywords, whose authors know the
    words of patents better. It is divided by the number of these patent words to the ``expansion_count_power`` and
    multiplied by their rarity (0..1) to the ``expansion_rarity_power``, so that words of many patents get less.
    """

    k1: float = 1.2
    document_weight_power: float = 0.2
    title_weight: float = 3.0
    clause_weight: float = 3.0
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
    stop_word_weight: float = 0.0
    expansion_text: float = 2.0
    expansion_keywords: float = 0.1
    expansion_count_power: float = 0.5
    expansion_rarity_power: float = 2.0

    def kinds(self) -> tuple[float, float, float, float, float]:
        """Weights by kind of term: a character, a two-character word, any other pair, a longer word, a Latin run."""
        return self.unigram, self.bigram, self.cross_bigram, self.word, self.latin

    def digest(self, *more: str) -> str:
        """Eight hexadecimal digits that change with any setting (and with any of ``more``)."""
        text = json.dumps(asdict(self), sort_keys=True) + "\n".join(more)
        return hashlib.sha256(text.encode()).hexdigest()[:8]
