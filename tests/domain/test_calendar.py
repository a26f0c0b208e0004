"""Days and moments by the clock of a city."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from matchhub.domain.calendar import day_begins, day_in, moment_said, zone_named

CITY = zone_named("Asia/Shanghai")


@pytest.mark.parametrize(("name", "hours"), [
    ("Asia/Shanghai", 8), ("Asia/Urumqi", 6), ("UTC+08:00", 8), ("UTC-03:30", -3.5), ("UTC+00:00", 0),
])
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


@pytest.mark.parametrize(("text", "moment"), [
    ("2024-10-08", datetime(2024, 10, 8, 15, 59, 59, 999999, tzinfo=UTC)),
    ("2024-10-08T09:30", datetime(2024, 10, 8, 1, 30, tzinfo=UTC)),
    ("2024-10-08T09:30+00:00", datetime(2024, 10, 8, 9, 30, tzinfo=UTC)),
    ("2024-10-08T09:30-05:00", datetime(2024, 10, 8, 14, 30, tzinfo=UTC)),
])
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
