"""From text to terms: NFKC, words cut by rjieba, and character 1-2-grams, for whole batches at a time.

A term is a substring and its key a 64-bit hash of it. So a gram and a word with the same characters are one term, and
a vocabulary is a sorted array of numbers that opens from disk at once. The keys of all substrings of a batch are
computed together from one prefix sum of mixed code points times powers of an odd base, modulo 2^64: the hash of
``text[s:e]`` is the difference of two prefix sums, divided by the base to the power of s.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import rjieba

from recommender.plain import normalise, normalise_all, plain_offsets

__all__ = ["normalise", "normalise_all", "plain_offsets"]

Array = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Tokenizer = Callable[[str], Sequence[str]]
"""Cuts a normalised text into pieces that joined give the text again (as jieba does)."""

SEPARATOR, LETTER, ASCII_LETTER, DIGIT = 0, 1, 2, 3
UNIGRAM, BIGRAM, WORD, LATIN = 0, 1, 2, 3
LONGEST_WORD = 8
BASE = np.uint64(0x9E3779B97F4A7C17)  # odd and 3 mod 4: swapped characters differ in all but one bit
_INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))
_PUNCTUATION = (
    (0x80, 0xBF),
    (0xD7, 0xD7),
    (0xF7, 0xF7),
    (0x2000, 0x20CF),
    (0x2190, 0x245F),
    (0x2500, 0x2BFF),
    (0x3000, 0x303F),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFFEF),
)


def jieba_words(text: str) -> list[str]:
    """The default tokenizer: jieba's words as cut by rjieba, with its hidden Markov model for unknown words."""
    return rjieba.cut(text)


def tagged_words(text: str) -> list[tuple[str, str]]:
    """jieba's words of a text, each with its part of speech (``n``, ``v``, ``a``, ``m`` …)."""
    return list(rjieba.tag(text))


@lru_cache(maxsize=1)
def char_classes() -> npt.NDArray[np.uint8]:
    """The class of every code point."""
    classes = np.full(0x110000, LETTER, dtype=np.uint8)
    classes[:0x80] = SEPARATOR
    for low, high in _PUNCTUATION:
        classes[low : high + 1] = SEPARATOR
    classes[ord("a") : ord("z") + 1] = ASCII_LETTER
    classes[ord("0") : ord("9") + 1] = DIGIT
    return classes


@dataclass(frozen=True)
class TermSpans:
    """Every occurrence of a term in a batch: ``starts`` and ``ends`` in the joined text, ``kinds``, ``keys`` and
    ``rows`` (which of the texts). ``bounds`` (one more than characters of the joined text) says where words begin or
    end, ``stop_characters`` how many characters of stop words come before each place."""

    starts: Ints
    ends: Ints
    kinds: npt.NDArray[np.uint8]
    keys: Array
    rows: Ints
    joined: str
    bounds: npt.NDArray[np.bool_]
    stop_characters: Ints


def mix(values: Array) -> Array:
    """SplitMix64's finaliser (Steele, Lea and Flood 2014): a bijection that spreads every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def mixed(codes: Array) -> Array:
    """What each character (code point) contributes to a key, before its place is taken into account."""
    return mix(codes + np.uint64(0x9E3779B97F4A7C15))


_powers: list[Array] = []


def _powers_up_to(size: int) -> tuple[Array, Array]:
    """base^0..base^size and inverse^0..inverse^size modulo 2^64, computed once and grown when needed."""
    if not _powers or len(_powers[0]) <= size:
        length = max(size + 1, 1 << 16)
        grown = []
        for factor in (BASE, _INVERSE):
            chain = np.full(length, factor, dtype=np.uint64)
            chain[0] = 1
            grown.append(np.cumprod(chain))
        _powers[:] = grown
    return _powers[0], _powers[1]


def _keys(codes: Array, starts: Ints, ends: Ints) -> Array:
    """Keys of the substrings from ``starts`` (n,) to ``ends`` of a text given as code points."""
    powers, inverses = _powers_up_to(len(codes))
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(mixed(codes) * powers[: len(codes)], out=sums[1:])
    return mix((sums[ends] - sums[starts]) * inverses[starts])


def latin_runs(classes: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Starts and ends of the runs of Latin letters and digits in a text given as classes of its characters."""
    mask = classes >= ASCII_LETTER
    edges = np.diff(np.concatenate(([False], mask, [False])).astype(np.int8))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def cut(joined: str, tokenizer: Tokenizer) -> tuple[Sequence[str], Ints]:
    """The tokenizer's pieces and their ends. Raises ValueError when they do not add up to the text."""
    pieces = tokenizer(joined)
    ends = np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)))
    if len(joined) and (not len(ends) or ends[-1] != len(joined)):
        raise ValueError("the tokenizer's pieces do not add up to the text")
    return pieces, ends


def long_words(ends: Ints, classes: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Starts and ends of words of three characters and more; a word of two is the 2-gram with the same key."""
    lengths = np.diff(ends, prepend=0)
    keep = (lengths >= 3) & (lengths <= LONGEST_WORD)
    starts, ends = ends[keep] - lengths[keep], ends[keep]
    keep = (classes[starts] == LETTER) & (classes[ends - 1] == LETTER)
    return starts[keep], ends[keep]


def _stop_characters(pieces: Sequence[str], ends: Ints, size: int, stop_words: Collection[str]) -> Ints:
    """How many characters of stop words come before each place (size + 1,)."""
    before = np.zeros(size + 1, dtype=np.int64)
    if stop_words:
        for piece, end in zip(pieces, ends.tolist(), strict=True):
            if piece in stop_words:
                before[end - len(piece) + 1 : end + 1] = 1
    return np.cumsum(before)


def term_spans(texts: Sequence[str], tokenizer: Tokenizer = jieba_words, stop_words: Collection[str] = ()) -> TermSpans:
    """All terms of normalised ``texts``: each letter, each pair of neighbours, words of 3 to 8, runs of a-z and 0-9.

    Runs of Latin letters and digits are one term each (``eva``, ``tpu``, ``3d``); a gram never crosses punctuation.
    """
    joined = "\n".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = char_classes()[codes]
    letters = classes == LETTER
    single = np.flatnonzero(letters)
    double = np.flatnonzero(letters[:-1] & letters[1:])
    pieces, cuts = cut(joined, tokenizer)
    words, word_ends = long_words(cuts, classes)
    latin, latin_ends = latin_runs(classes)
    starts = np.concatenate((single, double, words, latin))
    ends = np.concatenate((single + 1, double + 2, word_ends, latin_ends))
    kinds = np.repeat(
        np.array([UNIGRAM, BIGRAM, WORD, LATIN], dtype=np.uint8), [len(single), len(double), len(words), len(latin)]
    )
    firsts = np.cumsum([0] + [len(text) + 1 for text in texts[:-1]]) if texts else np.zeros(0, dtype=np.int64)
    rows = np.searchsorted(firsts, starts, side="right") - 1
    bounds = np.zeros(len(joined) + 1, dtype=bool)
    bounds[0], bounds[cuts] = True, True
    keys = _keys(codes.astype(np.uint64), starts, ends)
    stopped = _stop_characters(pieces, cuts, len(joined), stop_words)
    return TermSpans(starts, ends, kinds, keys, rows, joined, bounds, stopped)


def term_keys(terms: Sequence[str]) -> Array:
    """The keys of whole normalised ``terms`` (n,), the same that ``term_spans`` gives to these substrings."""
    joined = "\n".join(terms)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, terms), dtype=np.int64, count=len(terms))
    starts = np.concatenate(([0], np.cumsum(lengths + 1)[:-1])).astype(np.int64) if len(terms) else lengths
    return _keys(codes, starts, starts + lengths)


def word_spans(text: str, tokenizer: Tokenizer = jieba_words) -> list[tuple[int, int]]:
    """(start, end) of each word of a normalised text; punctuation is left out."""
    spans, place = [], 0
    for word in tokenizer(text):
        if any(unicodedata.category(char)[0] in "LN" for char in word):
            spans.append((place, place + len(word)))
        place += len(word)
    return spans


def span_weights(
    spans: TermSpans, kinds: tuple[float, float, float, float, float], stop_word_weight: float = 1.0
) -> npt.NDArray[np.float64]:
    """The weight of every occurrence by its kind (``kinds`` as in ``bags``), as an array like ``spans.starts``."""
    unigram, bigram, cross, word, latin = kinds
    weights = np.array([unigram, cross, word, latin])[spans.kinds]
    inner = spans.bounds[np.minimum(spans.starts + 1, len(spans.joined))]
    weights[(spans.kinds == BIGRAM) & spans.bounds[spans.starts] & spans.bounds[spans.ends] & ~inner] = bigram
    weights[spans.stop_characters[spans.ends] > spans.stop_characters[spans.starts]] *= stop_word_weight
    return weights


@dataclass(frozen=True)
class Bag:
    """Terms of one text: ``weights`` by term and ``keys`` by term."""

    weights: dict[str, float]
    keys: dict[str, int]


def bags(
    texts: Sequence[str],
    kinds: tuple[float, float, float, float, float],
    tokenizer: Tokenizer = jieba_words,
    stop_words: Collection[str] = (),
    stop_word_weight: float = 1.0,
) -> list[Bag]:
    """The terms of normalised texts, each with the sum over its places of the weight of its kind.

    ``kinds``: weight of a single character, of a pair that is a word of the text, of any other pair, of a longer word
    and of a Latin run. The weight of a term that touches one of ``stop_words`` is multiplied by ``stop_word_weight``.
    """
    spans = term_spans(texts, tokenizer, stop_words)
    weights = span_weights(spans, kinds, stop_word_weight)
    found = [Bag({}, {}) for _ in texts]
    kept = np.flatnonzero(weights)
    columns = (part[kept].tolist() for part in (spans.starts, spans.ends, spans.rows, spans.keys, weights))
    for start, end, row, key, weight in zip(*columns, strict=True):
        bag, term = found[row], spans.joined[start:end]
        bag.weights[term] = bag.weights.get(term, 0.0) + weight
        bag.keys[term] = key
    return found
