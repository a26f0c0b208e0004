"""What the thesaurus adds to a demand: patent words that borrow their weight from the plain words they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.settings import Settings
from recommender.text import Array, Tokenizer, bags
from recommender.thesaurus import Found

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Lookup = Callable[[Array], tuple[Ints, Floats]]
"""Keys of terms to their rows in the postings (-1: unknown) and their IDF, the rarest being 1."""
Terms = tuple[tuple[str, float, int], ...]
"""Term, weight of its kinds, key."""
_KEPT_PHRASES = 1 << 16
_CLEARLY_MORE = 1 + 1e-9  # of loans that only rounding tells apart the thesaurus' first one is named
_cut_before: dict[tuple[Settings, Tokenizer], dict[str, Terms]] = {}


class Loan(NamedTuple):
    """What one plain word may lend to all its patent words under one index.

    ``own``: keys (s,) of the plain word's terms, whose weight in a demand is what can be lent. One row for each term
    of each patent word: ``keys``, ``columns``, ``weights`` (what the term would have if the demand said it), ``rates``
    (the share of the plain word's own weight that its patent word may borrow), ``totals`` (the patent word's weight);
    ``terms`` and ``targets`` are their texts; ``feature``: a loan of the written thesaurus or a learned one.
    """

    source: str
    own: Array
    keys: Array
    columns: Ints
    weights: Floats
    rates: Floats
    totals: Floats
    terms: tuple[str, ...]
    targets: tuple[str, ...]
    feature: str


Kept = dict[tuple[str, str, bool], Loan]
"""Loans by plain word and feature, for prose or for lists of keywords."""


class Borrowed(NamedTuple):
    """Terms that demands do not say themselves: ``rows`` of the demands, ``columns``, ``amounts``; ``asked`` numbers
    the plain word in question, ``spots`` the row in its loan."""

    rows: Ints
    columns: Ints
    amounts: Floats
    asked: Ints
    spots: Ints


def _phrase_terms(phrases: Iterable[str], settings: Settings, tokenizer: Tokenizer) -> Mapping[str, Terms]:
    """The terms of thesaurus words at least, cut together and once a process: most demands ask for the same ones."""
    known = _cut_before.setdefault((settings, tokenizer), {})
    fresh = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
    if len(known) + len(fresh) > _KEPT_PHRASES:
        # a fresh one, since other threads may still read the full one
        known = _cut_before[settings, tokenizer] = {}
        fresh = list(dict.fromkeys(phrases))
    for phrase, bag in zip(fresh, bags(fresh, settings.kinds(), tokenizer) if fresh else (), strict=True):
        known[phrase] = tuple((term, weight, bag.keys[term]) for term, weight in bag.weights.items())
    return known


def _loan(
    found: Found, words: Mapping[str, Terms], known: Mapping[int, tuple[int, float]], prose: bool, settings: Settings
) -> Loan:
    """The rate is a part of a plain word's own weight, less where there are many patent words and where they are common
    in the base."""
    power = settings.idf_power_text if prose else settings.idf_power_keywords
    part = settings.thesaurus if prose else settings.thesaurus_keywords
    rows: list[tuple[int, int, float, float, float]] = []
    texts: list[tuple[str, str]] = []
    for target, trust in found.targets:
        rare = [(term, key, count, *known[key]) for term, count, key in words[target] if known[key][0] >= 0]
        rarest = max((rarity for *_, rarity in rare), default=0.0) ** settings.thesaurus_rarity
        rate = part * trust * rarest / len(found.targets) ** settings.thesaurus_crowd
        weights = [count * rarity**power for _, _, count, _, rarity in rare]
        if total := sum(weights):
            texts += [(term, target) for term, *_ in rare]
            rows += [(key, column, weight, rate, total)
                     for (_, key, _, column, _), weight in zip(rare, weights, strict=True)]  # fmt: skip
    weighed = np.array([row[2:] for row in rows], dtype=np.float64).reshape(len(rows), 3)
    return Loan(
        found.source,
        np.array([key for _, _, key in words[found.source]], dtype=np.uint64),
        np.array([key for key, *_ in rows], dtype=np.uint64),
        np.array([column for _, column, *_ in rows], dtype=np.int64),
        weighed[:, 0],
        weighed[:, 1],
        weighed[:, 2],
        tuple(term for term, _ in texts),
        tuple(target for _, target in texts),
        found.feature,
    )


def loans(
    asked: Sequence[tuple[Found, bool]], lookup: Lookup, settings: Settings, tokenizer: Tokenizer, kept: Kept
) -> list[Loan]:
    """The loans of plain words found, each in prose (True) or in keywords; new ones are made together and ``kept``."""
    wanted = {(found.source, found.feature, prose): found for found, prose in asked}
    fresh = {key: found for key, found in wanted.items() if key not in kept}
    if fresh:
        phrases = [word for one in fresh.values() for word in (one.source, *(target for target, _ in one.targets))]
        words = _phrase_terms(phrases, settings, tokenizer)
        keys = sorted({key for phrase in phrases for _, _, key in words[phrase]})
        columns, idf = lookup(np.array(keys, dtype=np.uint64))
        known = dict(zip(keys, zip(columns.tolist(), idf.tolist(), strict=True), strict=True))
        for key, found in fresh.items():
            kept[key] = _loan(found, words, known, key[-1], settings)
    return [kept[found.source, found.feature, prose] for found, prose in asked]


def _positions(sizes: Ints, starts: Ints) -> Ints:
    """The numbers ``start, start + 1, ...`` of each piece, one piece after the other."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)


class Said(NamedTuple):
    """What demands say themselves: ``keys`` sorted distinct ones, ``cells`` sorted numbers row * len(keys) + key, and
    the ``weights`` of these."""

    keys: Array
    cells: Ints
    weights: Floats

    def find(self, rows: Ints, keys: Array) -> Ints:
        """Which cell holds each key (m,) of each row, -1 where the demand does not say it."""
        if not len(self.cells):
            return np.full(len(rows), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        wanted = rows * len(self.keys) + places
        cells = np.minimum(np.searchsorted(self.cells, wanted), len(self.cells) - 1)
        return np.where((self.keys[places] == keys) & (self.cells[cells] == wanted), cells, -1)


def borrowed(rows: Ints, asked: Sequence[Loan], said: Said) -> Borrowed:
    """The terms that plain words (a,) ``asked`` by the demands ``rows`` (a,) add to what these ``said``.

    A patent word borrows at most its plain word's own weight and never more than its full weight; a term borrowed twice
    takes the larger loan.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if not asked:
        return Borrowed(nothing, nothing, np.zeros(0), nothing, nothing)
    numbers = {id(loan): number for number, loan in enumerate({id(loan): loan for loan in asked}.values())}
    distinct = list({id(loan): loan for loan in asked}.values())
    which = np.array([numbers[id(loan)] for loan in asked])
    lent = _lent(rows, which, distinct, said)
    sizes = np.array([len(loan.keys) for loan in distinct])
    places = _positions(sizes[which], (np.cumsum(sizes) - sizes)[which])
    pairs = np.repeat(np.arange(len(asked)), sizes[which])
    keys, columns, weights, rates, totals = (
        np.concatenate([loan[field] for loan in distinct])[places] for field in range(2, 7)
    )
    amounts = weights * (rates * np.minimum(lent[pairs], totals) / totals)
    fresh = np.flatnonzero((amounts != 0) & (said.find(rows[pairs], keys) < 0))
    chosen = fresh[_largest(rows[pairs[fresh]], keys[fresh], amounts[fresh])]
    spots = chosen - (np.cumsum(sizes[which]) - sizes[which])[pairs[chosen]]
    return Borrowed(rows[pairs[chosen]], columns[chosen], amounts[chosen], pairs[chosen], spots)


def _lent(rows: Ints, which: Ints, distinct: Sequence[Loan], said: Said) -> Floats:
    """The own weight of each plain word (a,) in its demand."""
    sizes = np.array([len(loan.own) for loan in distinct])
    places = _positions(sizes[which], (np.cumsum(sizes) - sizes)[which])
    pairs = np.repeat(np.arange(len(rows)), sizes[which])
    cells = said.find(rows[pairs], np.concatenate([loan.own for loan in distinct])[places])
    weights = np.where(cells >= 0, said.weights[cells], 0.0) if len(said.weights) else np.zeros(len(cells))
    return np.bincount(pairs, weights, minlength=len(rows)).astype(np.float64)


def _largest(rows: Ints, keys: Array, amounts: Floats) -> Ints:
    """Of each key of each row the place of its largest amount, the first of about equal ones, in rising order."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((keys, rows))
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = (np.diff(rows[order]) != 0) | (keys[order][1:] != keys[order][:-1])
    starts = np.flatnonzero(opens)
    group = np.cumsum(opens) - 1
    most = np.maximum.reduceat(amounts[order], starts)
    near = np.flatnonzero(amounts[order] * _CLEARLY_MORE >= most[group])
    _, firsts = np.unique(group[near], return_index=True)
    return np.sort(order[near[firsts]])
