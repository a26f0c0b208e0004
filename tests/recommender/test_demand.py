"""What a demand asks for: reading many together changes nothing, and measures and acronyms are terms of their own."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import Document, Matcher, Query, build_index, matcher
from recommender.ranking import rows_of
from tests.recommender.factories import DEMAND, PATENTS, matcher_of

MATCHER = Matcher(build_index(PATENTS))
ASKED = [
    DEMAND,
    Query("none", "", ""),
    Query("words", "", "", ("设备", "鞋底", "ＥＶＡ")),
    Query("prose", "找防滑鞋底", "我们想要防滑鞋底，衣服起疙瘩"),
    Query("mixed", "", "紫菜烘干", ("烘干机",)),
]


def test_demands_read_together_are_read_as_each_alone() -> None:
    for query, together in zip(ASKED, MATCHER.query_terms_of_each(ASKED, {}), strict=True):
        alone = MATCHER.query_terms(query)
        assert (together.terms, together.origins, together.text) == (alone.terms, alone.origins, alone.text)
        np.testing.assert_array_equal(together.weights, alone.weights)
        np.testing.assert_array_equal(together.columns, alone.columns)


def test_the_batch_asks_for_the_same_rows_as_each_demand_alone() -> None:
    together = MATCHER.read(ASKED).rows()
    for row, query in enumerate(ASKED):
        one, alone = together.one(row), rows_of(MATCHER.query_terms(query))
        np.testing.assert_array_equal(one.columns, alone.columns)
        np.testing.assert_array_equal(one.weights, alone.weights)


@pytest.mark.parametrize("block", [1, 2, 4, 5])
def test_the_batch_answers_in_the_order_asked_however_it_is_cut(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    whole = list(MATCHER.match(ASKED, 4))
    monkeypatch.setattr(matcher, "READ_TOGETHER", block)
    for threads in (1, 3):
        assert list(MATCHER.match(ASKED, 4, threads=threads)) == whole


def test_feedback_counts_in_the_batch_as_alone() -> None:
    feedback = {ASKED[3].id: {"p4": 1.0, "p1": -1.0}}
    expected = [
        (query.id, hit.document_id, pytest.approx(hit.score, abs=1e-5))
        for query in ASKED
        for hit in MATCHER.search(query, 6, feedback=feedback.get(query.id))
    ]
    assert list(MATCHER.match(ASKED, 6, feedback=feedback)) == expected
    assert list(MATCHER.match(ASKED, 6)) != expected


def test_feedback_to_one_demand_leaves_the_others_read_with_it_alone() -> None:
    first, other = MATCHER.query_terms_of_each([ASKED[0], ASKED[3]], {ASKED[0].id: {"p4": 1.0}})
    assert "feedback" in {origin.feature for origin in first.origins}
    assert "feedback" not in {origin.feature for origin in other.origins}


@pytest.mark.parametrize(
    ("written", "term"),
    [("要ＥＶＡ发泡的", "eva"), ("用TPU膜", "tpu"), ("3D打印鞋面", "3d"), ("回弹≥30%", "30"), ("剥离强度≥4N/mm", "4n")],
)
def test_acronyms_and_numbers_are_terms_of_their_own(written: str, term: str) -> None:
    assert term in MATCHER.query_terms(Query("q", "", written)).terms


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("想用ＥＶＡ做", ["eva"]),
        ("tpu", ["tpu"]),
        ("PU", ["pu"]),
        ("３Ｄ", ["three_d"]),
        ("30％", ["thirty"]),
        ("300", ["hundreds"]),
        ("≥4N/mm", ["peel"]),
        ("4", []),
    ],
)
def test_acronyms_and_numbers_meet_themselves_and_nothing_that_holds_them(asked: str, found: list[str]) -> None:
    texts = {"eva": "EVA发泡", "tpu": "TPU薄膜", "pu": "pu革", "three_d": "3D打印", "thirty": "回弹率30%",
             "hundreds": "300次", "peel": "剥离强度≥4N/mm"}  # fmt: skip
    base = matcher_of([Document(name, text, "") for name, text in texts.items()])
    assert [hit.document_id for hit in base.search(Query("q", "", asked))] == found
