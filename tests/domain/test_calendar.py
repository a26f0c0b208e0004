"""Days and moments by the clock of a city."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from matchhub.domain.calendar import (
    Holidays,
    day_begins,
    day_in,
    holidays_known,
    is_working_day,
    moment_said,
    next_working_day,
    zone_named,
)

CITY = zone_named("Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Asia/Shanghai", 8),
        ("Asia/Urumqi", 6),
        ("UTC+08:00", 8),
        ("UTC-03:30", -3.5),
        ("UTC+00:00", 0),
    ],
)
def test_a_zone_has_a_name_or_an_offset(name: str, hours: float) -> None:
    assert zone_named(name).utcoffset(datetime(2025, 6, 1)) == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["", "Asia", "Nowhere/City", "UTC+8", "UTC+25:00", "+08:00", "../../etc/passwd"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        zone_named(name)


@pytest.mark.parametrize(("minute", "day"), [(-1, 8), (0, 9), (1, 9)])
def test_a_day_begins_at_midnight_in_its_zone(minute: int, day: int) -> None:
    begins = day_begins(CITY, date(2024, 10, 9))
    assert begins == datetime(2024, 10, 8, 16, tzinfo=UTC)
    assert day_in(CITY, begins + timedelta(minutes=minute)) == date(2024, 10, day)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-10-08", datetime(2024, 10, 8, 15, 59, 59, 999999, tzinfo=UTC)),
        ("2024-10-08T09:30", datetime(2024, 10, 8, 1, 30, tzinfo=UTC)),
        ("2024-10-08T09:30+00:00", datetime(2024, 10, 8, 9, 30, tzinfo=UTC)),
        ("2024-10-08T09:30-05:00", datetime(2024, 10, 8, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_and_a_time_without_a_zone_is_the_citys(text: str, moment: datetime) -> None:
    assert moment_said(CITY, text) == moment


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "0001-01-01T00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment_said(CITY, text)


def test_equal_moments_of_other_zones_are_one_day() -> None:
    east, west = timezone(timedelta(hours=9)), timezone(timedelta(hours=-9))
    at = datetime(2024, 10, 8, 15, 59, tzinfo=UTC)
    assert {day_in(CITY, each) for each in (at, at.astimezone(east), at.astimezone(west))} == {date(2024, 10, 8)}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 9, 28), True),  # a Sunday on which offices work (调休)
        (date(2025, 6, 2), False),  # Dragon Boat Festival, a Monday
        (date(2025, 6, 7), False),  # a plain Saturday
        (date(2025, 6, 4), True),
        (date(2050, 10, 1), False),  # a Saturday of a year nobody has announced yet
        (date(2050, 10, 3), False),  # and its Monday, which the law itself names
        (date(2050, 10, 4), True),  # more is not known
        (date(1999, 1, 4), True),  # before the first year on record
    ],
)
def test_a_working_day_follows_the_yearly_notice_and_the_law_where_there_is_none(day: date, works: bool) -> None:
    assert is_working_day(day, Holidays()) is works


def test_whether_the_holidays_of_a_year_are_known_is_told() -> None:
    assert holidays_known(date(2025, 1, 1)) and not holidays_known(date(2050, 1, 1))


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2025, 10, 1), date(2025, 10, 9)),  # over the whole holiday
        (date(2025, 5, 31), date(2025, 6, 3)),
        (date(2025, 6, 4), date(2025, 6, 4)),
        (date(2050, 10, 1), date(2050, 10, 4)),
    ],
)
def test_a_period_ends_on_the_next_working_day(day: date, moved: date) -> None:
    assert next_working_day(day, Holidays()) == moved
