"""How much of the vocabulary of each trade the thesaurus knows."""

from __future__ import annotations

from recommender.thesaurus import Entry, Thesaurus
from recommender.thesaurus.coverage import coverage

BOOK = Thesaurus.of(
    [
        Entry(("拉链",), ("链牙",), trade="zippers", role="object"),
        Entry(("卡住",), ("卡滞",), trade="zippers", role="problem"),
        Entry(("雨伞",), ("伞骨",), trade="umbrellas", role="object"),
    ]
)
TITLES = ["拉链 链牙 装置"] * 6 + ["拉链 注塑"] * 5 + ["雨伞 卡住"] + ["其他 机床"] * 40


def cut(text: str) -> list[str]:
    return text.replace(" ", "\0 \0").split("\0")


def test_the_frequent_words_of_a_trades_patents_are_known_or_named() -> None:
    found = {one.trade: one for one in coverage(TITLES, BOOK, cut)}
    zippers = found["zippers"]
    assert (zippers.lines, zippers.patents) == (2, 11)  # a problem tells no trade: the umbrella's title names 卡住
    assert set(zippers.words) == {"拉链", "链牙", "装置", "注塑"}
    assert set(zippers.missing) == {"装置", "注塑"}
    assert zippers.covered == 0.5


def test_a_trade_without_frequent_words_covers_nothing() -> None:
    umbrellas = {one.trade: one for one in coverage(TITLES, BOOK, cut)}["umbrellas"]
    assert (umbrellas.patents, umbrellas.words, umbrellas.covered) == (1, (), 0.0)


def test_a_word_made_of_known_words_is_known() -> None:
    titles = ["拉链雨伞 拉链"] * 6 + ["其他"] * 40
    zippers = {one.trade: one for one in coverage(titles, BOOK, cut)}["zippers"]
    assert zippers.missing == ()
