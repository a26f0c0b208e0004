"""Reasons are the summands of the score, in the demand's own words."""

from __future__ import annotations

import pytest

from recommender import Document, Query, Thesaurus, highlight, suggest_terms
from recommender.phrases import shared_phrases
from recommender.thesaurus import Entry
from tests.recommender.factories import DEMAND, PATENTS, explained, matcher_of

MATCHER = matcher_of(PATENTS, Thesaurus.of([Entry(("起毛球", "起疙瘩"), ("起球",), 0.8)]))


@pytest.mark.parametrize("query", [DEMAND, Query("k", "", "", ("雨伞", "弹簧", "鞋")), Query("t", "", "衣服起疙瘩")])
def test_reasons_add_up_to_the_score(query: Query) -> None:
    hits = MATCHER.search(query)
    assert hits
    for hit in hits:
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-12)


def test_overlapping_grams_are_shown_as_one_phrase() -> None:
    best = MATCHER.search(DEMAND)[0].reasons
    words = [reason.demand_text for reason in best if reason.feature == "word"]
    assert "运动鞋底" in words
    assert "运动鞋" not in words
    assert len([reason for reason in best if reason.feature == "gram"]) <= 1


def test_the_thesaurus_is_named_as_the_reason_with_both_words() -> None:
    hit = MATCHER.search(Query("q", "", "衣服起疙瘩"))[0]
    assert hit.document_id == "p4"
    reason = next(reason for reason in hit.reasons if reason.feature == "thesaurus")
    assert (reason.demand_text, reason.patent_text) == ("起疙瘩", "起球")


def test_explain_gives_the_same_hit_as_search() -> None:
    for hit in MATCHER.search(DEMAND):
        assert explained(MATCHER, DEMAND, hit.document_id) == hit


def test_explain_of_an_unknown_document_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        explained(MATCHER, DEMAND, "nobody")


def test_a_pair_with_nothing_in_common_scores_0_without_reasons() -> None:
    hit = explained(MATCHER, Query("q", "", "wifi"), "p1")
    assert (hit.score, hit.reasons) == (0.0, ())


@pytest.mark.parametrize(
    ("demand", "patent", "phrases"),
    [
        ("防滑,耐磨鞋底", "防滑,耐磨的鞋底", ["防滑", "耐磨", "鞋底"]),
        ("防滑鞋底", "防滑鞋和滑鞋底", ["防滑鞋"]),
        ("鞋底和鞋底", "鞋底", ["鞋底"]),
        ("一双鞋\n底纹", "鞋底纹", ["底纹"]),
        ("鞋", "鞋", []),
        ("鞋底", "", []),
        ("", "鞋底", []),
    ],
)
def test_shared_phrases_are_the_longest_runs_and_never_cross_punctuation(
    demand: str, patent: str, phrases: list[str]
) -> None:
    assert shared_phrases(demand, [patent]) == [phrases]


def test_each_patent_has_its_own_shared_phrases_even_where_two_texts_meet() -> None:
    assert shared_phrases("防滑鞋底", ["有防滑", "鞋底", "", "滑鞋"]) == [["防滑"], ["鞋底"], [], ["滑鞋"]]
    assert shared_phrases("防滑鞋底", []) == []


def test_highlight_marks_the_words_in_both_texts_as_written() -> None:
    demand, patent = "想用ＥＶＡ发泡，衣服起疙瘩", "一种 EVA发泡 面料，不易起球"
    hit = matcher_of([PATENTS[0]], MATCHER.thesaurus).search(Query("q", "", demand))[0]
    spans = highlight(demand, patent, [*hit.reasons, *explained(MATCHER, Query("q", "", demand), "p4").reasons])
    assert [demand[start:end] for start, end in spans[0]] == ["ＥＶＡ发泡", "起疙瘩"]
    assert [patent[start:end] for start, end in spans[1]] == ["EVA发泡", "起球"]


BAD = ("断", "风不", "不成", "成本", "人工", "干净", "以下", "百分之一", "精神病人", "怎么", "我们")


def test_reasons_are_whole_words_of_the_demand_and_never_hollow_ones() -> None:
    documents = [
        Document("a", "一种伞骨断裂检测装置", "风不大时断裂处不成直线,成本低,人工少,干净。"),
        *(Document(f"f{number}", f"一种水泵{number}", "水泵叶轮。") for number in range(20)),
    ]
    hit = matcher_of(documents).search(Query("q", "", "我们的伞骨断裂,风不大也断,人工贵,成本高,要干净"))[0]
    shown = [reason.demand_text for reason in hit.reasons if reason.feature == "word"]
    assert "伞骨断裂" in shown
    assert not set(shown) & set(BAD)
    assert [reason.demand_text for reason in hit.reasons if reason.feature == "gram"] == [""]
    assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-6)


def test_suggested_words_come_from_the_trade() -> None:
    text = "以下所述百分之一,精神病人,干净,链牙与布带啮合。"
    documents = [Document(f"p{number}", f"一种拉链布带{number}", text) for number in range(5)]
    offered = [each.word for each in suggest_terms(matcher_of(documents), Query("q", "拉链", ""))]
    assert "布带" in offered
    assert not set(offered) & set(BAD)
