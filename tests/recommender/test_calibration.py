"""The table score -> precision, its intervals, and the rule for saying that nothing fits."""

from __future__ import annotations

import math

import pytest

from recommender import calibrate, judge_rule, wilson

PAIRS = [(0.1, False), (0.2, False), (0.3, True), (0.4, True), (0.5, False), (0.6, True), (1.0, True)]


def test_wilsons_interval_of_the_textbook() -> None:
    low, high = wilson(8, 10)  # Wilson 1927; value as in Newcombe 1998
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


@pytest.mark.parametrize(
    ("good", "labels", "expected"), [(0, 0, (0.0, 1.0)), (0, 5, (0.0, 0.4345)), (5, 5, (0.5655, 1.0))]
)
def test_intervals_stay_within_0_and_1(good: int, labels: int, expected: tuple[float, float]) -> None:
    assert wilson(good, labels) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("good", [-1, 6])
def test_impossible_counts_are_refused(good: int) -> None:
    with pytest.raises(ValueError, match="of 5"):
        wilson(good, 5)


def test_every_pair_falls_into_one_step_edges_and_1_included() -> None:
    steps = calibrate(PAIRS, (0.0, 0.3, 0.6, 1.0))
    assert [(step.labels, step.good) for step in steps] == [(2, 0), (3, 2), (2, 2)]
    assert sum(step.labels for step in steps) == len(PAIRS)


def test_precision_from_counts_all_pairs_above() -> None:
    steps = calibrate(PAIRS, (0.0, 0.3, 0.6, 1.0))
    assert [step.precision_from for step in steps] == [4 / 7, 4 / 5, 1.0]


def test_a_step_without_labels_claims_nothing() -> None:
    step = calibrate([], (0.0, 1.0))[0]
    assert math.isnan(step.precision)
    assert (step.at_least, step.at_most) == (0.0, 1.0)


@pytest.mark.parametrize(("score", "kept"), [(0.29, 0), (0.30, 1), (0.31, 1)])
def test_a_demand_keeps_its_answer_from_the_floor_upwards(score: float, kept: int) -> None:
    rule = judge_rule([(score, True)], 0.30)
    assert (rule.kept, rule.answered) == (kept, 1)


def test_the_rule_is_judged_on_both_kinds_of_demands() -> None:
    rule = judge_rule([(0.4, True), (0.2, True), (0.1, False), (0.3, False)], 0.3)
    assert (rule.right, rule.kept, rule.answered, rule.silent, rule.unanswered) == (2, 1, 2, 1, 2)
