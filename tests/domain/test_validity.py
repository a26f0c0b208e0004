"""Whether a patent lived on a day; months as the law counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from matchhub.domain.calendar import as_utc, months_after, years_after
from matchhub.domain.counting.facts import EncumbranceFact
from matchhub.domain.identifiers import application_check_digit
from matchhub.domain.validity import (
    Life,
    encumbrances_on,
    ended_on,
    is_expired,
    life_on,
    shown_validity,
    status_on,
)
from tests.domain.factories import number, status

DAY = date(2024, 5, 20)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 12, 1), -12, date(2023, 12, 1)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
    ],
)
def test_a_period_in_months_ends_on_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_leap_day_falls_back_in_common_years() -> None:
    assert years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_naive_times_are_utc_and_others_are_converted() -> None:
    assert as_utc(datetime(2024, 1, 1, 8)) == datetime(2024, 1, 1, 8, tzinfo=UTC)
    assert as_utc(datetime(2024, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == datetime(2024, 1, 1, tzinfo=UTC)


def test_the_newest_status_by_the_day_stands_and_unknown_says_nothing() -> None:
    history = [status(date(2024, 6, 1), "dead"), status(date(2024, 5, 1), "unknown"), status(date(2023, 1, 1))]
    held = status_on(history, DAY)
    assert held is not None and held.as_of_on == date(2023, 1, 1)
    assert status_on([], DAY) is None


def test_of_two_statuses_of_one_day_the_later_word_stands_else_the_worse() -> None:
    dead = status(date(2024, 5, 1), "dead", recorded_at=datetime(2024, 5, 2))
    alive = status(date(2024, 5, 1), recorded_at=datetime(2024, 5, 3))
    assert status_on([alive, dead], DAY) == alive
    bare = [status(date(2024, 5, 1)), status(date(2024, 5, 1), "dead")]
    assert status_on(bare, DAY) == status_on(bare[::-1], DAY) == bare[1]


@pytest.mark.parametrize(
    ("statuses", "granted", "life"),
    [
        ([status(date(2024, 1, 1))], date(2019, 1, 1), "in_force"),
        ([status(date(2024, 1, 1))], None, "in_force"),
        ([status(date(2024, 1, 1), "dead")], date(2019, 1, 1), "dead"),
        ([status(date(2024, 1, 1), "pending")], None, "not_granted"),
        ([status(date(2024, 1, 1), "pending")], date(2024, 3, 1), "in_force"),
        ([status(date(2024, 1, 1), "pending")], date(2023, 3, 1), "not_granted"),
        ([status(date(2024, 7, 1))], date(2019, 1, 1), "in_force"),
        ([status(date(2024, 7, 1))], None, "unknown"),
        ([status(date(2024, 7, 1), "dead")], date(2019, 1, 1), "unknown"),
        ([], date(2019, 1, 1), "unknown"),
    ],
)
def test_life_on_a_day(statuses: list, granted: date | None, life: Life) -> None:
    assert life_on(DAY, statuses, granted) == life


@pytest.mark.parametrize(
    ("granted", "life"), [(date(2024, 5, 19), "in_force"), (DAY, "in_force"), (date(2024, 5, 21), "not_granted")]
)
def test_a_right_lives_from_its_grant(granted: date, life: Life) -> None:
    assert life_on(DAY, [status(date(2024, 7, 1))], granted) == life


def test_a_term_ends_by_the_source_or_by_the_law() -> None:
    assert ended_on(number(1), date(2010, 5, 20), None) == date(2030, 5, 20)
    assert ended_on(number(1, 2), date(2010, 5, 20), None) == date(2020, 5, 20)
    assert ended_on(number(1), date(2010, 5, 20), date(2022, 1, 1)) == date(2022, 1, 1)
    assert ended_on("nonsense", date(2010, 5, 20), None) is None
    assert ended_on(None, None, None) is None


@pytest.mark.parametrize(
    ("application_number", "last"),
    [
        ("85100001.1", date(2005, 12, 31)),
        ("99200001.1", date(2009, 12, 31)),
        ("201230000001.7", date(2022, 12, 31)),
        ("202130000001.X", date(2036, 12, 31)),
        (number(1), date(2037, 12, 31)),
    ],
)
def test_without_a_day_of_filing_the_year_in_the_number_gives_the_longest_term(
    application_number: str, last: date
) -> None:
    digits = application_number.partition(".")[0]
    told = f"{digits}.{application_check_digit(digits)}"
    assert ended_on(told, None, None) == last
    assert not is_expired(last - timedelta(days=1), told, None, None) and is_expired(last, told, None, None)
    assert is_expired(date(2010, 1, 1), told, None, date(2009, 1, 1))


def test_a_page_says_that_the_term_is_over_whatever_was_read_last() -> None:
    assert [shown_validity(told, True) for told in (None, "in_force", "dead")] == ["expired"] * 3
    assert [shown_validity(told, False) for told in (None, "in_force", "dead")] == ["unknown", "in_force", "dead"]


def test_burdens_lie_from_their_first_to_their_last_day() -> None:
    pledge = EncumbranceFact(kind="pledge", from_on=date(2024, 5, 19), to_on=date(2024, 5, 21))
    days = [date(2024, 5, day) for day in (18, 19, 21, 22)]
    assert [len(encumbrances_on([pledge], day)) for day in days] == [0, 1, 1, 0]
    assert encumbrances_on([EncumbranceFact(kind="dispute")], DAY)
