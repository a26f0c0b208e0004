"""How much of what the patents of each trade often say the thesaurus knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recommender.text import Tokenizer, jieba_words, normalise_all
from recommender.thesaurus.loading import OBJECT, Thesaurus

OFTEN, SHARE, TYPICAL = 5, 0.005, 2.0
"""A word is a trade's when at least ``OFTEN`` of its titles and this ``SHARE`` of them say it, ``TYPICAL`` times as
often as the titles of all patents do."""


@dataclass(frozen=True)
class TradeCoverage:
    """One trade: its ``lines`` of the thesaurus, the ``patents`` of the base whose titles name one of its objects, the
    frequent ``words`` of these (most frequent first), and which of them the thesaurus lacks (``missing``)."""

    trade: str
    lines: int
    patents: int
    words: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def covered(self) -> float:
        """The share of the frequent words that the thesaurus knows, 0..1 (0 without any)."""
        return 1 - len(self.missing) / len(self.words) if self.words else 0.0


def coverage(
    titles: Sequence[str], thesaurus: Thesaurus, tokenizer: Tokenizer = jieba_words
) -> Iterator[TradeCoverage]:
    """For each trade of the thesaurus, by name, how much of the vocabulary of these patents' ``titles`` it knows.

    A patent may belong to several trades. Words have two Chinese characters or more. A word is known when it is a plain
    or a patent word, or consists of such.
    """
    plain = normalise_all(titles)
    cut = [frozenset(filter(_is_word, tokenizer(title))) for title in plain]
    everywhere = Counter(word for words in cut for word in words)
    lines = Counter(entry.trade for entry in thesaurus.entries)
    for trade, members in sorted(_by_trade(plain, thesaurus).items()):
        said = Counter(word for row in members for word in cut[row])
        typical = TYPICAL * len(members) / max(1, len(plain))
        often = [word for word, times in said.most_common()
                 if times >= max(OFTEN, SHARE * len(members)) and times >= typical * everywhere[word]]  # fmt: skip
        missing = tuple(word for word in often if not _is_known(word, thesaurus))
        yield TradeCoverage(trade, lines[trade], len(members), tuple(often), missing)


def _is_word(piece: str) -> bool:
    return len(piece) > 1 and all("\u4e00" <= char <= "\u9fff" for char in piece)


def _is_known(word: str, thesaurus: Thesaurus) -> bool:
    """Whether a word has a role, or is made of two or more words that have one, each of two characters or more."""
    if not word or thesaurus.role_of(word):
        return bool(word)
    return any(thesaurus.role_of(word[:end]) and _is_known(word[end:], thesaurus) for end in range(2, len(word) - 1))


def _by_trade(titles: Iterable[str], thesaurus: Thesaurus) -> dict[str, list[int]]:
    """For each trade the rows of the titles that name an object of two characters or more of it."""
    trades: dict[str, set[str]] = {}
    rows: dict[str, list[int]] = {entry.trade: [] for entry in thesaurus.entries}
    for entry in thesaurus.entries:
        for word in entry.sources if entry.role == OBJECT else ():
            if len(word) > 1:
                trades.setdefault(word, set()).add(entry.trade)
    for row, title in enumerate(titles):
        for trade in {trade for found in thesaurus.matches(title) for trade in trades.get(found.source, ())}:
            rows[trade].append(row)
    return rows
