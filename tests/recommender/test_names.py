"""Near-same names: the short list misses none, and what is left out is left out by rule."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from recommender import names
from recommender.names import NearPair, near_names

TEXTS = st.lists(st.text("甲乙丙丁戊", max_size=8), max_size=25)
THRESHOLDS = st.sampled_from([40.0, 60.0, 75.0, 80.0, 90.0, 100.0])


def every_pair(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    """All pairs compared, as a reader would do it."""
    return {
        (i, j)
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if texts[i] and texts[j] and fuzz.ratio(texts[i], texts[j]) >= threshold - 1e-9
    }


def places(pairs: list[NearPair]) -> set[tuple[int, int]]:
    assert len({pair[:2] for pair in pairs}) == len(pairs)
    return {(pair.first, pair.second) for pair in pairs}


@given(TEXTS, THRESHOLDS)
def test_the_short_list_misses_no_pair_of_all_pairs(texts: list[str], threshold: float) -> None:
    assert places(near_names(texts, threshold)) == every_pair(texts, threshold)


def test_longer_texts_miss_none_either() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices("甲乙丙丁戊己庚辛壬癸子丑", k=chance.randint(1, 40))) for _ in range(60)]
    for text in texts[:60]:
        at = chance.randrange(len(text))
        texts.append(text[:at] + chance.choice(["", "寅", "卯辰"]) + text[at + chance.randint(0, 1) :])
    for threshold in (70.0, 85.0, 90.0, 95.0):
        assert places(near_names(texts, threshold)) == every_pair(texts, threshold) != set()


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_blocks_of_any_size_give_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(size)
    texts = ["".join(chance.choices("甲乙丙丁戊", k=chance.randint(0, 8))) for _ in range(60)]
    whole = near_names(texts, 75.0)
    monkeypatch.setattr(names, "_CANDIDATES", size)
    assert near_names(texts, 75.0) == whole != []


@pytest.mark.parametrize("kept", [1, 50])
def test_letting_go_on_the_way_keeps_the_same(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"某某鞋业贸易{number}" for number in range(200)]
    whole = near_names(texts, 80.0, most=4)
    monkeypatch.setattr(names, "_CANDIDATES", 100)
    monkeypatch.setattr(names, "_KEPT", kept)
    assert near_names(texts, 80.0, most=4) == whole != []


def test_the_likest_come_first_with_their_ratio() -> None:
    pairs = near_names(["恒达鞋塑科技发展", "某某食品", "恒达鞋塑科技发展", "恒大鞋塑科技发展"], 85.0)
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 2), (0, 3), (2, 3)]
    assert pairs[0].ratio == 100.0 and pairs[1].ratio == pytest.approx(87.5)


@pytest.mark.parametrize(("threshold", "found"), [(74.9, 1), (75.0, 1), (75.1, 0)])
def test_a_pair_exactly_at_the_threshold_is_found(threshold: float, found: int) -> None:
    assert len(near_names(["abcd", "abcx"], threshold)) == found


def test_nothing_and_one_text_make_no_pair() -> None:
    assert near_names([], 90.0) == near_names(["甲乙"], 90.0) == near_names(["", ""], 90.0) == []


@pytest.mark.parametrize("direct", [0, 1000])
@given(texts=TEXTS, new=st.sets(st.integers(0, 24)))
def test_only_pairs_with_a_new_text_are_told(direct: int, texts: list[str], new: set[int]) -> None:
    asked = {at for at in new if at < len(texts)}
    wanted = {pair for pair in every_pair(texts, 75.0) if asked & set(pair)}
    with patch.object(names, "_DIRECT", direct):
        assert places(near_names(texts, 75.0, new=sorted(asked))) == wanted


@given(TEXTS, st.lists(st.sampled_from(["", "", "A", "B"]), min_size=25, max_size=25))
def test_two_different_codes_are_no_pair(texts: list[str], codes: list[str]) -> None:
    wanted = {(i, j) for i, j in every_pair(texts, 75.0) if not codes[i] or not codes[j] or codes[i] == codes[j]}
    assert places(near_names(texts, 75.0, codes=codes[: len(texts)])) == wanted


@given(TEXTS, st.lists(st.sampled_from(["", "A", "B"]), min_size=25, max_size=25))
def test_only_texts_of_one_group_are_compared(texts: list[str], groups: list[str]) -> None:
    wanted = {(i, j) for i, j in every_pair(texts, 75.0) if groups[i] == groups[j]}
    groups = groups[: len(texts)]
    assert places(near_names(texts, 75.0, groups=groups)) == wanted
    assert places(near_names(texts, 75.0, groups=groups, new=range(len(texts)))) == wanted


@given(TEXTS, st.integers(1, 4), st.sets(st.integers(0, 24)))
def test_of_a_crowd_the_likest_of_each_new_text_are_kept(texts: list[str], most: int, new: set[int]) -> None:
    asked = sorted(at for at in new if at < len(texts))
    pairs = near_names(texts, 60.0, new=asked)
    wanted = set()
    for at in asked:
        own = [(-pair.ratio, pair.first + pair.second - at, pair) for pair in pairs if at in pair[:2]]
        wanted |= {each[2] for each in sorted(own)[:most]}
    assert set(near_names(texts, 60.0, new=asked, most=most)) == wanted


def test_ten_thousand_numbered_names_do_not_fill_the_queue() -> None:
    texts = [f"某某鞋业贸易{number}" for number in range(1500)]
    pairs = near_names(texts, 85.0, most=5)
    assert 0 < len(pairs) <= 5 * len(texts)
    assert all(pair.ratio >= 85.0 for pair in pairs)
