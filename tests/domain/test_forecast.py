"""When a goal will be reached: refused where too little is known, never in the past, and right as often as it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bench.forecast import back_test, share_inside
from matchhub.domain.forecast import LEAST_WEEKS, MOST_WEEKS, expect, weekly

AS_OF = date(2025, 6, 30)


def test_units_are_put_into_whole_weeks_that_end_on_the_day() -> None:
    days = [AS_OF, AS_OF - timedelta(6), AS_OF - timedelta(7), AS_OF - timedelta(20), AS_OF + timedelta(1)]
    assert weekly(days, AS_OF) == (1, 1, 2)
    assert weekly([AS_OF - timedelta(22), AS_OF], AS_OF) == (0, 0, 1)  # the first week is not whole
    assert weekly([], AS_OF) == () and len(weekly([date(2010, 1, 1), AS_OF], AS_OF)) == MOST_WEEKS


@pytest.mark.parametrize(("weeks", "state"), [(LEAST_WEEKS - 1, "too_short"), (LEAST_WEEKS, "expected")])
def test_under_eight_weeks_nothing_is_said(weeks: int, state: str) -> None:
    found = expect([3] * weeks, 30, AS_OF, AS_OF + timedelta(70))
    assert found.state == state and (found.middle is None) == (state == "too_short")
    assert found.asked == pytest.approx(3)  # what the ten weeks ask for is told all the same


def test_a_steady_pace_is_carried_on_and_the_same_weeks_give_the_same_days() -> None:
    found = expect([5] * 52, 50, AS_OF, date(2025, 12, 31))
    assert found.middle is not None and found.low is not None and found.high is not None
    assert abs((found.middle - AS_OF).days - 70) <= 7 and AS_OF < found.low < found.middle < found.high
    assert found.in_time and found == expect([5] * 52, 50, AS_OF, date(2025, 12, 31))


@pytest.mark.parametrize("history", [[0] * 30, [4] + [0] * 103])
def test_where_nothing_comes_it_is_not_at_this_pace(history: list[int]) -> None:
    found = expect(history, 900, AS_OF)
    assert (found.state, found.middle, found.to_json()["expected"]) == ("not_at_this_pace", None, None)


@pytest.mark.parametrize("missing", [1, 2, 1000])
def test_no_day_lies_in_the_past(missing: int) -> None:
    found = expect([0, 9, 0, 0, 14, 0, 3, 1, 0, 2], missing, AS_OF)
    assert found.low is not None and found.low > AS_OF


def test_what_is_reached_is_reached_and_what_is_over_is_over() -> None:
    assert expect([1] * 20, 0, AS_OF).state == "reached"
    ended = expect([1] * 20, 10, AS_OF, AS_OF)
    assert (ended.asked, ended.weeks_left, ended.in_time) == (None, None, False)
    assert [code for code, _ in ended.told()] == ["forecast_expected", "forecast_over"]


def test_a_day_after_the_period_is_said_to_be_too_late() -> None:
    found = expect([1] * 30, 100, AS_OF, AS_OF + timedelta(70))
    assert found.asked == pytest.approx(10)
    assert [code for code, _ in found.told()] == ["forecast_expected", "forecast_asked", "forecast_too_late"]


def test_the_interval_holds_four_times_in_five() -> None:
    """Few histories here; ``python3 run.py bench forecast`` takes more and prints each family."""
    found = [each for listed in back_test(30).values() for each in listed]
    assert len(found) >= 140 and 0.72 <= share_inside(found) <= 0.88


def test_weeks_that_are_alike_give_a_narrow_interval_and_a_trend_a_wide_but_bounded_one() -> None:
    def width(history: list[int]) -> float:
        found = expect(history, 30 * sum(history[-8:]) // 8, AS_OF)
        assert found.low is not None and found.high is not None
        return (found.high - found.low).days / 210

    assert width([20, 17, 24, 19] * 13) < 0.2
    assert width([20, 17, 24, 19] * 4) < 0.35
    assert 0.5 < width([10 + at // 4 for at in range(52)]) < 3
