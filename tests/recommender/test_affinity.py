"""Nearness to own documents: a small lift with its reason, that never carries anything over a floor by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender import Affinity, Document, Query, add_documents
from recommender.affinity import FIELD, MOST, WORDS, headings
from recommender.records import Hit
from tests.recommender.factories import DEMAND, PATENTS, matcher_of

OWN = Document("own", "一种防滑耐磨鞋底", "", ("A43B 13/04",))
MATCHER = matcher_of(
    [
        *PATENTS,
        Document("group", "一种登山鞋", "鞋底打滑", ("A43B13/14",)),
        Document("subclass", "一种雨靴", "鞋底打滑", ("A43B 1/02", "C08L 9/00")),
        Document("neither", "一种跑鞋", "鞋底打滑", ("A43D 1/00",)),
        Document("bare", "一种凉鞋", "鞋底打滑"),
    ]
)
INDEX = MATCHER.index


def lift(name: str, score: float = 0.5, affinity: Affinity | None = None) -> float:
    affinity = affinity or Affinity.of([OWN])
    return sum(reason.weight for reason in affinity.lifts(INDEX, {name: score}).get(name, ()))


def test_the_same_main_group_lifts_more_than_the_same_subclass_and_that_more_than_none() -> None:
    assert lift("group") > lift("subclass") > lift("neither") == lift("bare") == 0
    assert lift("p1") > lift("group"), "p1 has the group and the words of the title"


def test_the_lift_is_bounded_at_every_score() -> None:
    twin = replace(PATENTS[0], ipc=("A43B13/22",))
    for score in (0.01, 0.2, 0.5, 0.9, 0.999):
        added = lift("p1", score, Affinity.of([twin]))
        assert added <= MOST and score + added < 1
    assert lift("p1", 0.0) == 0, "what no word speaks for is not lifted"


@pytest.mark.parametrize("floor", [0.3, 0.4])
@pytest.mark.parametrize("below", [0.0001, 0.001, 0.01, 0.2])
def test_nothing_is_lifted_to_a_floor_by_own_documents_alone(floor: float, below: float) -> None:
    affinity = Affinity.of([OWN], floors=(0.3, 0.4))
    assert floor - below + lift("p1", floor - below, affinity) < floor
    assert lift("p1", floor, affinity) > 0


def test_reasons_and_score_add_up_and_name_the_own_document_and_what_is_shared() -> None:
    hits = MATCHER.search(DEMAND, 10)
    lifted = Affinity.of([OWN]).lifted(INDEX, hits)
    assert [hit.document_id for hit in lifted] == [hit.document_id for hit in hits]
    for before, after in zip(hits, lifted, strict=True):
        assert sum(reason.weight for reason in after.reasons) == pytest.approx(after.score, abs=1e-12)
        assert 0 <= after.score - before.score <= MOST
    told = {r.feature: (r.demand_text, r.patent_text) for hit in lifted if hit.document_id == "p1" for r in hit.reasons}
    assert told[FIELD] == (OWN.title, "A43B 13")
    assert told[WORDS][0] == OWN.title and set(told[WORDS][1].split("、")) >= {"鞋底", "防滑"}


def test_without_symbols_the_words_alone_speak() -> None:
    reasons = Affinity.of([replace(OWN, ipc=())]).lifts(INDEX, {"p1": 0.5})["p1"]
    assert [reason.feature for reason in reasons] == [WORDS]


def test_what_is_held_is_never_lifted() -> None:
    assert lift("p1", affinity=Affinity.of([OWN], ["p1"])) == 0


def test_nothing_owned_changes_nothing() -> None:
    hits = MATCHER.search(Query("q", "", "鞋底打滑"), 10)
    assert Affinity().lifted(INDEX, hits) == hits
    assert Affinity.of([OWN]).lifted(INDEX, [Hit("gone", 0.5)]) == [Hit("gone", 0.5)]


def test_of_a_document_held_twice_the_newest_version_counts() -> None:
    index = add_documents(INDEX, [Document("bare", "一种防滑耐磨鞋底", "", ("A43B 13/04",))])
    assert headings(index, ["bare", "nobody"]).keys() == {"bare"}
    assert headings(index, ["bare"])["bare"].title == OWN.title
