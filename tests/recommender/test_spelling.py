"""What a word that stands nowhere may mean: by sound, by initials, by one typing error."""

from __future__ import annotations

import pytest

from recommender import Document, build_index
from recommender.spelling import WordList, readings, titles_of

TITLES = (
    "一种防水拉链",
    "拉链卡齿报警装置",
    "折叠雨伞",
    "雨伞骨架",
    "果实套袋机",
    "EVA鞋底",
    "重庆",
    "shoelace绑带",
    "张三",
)


@pytest.fixture(scope="module")
def words() -> WordList:
    return WordList.of(TITLES)


@pytest.mark.parametrize(
    ("typed", "way", "word"),
    [
        ("yusan", "pinyin", "雨伞"),
        ("lalian", "pinyin", "拉链"),
        ("chongqing", "pinyin", "重庆"),  # not zhongqing: read as the word it is
        ("zs", "initials", "张三"),
        ("套代", "homophone", "套袋"),
        ("拉练卡齿", "homophone", "拉链卡齿"),
        ("伞雨", "typing", "雨伞"),
        ("雨伞骨加", "homophone", "雨伞骨架"),
        ("shoelac", "typing", "shoelace"),
        ("shoelcae", "typing", "shoelace"),
    ],
)
def test_the_likeliest_reading(words: WordList, typed: str, way: str, word: str) -> None:
    assert readings(typed, words)[0] == (way, word)


@pytest.mark.parametrize("typed", ["雨伞", "x", "", "2019", "eav", "纳米涂层", "qwerty"])
def test_what_is_too_short_or_far_from_every_word_has_none(words: WordList, typed: str) -> None:
    assert readings(typed, words) == []


def test_the_newest_titles_of_an_index_come_first() -> None:
    index = build_index([Document("1", "雨伞", ""), Document("2", "张三\n纺织", "")])
    assert list(titles_of(index)) == ["张三", "纺织", "雨伞"]
