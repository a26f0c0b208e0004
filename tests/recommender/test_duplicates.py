"""Texts that repeat an earlier one: the bulk product says what the plain definition says of every pair."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from recommender import near_duplicates
from recommender.duplicates import masked

TEXTS = (
    "鞋底打滑，磨耗 120 转后防滑系数低于 0.3，希望提高。",
    "拉链头电镀后起泡脱落",
    "鞋底打滑，磨耗 150 转后防滑系数低于 0.35，希望提高！",
    "伞架在大风里折断",
    "",
    "鞋",
    "鞋",
    "鞋底",
    "EVA 发泡😀不均",
    "拉链头电镀之后起泡脱落",
    "eva发泡😀不均",
)


def slow(one: str, other: str) -> float:
    left, right = (
        Counter(text[at : at + size] for size in (2, 3, 4) for at in range(len(text) - size + 1))
        for text in (masked(one), masked(other))
    )
    norms = math.sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return sum(n * right[gram] for gram, n in left.items()) / norms if norms else 0.0


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.72, 1.0])
def test_the_most_alike_earlier_text_is_named_with_the_plain_cosine(threshold: float) -> None:
    expected = []
    for at, text in enumerate(TEXTS):
        best = max(((round(slow(text, TEXTS[k]), 9), -k) for k in range(at)), default=(0.0, 0))
        if best[0] >= threshold:
            expected.append((at, -best[1], pytest.approx(best[0], abs=1e-9)))
    assert near_duplicates(TEXTS, threshold) == expected


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.72, 1.0])
def test_a_few_texts_compared_one_by_one_are_told_the_same_as_all_at_once(threshold: float) -> None:
    chance, signs = random.Random(7), "鞋底防滑系数#a3 ，拉链\ud800😀"
    texts = [*TEXTS, *("".join(chance.choices(signs, k=chance.randrange(40))) for _ in range(60))]
    texts += [text[:-1] + "。" for text in texts[-20:]]
    at_once = near_duplicates(texts, threshold)
    one_by_one = [pair for at in range(len(texts)) for pair in near_duplicates(texts, threshold, of=[at])]
    assert [pair[:2] for pair in one_by_one] == [pair[:2] for pair in at_once]
    assert [pair[2] for pair in one_by_one] == pytest.approx([pair[2] for pair in at_once], abs=2e-9)


def test_only_the_asked_texts_are_compared_and_with_earlier_ones_alone() -> None:
    assert [pair[:2] for pair in near_duplicates(TEXTS, 0.7, of=[2])] == [(2, 0)]
    assert near_duplicates(TEXTS, 0.7, of=[0]) == []


def test_grams_never_run_from_one_text_into_the_next() -> None:
    assert near_duplicates(["鞋底", "拉链", "底拉"], 0.01) == []


def test_texts_too_short_for_a_gram_resemble_nothing() -> None:
    assert near_duplicates(["鞋", "鞋", ""], 0.01) == []
