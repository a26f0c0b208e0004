"""Dates: every written form, and none that would need a guess."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.dates import DateUnreadable, parse_date, parse_period

DAY = date(2023, 7, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2023-07-01", "2023-7-1", "2023/07/01", "2023.7.1", "2023. 7. 1", "2023年7月1日", "2023年07月01号",
        "２０２３年７月１日", "20230701", "2023-07-01 00:00:00", "2023-07-01T08:30:00Z", "2023/7/1 8:30",
        "二〇二三年七月一日", "二零二三年七月一日", "1 Jul 2023", "July 1, 2023",
        "2023年7月1日前", "2023-07-01(含)", " 2023-07-01 ",
    ],
)  # fmt: skip
def test_one_day_in_every_written_form(written: str) -> None:
    assert parse_date(written) == DAY


@pytest.mark.parametrize(
    ("written", "day"),
    [("二〇二三年十月三十一日", date(2023, 10, 31)), ("二〇二三年十二月二十日", date(2023, 12, 20))],
)
def test_chinese_numerals_above_ten(written: str, day: date) -> None:
    assert parse_date(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2023/7", "date_incomplete"),
        ("2023年7月", "date_incomplete"),
        ("2023年", "date_incomplete"),
        ("2023", "date_incomplete"),
        ("07/09/2019", "date_unreadable"),
        ("23-07-01", "date_unreadable"),
        ("2023-02-29", "date_unreadable"),
        ("2023-13-01", "date_unreadable"),
        ("1899-12-31", "date_unreadable"),
        ("2101-01-01", "date_unreadable"),
        ("2023年7-1", "date_unreadable"),
        ("45108", "date_unreadable"),
        ("二〇二三年七月三十二日", "date_unreadable"),
        ("十十十十年七月一日", "date_unreadable"),
        ("昨天", "date_unreadable"),
    ],
)
def test_what_is_no_whole_clear_day_is_refused(written: str, code: str) -> None:
    with pytest.raises(DateUnreadable) as caught:
        parse_date(written)
    assert caught.value.code == code


def test_a_day_number_counts_only_in_a_numeric_cell() -> None:
    assert parse_date("45108", serial=True) == DAY


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2023-01-01至2025-12-31", (date(2023, 1, 1), date(2025, 12, 31))),
        ("自2023年1月1日起至2025年12月31日止", (date(2023, 1, 1), date(2025, 12, 31))),
        ("2023.1.1-2025.12.31", (date(2023, 1, 1), date(2025, 12, 31))),
        ("2023.01.01 - 2025.12.31", (date(2023, 1, 1), date(2025, 12, 31))),
        ("2023-01-01~长期", (date(2023, 1, 1), None)),
        ("2025-12-31", (None, date(2025, 12, 31))),
        ("长期有效", (None, None)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(written: str, period) -> None:
    assert parse_period(written) == period


@pytest.mark.parametrize("written", ["2023年至2025年", "三年", "2023-01-01至2025"])
def test_a_period_without_whole_days_is_refused(written: str) -> None:
    with pytest.raises(DateUnreadable):
        parse_period(written)
