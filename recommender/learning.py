"""Words learned for everybody from accepted matches: a demand's word (开胶) and a patent's word for it (剥离强度).

Every enterprise has one vote per pair of words, however often it answered, and a pair needs the votes of three.
Declined matches serve as comparison only, so nothing is ever learned against a patent. A pair is learned when its
patent word occurs in the accepted patents far more often than chance and the matcher's own choice explain (likelihood
ratio, Dunning 1993).
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from recommender.demand import whole_text
from recommender.feedback import characteristic_words
from recommender.index import Index
from recommender.matcher import Matcher
from recommender.records import Document, Query
from recommender.stop_words import stop_words
from recommender.text import bags, normalise
from recommender.thesaurus import Thesaurus
from recommender.weighting import LEAST_IDF

LEAST_FIRMS = 3
LEAST_STRENGTH = 15.14
"""Twice the log likelihood ratio that chance passes once in ten thousand (chi-square, one degree of freedom): many
pairs are looked at."""
TRUST_PER_FIRM = 0.1
MOST_TRUST = 0.35
"""Below the lowest trust of a written entry (0.4)."""
MOST_WORDS = 3
BACKGROUND = 20.0
"""How many enterprises the share of a word in the base counts for beside what was really shown."""
_WORDS_ONLY = (0.0, 1.0, 0.0, 1.0, 0.0)
_COMMON = 0.2  # a word that every fifth patent uses is no plain word of the shop floor
Pair = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """One patent shown for one demand: the enterprise (``firm``) it was shown to, a name for the ``match``, and whether
    the enterprise accepted it."""

    firm: str
    match: str
    demand: Query
    document: Document
    accepted: bool


@dataclass(frozen=True)
class LearnedWord:
    """A pair of words with its ``trust``, how many ``firms`` voted for it and how many ``against``, its ``strength``
    (twice the log likelihood ratio) and the ``matches`` it came from, one per firm."""

    plain: str
    patent_word: str
    trust: float
    firms: int
    against: int
    strength: float
    matches: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """A match with its words: ``plain`` ones of the demand that the patent lacks, ``patent`` ones that the demand
    lacks."""

    shown: Shown
    plain: frozenset[str]
    patent: frozenset[str]


def trust_of(firms: int) -> float:
    """The trust (0..1) of a pair that so many enterprises voted for."""
    return min(MOST_TRUST, round(TRUST_PER_FIRM * firms, 2))


def learn_words(shown: Sequence[Shown], matcher: Matcher) -> list[LearnedWord]:
    """The pairs of words that accepted matches teach, most votes first; written ones of ``matcher`` are left out.

    The index of ``matcher`` tells how common words are. The order of ``shown`` only decides which match of a firm is
    named: its first one.
    """
    index = matcher.index
    read = list(_read(shown, index))
    votes = _votes(read)
    common = _shares(index, {word for pair in votes for word in pair})
    judge = _Judge(read, _against(read, votes), common)
    learned = []
    for (plain, patent_word), matches in votes.items():
        if _known(matcher.thesaurus, plain, patent_word):
            continue
        strength = judge.strength(plain, patent_word, set(matches))
        if strength >= LEAST_STRENGTH:
            against = len(judge.against[plain, patent_word] - set(matches))
            learned.append(_word(plain, patent_word, matches, against, strength))
    # not in order of strength, which changes with every answer; of equal votes rare words first, as common ones may be
    # there by chance
    learned.sort(
        key=lambda word: (-word.firms, common[word.patent_word], common[word.plain], word.plain, word.patent_word)
    )
    return _few(_few(learned, "plain"), "patent_word")


class _Judge:
    """Whether a pair of words belongs together: its votes against everything else that was shown."""

    def __init__(self, read: Sequence[_Read], against: dict[Pair, set[str]], common: Mapping[str, float]) -> None:
        self.against, self.common = against, common
        self.holding = _firms_holding(read)
        self.firms = frozenset(one.shown.firm for one in read if one.shown.accepted)
        self.accepted: dict[str, Counter[str]] = defaultdict(Counter)
        for one in read:
            if one.shown.accepted:
                for word in one.plain:
                    self.accepted[word][one.shown.firm] += 1

    def strength(self, plain: str, patent_word: str, votes: set[str]) -> float:
        """The strength of a pair; 0 unless it has twice as many votes as enterprises that declined, or more.

        When it is too weak, the largest strength with any one enterprise left out counts, so that nobody alone can
        remove a word that others taught.
        """
        declined = self.against[plain, patent_word] - votes
        if len(votes) < 2 * len(declined):
            return 0.0
        strength = self._without("", plain, patent_word, votes, declined)
        if strength >= LEAST_STRENGTH:
            return strength
        contrary = (self.firms & (self.holding[patent_word] | self.accepted[plain].keys())) | declined
        return max(
            (self._without(firm, plain, patent_word, votes, declined) for firm in sorted(contrary)), default=strength
        )

    def _without(self, firm: str, plain: str, patent_word: str, votes: set[str], declined: set[str]) -> float:
        """The strength of a pair when all answers of one enterprise are left out ("": of none)."""
        votes, declined = votes - {firm}, declined - {firm}
        saying = self.accepted[plain].keys() - {firm}
        if len(votes) < LEAST_FIRMS:
            return 0.0
        others = self.firms - saying - {firm}
        # the more patents an enterprise accepted, the likelier one of them holds the word by chance
        usual = median(self.accepted[plain][each] for each in saying)
        by_chance = 1 - (1 - self.common[patent_word]) ** usual
        seen = len(self.holding[patent_word] & others) + len(declined) + BACKGROUND * by_chance
        return _ratio(len(votes), len(saying), seen / (len(others) + len(declined) + BACKGROUND))


def _few(words: Sequence[LearnedWord], side: Literal["plain", "patent_word"]) -> list[LearnedWord]:
    """At most ``MOST_WORDS`` pairs for each word of one side, the first ones."""
    given: Counter[str] = Counter()
    kept = []
    for word in words:
        given[getattr(word, side)] += 1
        if given[getattr(word, side)] <= MOST_WORDS:
            kept.append(word)
    return kept


def _word(plain: str, patent_word: str, matches: Mapping[str, str], against: int, strength: float) -> LearnedWord:
    named = tuple(match for _, match in sorted(matches.items()))
    return LearnedWord(plain, patent_word, trust_of(len(named)), len(named), against, round(strength, 2), named)


def _read(shown: Sequence[Shown], index: Index) -> Iterator[_Read]:
    """Each match with its words; words that occur in both texts need no learning."""
    texts = {one.demand.id: normalise(whole_text(one.demand)) for one in shown}
    cut = bags(list(texts.values()), _WORDS_ONLY, index.tokenizer, stop_words(), 0.0) if texts else ()
    demand_words = {key: set(bag.weights) for key, bag in zip(texts, cut, strict=True)}
    common = _shares(index, {word for words in demand_words.values() for word in words})
    documents = {one.document.id: one.document for one in shown}
    patent_words = {
        key: set(characteristic_words(document, index.rarity, index.tokenizer)) for key, document in documents.items()
    }
    for one in shown:
        text, patent = texts[one.demand.id], normalise(f"{one.document.title}\n{one.document.abstract}")
        plain = {word for word in demand_words[one.demand.id] if word not in patent and common[word] <= _COMMON}
        known = patent_words[one.document.id]
        words = {word for word in known if len(word) > 1 and not word.isascii() and word not in text}
        yield _Read(one, frozenset(plain), frozenset(words))


def _shares(index: Index, words: set[str]) -> dict[str, float]:
    """The share (0..1) of the documents of the base that hold each word; 0 for a word it does not know."""
    rarest = math.log(1.0 + index.documents_at_build) + LEAST_IDF
    known = index.rarity(sorted(words))
    return {word: min(1.0, math.exp(LEAST_IDF - known[word] * rarest)) if word in known else 0.0 for word in words}


def _firms_saying(read: Iterable[_Read]) -> dict[str, set[str]]:
    """By plain word the enterprises that accepted a patent for a demand with this word."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in read:
        if one.shown.accepted:
            for word in one.plain:
                found[word].add(one.shown.firm)
    return found


def _firms_holding(read: Iterable[_Read]) -> dict[str, set[str]]:
    """By patent word the enterprises that accepted a patent with this word."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in read:
        if one.shown.accepted:
            for word in one.patent:
                found[word].add(one.shown.firm)
    return found


def _votes(read: Sequence[_Read]) -> dict[Pair, dict[str, str]]:
    """By pair of words the enterprises that vote for it, each with its first match; only pairs with enough votes."""
    saying, holding = _firms_saying(read), _firms_holding(read)
    found: dict[Pair, dict[str, str]] = defaultdict(dict)
    for one in read:
        if not one.shown.accepted:
            continue
        patent = [word for word in one.patent if len(holding[word]) >= LEAST_FIRMS]
        for plain in one.plain:
            if len(saying[plain]) >= LEAST_FIRMS:
                for word in patent:
                    found[plain, word].setdefault(one.shown.firm, one.shown.match)
    return {pair: firms for pair, firms in found.items() if len(firms) >= LEAST_FIRMS}


def _against(read: Iterable[_Read], votes: Collection[Pair]) -> dict[Pair, set[str]]:
    """By pair of words that has votes the enterprises that declined a match with it."""
    found: dict[Pair, set[str]] = {pair: set() for pair in votes}
    for one in read:
        if not one.shown.accepted:
            for pair in itertools.product(one.plain, one.patent):
                if pair in found:
                    found[pair].add(one.shown.firm)
    return found


def _ratio(found: int, asked: int, chance: float) -> float:
    """Twice the log likelihood ratio of ``found`` among ``asked`` against ``chance``; 0 where it is no more often."""
    share = found / asked
    if share <= chance:
        return 0.0
    missed = asked - found
    return 2 * (found * math.log(share / chance) + (missed * math.log((1 - share) / (1 - chance)) if missed else 0.0))


def _known(thesaurus: Thesaurus, plain: str, patent_word: str) -> bool:
    """Whether the written thesaurus holds the pair, or one word contains the other."""
    return patent_word in thesaurus.meanings.get(plain, {}) or plain in patent_word or patent_word in plain
