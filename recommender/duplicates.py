"""Near duplicates: texts that repeat an earlier one with small edits, such as other numbers or moved sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_WORD = re.compile(r"[^\w#]+|_")
_BLOCK = 512


def masked(text: str) -> str:
    """The text without what small edits change: NFKC, lower case, ``#`` for numbers, no blanks, no punctuation."""
    return _NOT_WORD.sub("", _NUMBER.sub("#", unicodedata.normalize("NFKC", text).lower()))


def near_duplicates(
    texts: Sequence[str], threshold: float, of: Sequence[int] | None = None
) -> list[tuple[int, int, float]]:
    """For each text (or each in ``of``) its most similar *earlier* text when the cosine reaches ``threshold``.

    Cosine of counts of masked character 2- to 4-grams. Returns ``(position, earlier position, cosine 0..1)`` in order
    of position; of equally similar ones the earliest is named.
    """
    from sklearn.feature_extraction.text import CountVectorizer  # slow to import; most processes never come here
    from sklearn.preprocessing import normalize

    wanted = sorted(range(len(texts)) if of is None else of)
    plain = [masked(text) for text in texts]
    if not wanted or not any(len(text) > 1 for text in plain):
        return []
    counts = CountVectorizer(analyzer="char", ngram_range=(2, 4), lowercase=False).fit_transform(plain)
    grams = normalize(sparse.csr_matrix(counts, dtype=np.float64))
    found = []
    for start in range(0, len(wanted), _BLOCK):
        rows = wanted[start : start + _BLOCK]
        likeness = (grams[rows] @ grams[: rows[-1] + 1].T).tocsr()
        for at, row in enumerate(rows):
            found += _best_earlier(likeness, at, row, threshold)
    return found


def _best_earlier(likeness: sparse.csr_matrix, at: int, row: int, threshold: float) -> list[tuple[int, int, float]]:
    begin, end = likeness.indptr[at], likeness.indptr[at + 1]
    columns, values = likeness.indices[begin:end], likeness.data[begin:end]
    earlier = (columns < row) & (values >= threshold - 1e-9)
    if not earlier.any():
        return []
    columns, values = columns[earlier], values[earlier]
    best = int(np.lexsort((columns, -np.round(values, 9)))[0])
    return [(row, int(columns[best]), min(1.0, float(values[best])))]
