"""Which patents are near-identical for the one who gets them, and for how long one of them is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchhub.domain.push_variety import Look, near_identical
from matchhub.domain.pushes import PastPush
from matchhub.domain.rules import AlikeRules
from tests.domain.factories import pack
from tests.domain.test_pushes import NOW, candidate, patents, plan

RULES = AlikeRules(titles=0.75, titles_of_one_holder=0.5, days=30)
SOLE = Look("一种防滑耐磨橡胶鞋底", frozenset({"甲"}), frozenset({"A43B 13"}))


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (Look("防滑耐磨橡胶鞋底"), True),  # invention and utility model of one day
        (Look("一种防滑耐磨橡胶鞋底及其制备"), True),
        (Look("一种防滑橡胶鞋底的模具", frozenset({"甲"}), frozenset({"A43B 13"})), True),
        (Look("一种防滑橡胶鞋底的模具", frozenset({"乙"}), frozenset({"A43B 13"})), False),
        (Look("一种防滑橡胶鞋底的模具", frozenset({"甲"}), frozenset({"B29D 35"})), False),
        (Look("一种抗风伞骨", frozenset({"甲"}), frozenset({"A43B 13"})), False),
        (Look(""), False),
    ],
)
def test_alike_titles_or_one_holder_in_one_group(other: Look, alike: bool) -> None:
    assert near_identical(SOLE, other, RULES) is near_identical(other, SOLE, RULES) is alike


def test_of_three_near_identical_patents_a_firm_gets_the_best_and_another_firm_too() -> None:
    row = [candidate(patent=at, score=0.9 - at / 10, look=SOLE) for at in (1, 2, 3)]
    made = plan([*row, candidate(patent=2, enterprise=2, score=0.6, look=SOLE, demand_id=2)])
    assert sorted(patents(made)) == [1, 2]
    assert [left.code for left in made.left_out] == ["push_near_identical"] * 2


@pytest.mark.parametrize(("days", "chosen"), [(1, []), (29, []), (30, [2])])
def test_what_was_sent_lately_counts_too(days: int, chosen: list[int]) -> None:
    before = PastPush(patent_id=1, enterprise_id=1, at=NOW - timedelta(days=days), look=SOLE)
    assert pack().pushes.alike.days == 30
    assert patents(plan([candidate(patent=2, look=SOLE)], [before])) == chosen


def test_a_push_that_waits_uses_up_the_cap_of_its_own_day() -> None:
    tomorrow = datetime(2024, 10, 9, 4, tzinfo=UTC).date()
    waiting = [PastPush(patent_id=at, enterprise_id=1, at=NOW, on=tomorrow) for at in (11, 12, 13)]
    assert patents(plan([candidate()], waiting)) == [1]
