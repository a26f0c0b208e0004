"""From which demand a holder is asked: a verified one, or one to which the firm has nothing left to add."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchhub.domain.asking import lacking_for_contact
from matchhub.domain.demands import TEST_KEYS, DemandAssessment, TestResult

FULL = DemandAssessment(tuple(TestResult(key, True, "passed") for key in TEST_KEYS))


def failing(key: str, code: str = "missing") -> DemandAssessment:
    tests = (replace(test, passed=False, code=code) if test.key == key else test for test in FULL.tests)
    return DemandAssessment(tuple(tests))


def lacking(state: str, assessment: DemandAssessment) -> list[str]:
    return [test.key for test in lacking_for_contact(state, assessment)]


def test_a_complete_demand_lacks_nothing() -> None:
    assert lacking("submitted", FULL) == []


@pytest.mark.parametrize("key", ["contact", "problem", "target", "field", "terms", "validity"])
def test_what_the_firm_fills_in_is_asked_for_unless_the_demand_is_verified(key: str) -> None:
    assert lacking("submitted", failing(key)) == [key]
    assert lacking("verified", failing(key)) == []


@pytest.mark.parametrize(
    ("key", "code", "asked"),
    [
        ("enterprise", "demand_locality_undecided", []),
        ("original", "demand_repetition_review", []),
        ("original", "demand_repetition", []),
        ("original", "demand_not_authorised", ["original"]),
    ],
)
def test_what_others_say_of_it_keeps_nobody_from_asking(key: str, code: str, asked: list[str]) -> None:
    assert lacking("submitted", failing(key, code)) == asked
