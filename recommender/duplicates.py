"""Texts that repeat an earlier text with small edits: numbers changed, words swapped, sentences moved."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NOT_WORD = re.compile(r"[^\w#]+|_")
_BLOCK = 512
_SIZES = (2, 3, 4)  # characters of a gram, each one longer than the one before


def masked(text: str) -> str:
    """NFKC, lower case, every number as ``#``, no blanks, no punctuation: what stays when a clone is disguised."""
    return _NOT_WORD.sub("", _NUMBER.sub("#", unicodedata.normalize("NFKC", text).lower()))


def near_duplicates(
    texts: Sequence[str], threshold: float, of: Sequence[int] | None = None
) -> list[tuple[int, int, float]]:
    """For each text (or each in ``of``) its most similar *earlier* text when the cosine reaches ``threshold``.

    Cosine of counts of masked character 2- to 4-grams. Returns ``(position, earlier position, cosine 0..1)`` in order
    of position; of equally similar ones the earliest is named.
    """
    wanted = sorted(range(len(texts)) if of is None else of)
    plain = [masked(text) for text in texts]
    if not wanted or not any(len(text) > 1 for text in plain):
        return []
    grams = _unit_grams(plain)
    found = []
    for start in range(0, len(wanted), _BLOCK):
        rows = wanted[start : start + _BLOCK]
        likeness = (grams[rows] @ grams[: rows[-1] + 1].T).tocsr()
        for at, row in enumerate(rows):
            found += _best_earlier(likeness, at, row, threshold)
    return found


def _unit_grams(texts: Sequence[str]) -> sparse.csr_matrix:
    """(texts, grams): counts of character 2- to 4-grams of each text, each row of length 1 (or 0).

    A gram is packed exactly into 64 bits, 16 a character; beyond 65,535 different characters the last ones are one.
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.cumsum([len(text) for text in texts])
    characters = np.minimum(np.unique(codes, return_inverse=True)[1] + 1, 0xFFFF).astype(np.uint64)
    room = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(len(codes))  # characters of the text from here on
    packed, rows, keys = characters, [], []
    for size in _SIZES:
        packed = (packed[: len(codes) - size + 1] << np.uint64(16)) | characters[size - 1 :]
        inside = np.flatnonzero(room[: len(packed)] >= size)
        rows.append(np.searchsorted(ends, inside, side="right"))
        keys.append(packed[inside])
    known, columns = np.unique(np.concatenate(keys), return_inverse=True)
    where = (np.concatenate(rows), columns)
    counts = sparse.csr_matrix((np.ones(len(columns)), where), (len(texts), len(known)))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths, lengths, 1)) @ counts)


def _best_earlier(likeness: sparse.csr_matrix, at: int, row: int, threshold: float) -> list[tuple[int, int, float]]:
    begin, end = likeness.indptr[at], likeness.indptr[at + 1]
    columns, values = likeness.indices[begin:end], likeness.data[begin:end]
    earlier = (columns < row) & (values >= threshold - 1e-9)
    if not earlier.any():
        return []
    columns, values = columns[earlier], values[earlier]
    best = int(np.lexsort((columns, -np.round(values, 9)))[0])
    return [(row, int(columns[best]), min(1.0, float(values[best])))]
