"""Counting by one sort: the same terms, keys and counts as cutting each text by itself."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from recommender.building import merged_vocabulary
from recommender.counting import count_terms
from recommender.text import jieba_words, normalise, normalise_all, term_spans
from tests.recommender.factories import PATENTS

TEXTS = [text for patent in PATENTS for text in (patent.title, patent.abstract)]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", "鞋"],
        ["鞋底", "", "鞋底", "底鞋底鞋"],
        ["eva发泡tpu", "abcdefghijklmnopqrstuvwxyz0123456789", "3d打印机3d", "，。"],
        ["\U0001f600鞋\U0001f600底", "防滑\n耐磨"],
        TEXTS,
    ],
)
def test_counts_are_those_of_each_text_cut_by_itself(texts: list[str]) -> None:
    expected: Counter[tuple[int, int]] = Counter()
    for number, text in enumerate(texts):
        expected.update((key, number) for key in term_spans([text]).keys.tolist())
    found = count_terms(texts, jieba_words)
    assert found.keys.tolist() == sorted({key for key, _ in expected})
    pairs = zip(found.keys[found.terms].tolist(), found.texts.tolist(), strict=True)
    assert dict(zip(pairs, found.counts.tolist(), strict=True)) == expected


def test_counts_come_by_term_and_then_by_text() -> None:
    found = count_terms(TEXTS, jieba_words)
    order = np.lexsort((found.texts, found.terms))
    assert order.tolist() == list(range(len(order)))


def test_texts_made_plain_together_are_those_made_plain_alone() -> None:
    texts = ["ＥＶＡ％", "", "Ⅱ型①℃", "が", "か\u3099", "Σ", "ΑΣ", "\x00", "a\x00b", "①"]
    assert normalise_all(texts) == [normalise(text) for text in texts]
    assert normalise_all([]) == []


def test_vocabularies_are_merged_in_order_with_their_counts_added() -> None:
    parts = [
        (np.array([3, 7], dtype=np.uint64), np.array([1, 2])),
        (np.array([0, 3, 9], dtype=np.uint64), np.arange(3)),
    ]
    keys, counts = merged_vocabulary(parts)
    assert (keys.tolist(), counts.tolist()) == ([0, 3, 7, 9], [0, 2, 2, 2])
    assert [len(part) for part in merged_vocabulary([])] == [0, 0]
