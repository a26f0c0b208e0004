"""Feedback changes the ranking of the demand it was given to, within bounds."""

from __future__ import annotations

import pytest

from recommender import Document, Matcher, Query, Thesaurus, add_documents
from recommender.feedback import DISLIKED, LIKED, feedback_terms
from tests.recommender.factories import DEMAND, PATENTS, explained, matcher_of

MORE = (
    Document("s1", "一种石墨烯橡胶大底", "本发明公开了一种石墨烯橡胶大底，石墨烯分散于丁苯橡胶中，湿滑路面抓地。"),
    Document("s2", "一种石墨烯丁苯橡胶复合材料", "本发明公开了一种石墨烯丁苯橡胶复合材料，抓地性能好。"),
    Document("s3", "一种鞋底清洗机", "本实用新型提供一种鞋底清洗机，鞋底经毛刷辊清洗，防滑。"),
)
MATCHER = matcher_of([*PATENTS, *MORE])


def score(document_id: str, feedback: dict[str, float] | None = None) -> float:
    return explained(MATCHER, DEMAND, document_id, feedback).score


def test_a_liked_patent_raises_others_that_speak_like_it() -> None:
    assert score("s2", {"s1": 1.0}) > score("s2")
    assert "s2" in {hit.document_id for hit in MATCHER.search(DEMAND, feedback={"s1": 1.0})}


def test_a_disliked_patent_falls_and_the_demands_own_words_stay() -> None:
    assert score("s3", {"s3": -1.0}) < score("s3")
    assert score("p1", {"s3": -1.0}) == pytest.approx(score("p1"), abs=0.05)


def test_answers_that_say_nothing_about_the_subject_change_nothing() -> None:
    assert MATCHER.search(DEMAND, feedback={"s1": 0.0}) == MATCHER.search(DEMAND)


def test_feedback_about_unknown_patents_is_ignored() -> None:
    assert MATCHER.search(DEMAND, feedback={"gone": -1.0}) == MATCHER.search(DEMAND)


def test_feedback_to_one_demand_leaves_the_others_alone() -> None:
    other = Query("d2", DEMAND.title, DEMAND.text)
    both = list(MATCHER.match([DEMAND, other], 5, feedback={DEMAND.id: {"s1": 1.0, "p1": -1.0}}))
    alone = list(MATCHER.match([other], 5))
    assert [row for row in both if row[0] == "d2"] == alone
    assert [row[1:] for row in both if row[0] == DEMAND.id] != [row[1:] for row in alone]


def test_reasons_still_add_up_and_name_the_feedback() -> None:
    for hit in MATCHER.search(DEMAND, feedback={"s1": 1.0, "s3": -1.0}):
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-12)
    features = {reason.feature for reason in explained(MATCHER, DEMAND, "s2", {"s1": 1.0}).reasons}
    assert "feedback" in features


def test_batch_and_single_search_agree_with_feedback() -> None:
    feedback = {"s1": 1.0, "s3": -0.5}
    batch = [
        (name, pytest.approx(value, abs=1e-5))
        for _, name, value in MATCHER.match([DEMAND], 4, feedback={"d1": feedback})
    ]
    assert [(hit.document_id, hit.score) for hit in MATCHER.search(DEMAND, 4, feedback=feedback)] == batch


@pytest.mark.parametrize("count", [1, 2, 3])
def test_many_answers_weigh_no_more_than_one(count: int) -> None:
    index = MATCHER.index
    liked = feedback_terms([(document, 1.0) for document in MORE[:count]], (), index.rarity, index.tokenizer)
    disliked = feedback_terms([(document, -5.0) for document in MORE[:count]], (), index.rarity, index.tokenizer)
    assert sum(word.weight for word in liked) == pytest.approx(LIKED)
    assert sum(word.weight for word in disliked) == pytest.approx(-DISLIKED)


def test_demands_explained_together_use_their_own_feedback_and_patents() -> None:
    other = Query("other", "鞋底清洗", "鞋底清洗后还是滑")
    third = Query("third", "石墨烯", "抓地不好")
    asked, wanted = [DEMAND, other, third], [["s1", "p1"], ["s3"], []]
    feedback = {"other": {"s1": 1.0, "p1": -1.0}}
    together = MATCHER.explain_each(asked, wanted, feedback)
    alone = [
        [explained(MATCHER, q, name, feedback.get(q.id)) for name in names]
        for q, names in zip(asked, wanted, strict=True)
    ]
    assert together == alone
    assert together[1] != [explained(MATCHER, other, "s3")]


def test_one_unknown_patent_among_many_demands_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        MATCHER.explain_each([DEMAND, DEMAND], [["s1"], ["nobody"]])


def test_of_a_patent_held_twice_the_newest_words_are_explained() -> None:
    document = Document("s1", "一种石墨烯防滑大底", "石墨烯与丁苯橡胶，湿滑路面防滑。")
    renewed = Matcher(add_documents(MATCHER.index, [document]), Thesaurus())
    (hit,) = renewed.explain_each([DEMAND], [["s1"]])[0]
    assert hit == explained(renewed, DEMAND, "s1") and hit.score > score("s1")
