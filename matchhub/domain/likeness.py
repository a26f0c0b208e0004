"""How alike two demands are once their numbers are masked: the test against small edits of one text."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CHINESE_DIGITS = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+(?=[个条台套件双只元吨克米秒天月年倍成级层度])")
_NOISE = re.compile(r"[^\w#]|_", re.UNICODE)
_SENTENCE_END = re.compile(r"[。！？!?；;\n\r]|\.(?!\d)")
GRAM_SIZES = (2, 3, 4)


def masked_text(text: str) -> str:
    """NFKC, lower case, every number as ``#``, without blanks and punctuation."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _NOISE.sub("", _CHINESE_DIGITS.sub("#", _DIGITS.sub("#", plain)))


def masked_sentences(*texts: str) -> tuple[str, ...]:
    """The masked sentences of some texts in an order of their own, so that moving them makes no other text."""
    said = (masked_text(part) for text in texts for part in _SENTENCE_END.split(text))
    return tuple(sorted(each for each in said if each))


def gram_counts(masked: str) -> Counter[str]:
    """Character 2-, 3- and 4-grams of a masked text; a text shorter than two characters is its own gram."""
    grams = Counter(masked[i : i + size] for size in GRAM_SIZES for i in range(len(masked) - size + 1))
    return grams or Counter([masked] if masked else [])


def masked_text_similarity(one: str, other: str) -> float:
    """Cosine of the gram counts of both masked texts, 0..1; two empty texts are not alike (0).

    Without the inverse document frequencies that the bulk version adds: of two texts alone nothing is rare.
    """
    left, right = gram_counts(masked_text(one)), gram_counts(masked_text(other))
    if not left or not right:
        return 0.0
    dot = sum(count * right[gram] for gram, count in left.items() if gram in right)
    norms = math.sqrt(sum(c * c for c in left.values())) * math.sqrt(sum(c * c for c in right.values()))
    return min(1.0, dot / norms)
