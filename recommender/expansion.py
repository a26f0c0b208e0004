"""Query expansion: the patent words that the thesaurus names for the plain words of a demand, and what they weigh.

A plain word passes a share of its own weight on to its patent words. What it can pass on under one index is worked out
once per plain word (``Expansion``) and kept, because most demands use the same plain words.
"""

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
"""Term, weight by its kinds, key."""
_MOST_CACHED_PHRASES = 1 << 16
_CLEARLY_MORE = 1 + 1e-9  # weights closer than this differ by rounding only, and the first of them is taken
_phrase_cache: dict[tuple[Settings, Tokenizer], dict[str, Terms]] = {}


class Expansion(NamedTuple):
    """What one plain word (``source``) can add to a demand under one index.

    ``own_keys`` (s,): keys of the plain word's terms, whose weight in a demand limits what is added. The other columns
    have one row for each term of each patent word: ``keys``, ``columns`` in the vocabulary, ``weights`` the term would
    have if the demand contained it, ``rates`` (share of the plain word's weight that goes to the patent word),
    ``totals`` (weight of the whole patent word), and the texts of the ``terms`` and of the patent words (``targets``).
    ``feature``: ``thesaurus`` for a written entry, ``learned`` for a learned one.
    """

    source: str
    own_keys: Array
    keys: Array
    columns: Ints
    weights: Floats
    rates: Floats
    totals: Floats
    terms: tuple[str, ...]
    targets: tuple[str, ...]
    feature: str


ExpansionCache = dict[tuple[str, str, bool], Expansion]
"""Expansions of one index by plain word, feature and whether the word occurs in prose (True) or in keywords."""


class ExpandedTerms(NamedTuple):
    """Terms added to demands, column by column: ``rows`` of the demands (rising), ``columns`` in the vocabulary (-1:
    unknown), ``weights``; ``sources`` numbers the expansion a term comes from, ``positions`` its row in that."""

    rows: Ints
    columns: Ints
    weights: Floats
    sources: Ints
    positions: Ints


class OwnTerms(NamedTuple):
    """The terms that demands contain: ``keys`` (k,) of the distinct ones, sorted; ``cells`` (c,) sorted numbers
    row * k + place in ``keys``; and the ``weights`` (c,) of these."""

    keys: Array
    cells: Ints
    weights: Floats

    def find(self, rows: Ints, keys: Array) -> Ints:
        """The cell (m,) of each of ``keys`` in each of ``rows``; -1 where the demand does not contain the term."""
        if not len(self.cells):
            return np.full(len(rows), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        wanted = rows * len(self.keys) + places
        cells = np.minimum(np.searchsorted(self.cells, wanted), len(self.cells) - 1)
        return np.where((self.keys[places] == keys) & (self.cells[cells] == wanted), cells, -1)


def _phrase_terms(phrases: Iterable[str], settings: Settings, tokenizer: Tokenizer) -> Mapping[str, Terms]:
    """The terms of at least these words of the thesaurus; each word is cut once per process."""
    known = _phrase_cache.setdefault((settings, tokenizer), {})
    fresh = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
    if len(known) + len(fresh) > _MOST_CACHED_PHRASES:
        # a new dictionary, because other threads may still read the full one
        known = _phrase_cache[settings, tokenizer] = {}
        fresh = list(dict.fromkeys(phrases))
    for phrase, bag in zip(fresh, bags(fresh, settings.kinds(), tokenizer) if fresh else (), strict=True):
        known[phrase] = tuple((term, weight, bag.keys[term]) for term, weight in bag.weights.items())
    return known


def _expansion(
    found: Found, words: Mapping[str, Terms], known: Mapping[int, tuple[int, float]], prose: bool, settings: Settings
) -> Expansion:
    """One plain word's expansion. ``words`` gives the terms of each phrase, ``known`` column and IDF of each key.

    The rate falls with the number of patent words and with how common they are in the base.
    """
    power = settings.idf_power_text if prose else settings.idf_power_keywords
    share = settings.expansion_text if prose else settings.expansion_keywords
    numbers: list[tuple[int, int, float, float, float]] = []
    texts: list[tuple[str, str]] = []
    for target, trust in found.targets:
        held = [(term, key, count, *known[key]) for term, count, key in words[target] if known[key][0] >= 0]
        rarest = max((rarity for *_, rarity in held), default=0.0) ** settings.expansion_rarity_power
        rate = share * trust * rarest / len(found.targets) ** settings.expansion_count_power
        weights = [count * rarity**power for _, _, count, _, rarity in held]
        if total := sum(weights):
            texts += [(term, target) for term, *_ in held]
            numbers += [(key, column, weight, rate, total)
                        for (_, key, _, column, _), weight in zip(held, weights, strict=True)]  # fmt: skip
    floats = np.array([row[2:] for row in numbers], dtype=np.float64).reshape(len(numbers), 3)
    return Expansion(
        source=found.source,
        own_keys=np.array([key for _, _, key in words[found.source]], dtype=np.uint64),
        keys=np.array([key for key, *_ in numbers], dtype=np.uint64),
        columns=np.array([column for _, column, *_ in numbers], dtype=np.int64),
        weights=floats[:, 0],
        rates=floats[:, 1],
        totals=floats[:, 2],
        terms=tuple(term for term, _ in texts),
        targets=tuple(target for _, target in texts),
        feature=found.feature,
    )


def expansions_of(
    found: Sequence[tuple[Found, bool]],
    lookup: Lookup,
    settings: Settings,
    tokenizer: Tokenizer,
    cache: ExpansionCache,
) -> list[Expansion]:
    """The expansion of each plain word ``found`` in prose (True) or in keywords (False).

    Those that ``cache`` lacks are worked out together, with one look into the vocabulary, and put into it.
    """
    wanted = {(word.source, word.feature, prose): word for word, prose in found}
    fresh = {key: word for key, word in wanted.items() if key not in cache}
    if fresh:
        phrases = [one for word in fresh.values() for one in (word.source, *(target for target, _ in word.targets))]
        words = _phrase_terms(phrases, settings, tokenizer)
        keys = sorted({key for phrase in phrases for _, _, key in words[phrase]})
        columns, idf = lookup(np.array(keys, dtype=np.uint64))
        known = dict(zip(keys, zip(columns.tolist(), idf.tolist(), strict=True), strict=True))
        for key, word in fresh.items():
            cache[key] = _expansion(word, words, known, key[-1], settings)
    return [cache[word.source, word.feature, prose] for word, prose in found]


def _ranges(sizes: Ints, starts: Ints) -> Ints:
    """The numbers ``start, start + 1, ...`` of ranges of these ``sizes``, one range after the other."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)


def expand(rows: Ints, expansions: Sequence[Expansion], own: OwnTerms) -> ExpandedTerms:
    """The terms that ``expansions`` (a,), found in the demands ``rows`` (a,), add to the demands' ``own`` terms.

    A patent word gets at most its share of the plain word's weight in the demand, and never more than its full weight.
    Terms that the demand contains are not added; of a term added twice the larger weight is kept.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if not expansions:
        return ExpandedTerms(nothing, nothing, np.zeros(0), nothing, nothing)
    # the columns of each distinct expansion are joined once; ``which`` says which of them is meant, ``pairs`` which of
    # the (demand, expansion) pairs each row of the result belongs to
    distinct = list({id(expansion): expansion for expansion in expansions}.values())
    numbers = {id(expansion): number for number, expansion in enumerate(distinct)}
    which = np.array([numbers[id(expansion)] for expansion in expansions])
    sizes = np.array([len(expansion.keys) for expansion in distinct])
    places = _ranges(sizes[which], (np.cumsum(sizes) - sizes)[which])
    pairs = np.repeat(np.arange(len(expansions)), sizes[which])
    keys, columns, weights, rates, totals = (
        np.concatenate([getattr(expansion, name) for expansion in distinct])[places]
        for name in ("keys", "columns", "weights", "rates", "totals")
    )
    given = _own_weights(rows, which, distinct, own)[pairs]
    added = weights * (rates * np.minimum(given, totals) / totals)
    fresh = np.flatnonzero((added != 0) & (own.find(rows[pairs], keys) < 0))
    chosen = fresh[_largest(rows[pairs[fresh]], keys[fresh], added[fresh])]
    positions = chosen - (np.cumsum(sizes[which]) - sizes[which])[pairs[chosen]]
    return ExpandedTerms(rows[pairs[chosen]], columns[chosen], added[chosen], pairs[chosen], positions)


def _own_weights(rows: Ints, which: Ints, distinct: Sequence[Expansion], own: OwnTerms) -> Floats:
    """The weight (a,) that each plain word has in its demand: the sum over its terms."""
    sizes = np.array([len(expansion.own_keys) for expansion in distinct])
    places = _ranges(sizes[which], (np.cumsum(sizes) - sizes)[which])
    pairs = np.repeat(np.arange(len(rows)), sizes[which])
    cells = own.find(rows[pairs], np.concatenate([expansion.own_keys for expansion in distinct])[places])
    weights = np.where(cells >= 0, own.weights[cells], 0.0) if len(own.weights) else np.zeros(len(cells))
    return np.bincount(pairs, weights, minlength=len(rows)).astype(np.float64)


def _largest(rows: Ints, keys: Array, weights: Floats) -> Ints:
    """For each key of each row the place of its largest weight (the first of about equal ones), in rising order."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((keys, rows))
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = (np.diff(rows[order]) != 0) | (keys[order][1:] != keys[order][:-1])
    starts = np.flatnonzero(opens)
    group = np.cumsum(opens) - 1
    most = np.maximum.reduceat(weights[order], starts)
    near = np.flatnonzero(weights[order] * _CLEARLY_MORE >= most[group])
    _, firsts = np.unique(group[near], return_index=True)
    return np.sort(order[near[firsts]])
