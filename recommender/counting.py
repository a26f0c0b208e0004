"""How often each term occurs in each field of many documents, counted by one sort of small numbers.

Every occurrence becomes one number made of its term (numbered within the batch) and its text; after sorting, equal
numbers are neighbours. This is cheaper than hashing every occurrence: only distinct terms get their 64-bit key, the
same that ``text.term_spans`` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.text import BASE, LETTER, Array, Ints, Tokenizer, char_classes, cut, latin_runs, long_words, mix, mixed


class Counts(NamedTuple):
    """``keys`` (v,) of the terms, sorted, and three columns of equal length: ``terms``, places in ``keys`` (rising),
    ``texts``, numbers of texts (rising within a term), and ``counts`` (above 0)."""

    keys: Array
    terms: Ints
    texts: Ints
    counts: Ints


class _Words(NamedTuple):
    """Longer words and Latin runs: the sorted ``keys`` (w,) of the distinct ones, where each occurrence ``starts`` (o,)
    and which of the keys it has (``numbers``, (o,))."""

    keys: Array
    numbers: Ints
    starts: Ints


def _spans_keys(values: Array, starts: Ints, ends: Ints) -> Array:
    """Keys of substrings from the mixed ``values`` of all characters.

    One pass for each character of the longest one, over those that are long enough; most are short.
    """
    sums, power, lengths = np.zeros(len(starts), dtype=np.uint64), np.uint64(1), ends - starts
    left = np.arange(len(starts))
    for offset in range(int(lengths.max(initial=0))):
        left = left[lengths[left] > offset]
        sums[left] += values[starts[left] + offset] * power
        power = np.multiply(power, BASE, dtype=np.uint64)
    return mix(sums)


def _words(joined: str, classes: npt.NDArray[np.uint8], values: Array, tokenizer: Tokenizer) -> _Words:
    words, word_ends = long_words(cut(joined, tokenizer)[1], classes)
    latin, latin_ends = latin_runs(classes)
    starts, ends = np.concatenate((words, latin)), np.concatenate((word_ends, latin_ends))
    keys, numbers = np.unique(_spans_keys(values, starts, ends), return_inverse=True)
    return _Words(keys, numbers, starts)


def _runs_of(values: Ints) -> Ints:
    """Where each run of equal values (n,) begins."""
    opens = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=opens[1:])
    return np.flatnonzero(opens)


def count_terms(texts: Sequence[str], tokenizer: Tokenizer) -> Counts:
    """How often each term of ``text.term_spans`` occurs in each of the normalised ``texts``."""
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = char_classes()[codes]
    letters = classes == LETTER
    alphabet, chars = _alphabet(codes)
    values = mixed(alphabet.astype(np.uint64))
    words = _words(joined, classes, values[chars], tokenizer)
    single = np.flatnonzero(letters)
    double = np.flatnonzero(letters[:-1] & letters[1:])
    size = len(alphabet)
    shift = np.int64(max(len(texts), 1).bit_length())
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    number = np.repeat(np.arange(len(texts)), lengths)
    # numbers below size are single characters, below size + size^2 pairs, above longer words; no term is in two kinds
    places = np.concatenate((single, double, words.starts))
    terms = np.concatenate((chars[single], size + chars[double] * size + chars[double + 1],
                            size + size * size + words.numbers))  # fmt: skip
    packed = np.sort((terms << shift) | number[places])
    # in ``packed`` the text is in the low bits, so that equal pairs of term and text are neighbours
    starts = _runs_of(packed)
    counts, packed = np.diff(starts, append=len(packed)), packed[starts]
    return _by_key(packed >> shift, packed & ((np.int64(1) << shift) - 1), counts, values, words.keys)


def _alphabet(codes: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """The distinct characters (a,), sorted, and for each character of the text its number among them."""
    present = np.zeros(int(codes.max(initial=0)) + 1, dtype=bool)
    present[codes] = True
    alphabet = np.flatnonzero(present)
    numbers = np.zeros(len(present), dtype=np.int64)
    numbers[alphabet] = np.arange(len(alphabet))
    return alphabet, numbers[codes]


def _by_key(terms: Ints, texts: Ints, counts: Ints, values: Array, words: Array) -> Counts:
    """The counts, which come in the order of the batch's term numbers, in the order of the terms' keys."""
    starts = _runs_of(terms)
    distinct, size = terms[starts], len(values)
    firsts, seconds = np.divmod(distinct - size, max(size, 1))
    kinds = np.searchsorted(distinct, [size, size + size * size])
    one, two = slice(0, kinds[0]), slice(kinds[0], kinds[1])
    keys = np.empty(len(distinct), dtype=np.uint64)
    keys[one] = mix(values[distinct[one]])
    keys[two] = mix(values[firsts[two]] + values[seconds[two]] * BASE)
    keys[kinds[1] :] = words[distinct[kinds[1] :] - size - size * size]
    order = np.argsort(keys)
    # ``moved`` takes the counts of each term as one block to where the key puts it
    sizes = np.diff(starts, append=len(terms))[order]
    ends = np.cumsum(sizes)
    moved = np.arange(len(terms)) + np.repeat(starts[order] - (ends - sizes), sizes)
    return Counts(keys[order], np.repeat(np.arange(len(order)), sizes), texts[moved], counts[moved])
