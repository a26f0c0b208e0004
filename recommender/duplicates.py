"""Near duplicates: texts that repeat an earlier one with small edits, such as other numbers or moved sentences."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_WORD = re.compile(r"[^\w#]+|_")
_BLOCK = 512
_FEW = 8  # texts that are compared one by one: up to here the matrix of all texts takes longer
_SIZES = (2, 3, 4)


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
    wanted = sorted(range(len(texts)) if of is None else of)
    plain = [masked(text) for text in texts[: wanted[-1] + 1]] if wanted else []
    if not any(len(text) > 1 for text in plain):
        return []
    if len(wanted) <= _FEW:
        return [pair for row in wanted for pair in _nearest(plain, row, threshold)]
    from sklearn.feature_extraction.text import CountVectorizer  # slow to import; most processes never come here
    from sklearn.preprocessing import normalize

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


def _nearest(plain: Sequence[str], row: int, threshold: float) -> list[tuple[int, int, float]]:
    """One text against all earlier ones; only those are looked at gram by gram whose cosine can reach the threshold.

    The number of a text's grams is at most the sum of their squared counts, so the cosine is at most what the shared
    grams give over the roots of the one's sum and of the other's number.
    """
    own = _grams(plain[row])
    if not own or not row:
        return []
    length = _length(own)
    shared = _shared(plain[row], own, plain[:row])
    sizes = np.fromiter(map(len, plain[:row]), np.int64, row)
    numbers = sum(np.maximum(sizes - size + 1, 0) for size in _SIZES)
    possible = np.flatnonzero(shared >= (threshold - 1e-9) * length * np.sqrt(np.maximum(numbers, 1)) * (1 - 1e-12))
    exact = [
        (round(float(shared[at]) / (length * _length(_grams(plain[at]))), 9), -at)
        for at in possible.tolist()
        if shared[at]
    ]
    likeness, earlier = max(exact, default=(0.0, 0))
    return [(row, -earlier, min(1.0, float(likeness)))] if exact and likeness >= threshold - 1e-9 else []


def _grams(text: str) -> Counter[str]:
    return Counter(text[at : at + size] for size in _SIZES for at in range(len(text) - size + 1))


def _length(counts: Counter[str]) -> float:
    return math.sqrt(sum(number * number for number in counts.values()))


def _shared(text: str, own: Counter[str], others: Sequence[str]) -> np.ndarray:
    """For each other text the sum, over its grams, of how often ``text`` has the same gram: their scalar product.

    A gram is looked for where its beginning, one character shorter, was found; the break between two texts is no
    character of ``text``, so nothing is found across it.
    """
    numbers = {sign: at for at, sign in enumerate(sorted(set(text)), 1)}  # of the grams found last, by gram
    base, signs = len(numbers) + 1, dict(numbers)
    place = np.zeros(0x110000, np.int64)
    place[[ord(sign) for sign in signs]] = list(signs.values())
    codes = place[np.frombuffer("\n".join(others).encode("utf-32-le", "surrogatepass"), np.uint32)]
    begins = np.cumsum([0, *(len(other) + 1 for other in others)])
    shared = np.zeros(len(others))
    at = np.flatnonzero(codes)
    key = codes[at]
    for size in _SIZES:
        at, key = at[at + size <= len(codes)], key[at + size <= len(codes)]
        listed = sorted((numbers[gram[:-1]] * base + signs[gram[-1]], gram) for gram in own if len(gram) == size)
        if not listed:
            break
        known = np.array([code for code, _ in listed])
        code = key * base + codes[at + size - 1]
        found = np.minimum(np.searchsorted(known, code), len(known) - 1)
        hit = known[found] == code
        at, found = at[hit], found[hit]
        weights = np.array([own[gram] for _, gram in listed], np.float64)[found]
        shared += np.bincount(np.searchsorted(begins, at, "right") - 1, weights, len(others))
        key, numbers = found + 1, {gram: number for number, (_, gram) in enumerate(listed, 1)}
    return shared
