"""Dates: every written form, and none that would need a guess."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.dates import parse_date, parse_period, read_day
from ingest.moments import DateUnreadable
from ingest.reading import read_rows
from tests.ingest.tables_on_disk import codes, read_one

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
    "written",
    [
        "2023-06-30T16:00:00.000Z", "2023-06-30T16:00:00+00:00", "2023-06-30 16:00:00 UTC", "2023-07-01T00:00:00+08:00",
        "2023-06-30T12:00:00-05:00", "2023-07-01T15:59:59Z", "1688140800000", "/Date(1688140800000)/",
        "Sat Jul 01 2023 00:00:00 GMT+0800 (中国标准时间)", "Sat Jul 01 00:00:00 CST 2023", "Jul 1, 2023 12:00:00 AM",
        "2023-7-1 星期六", "2023.7.1.", "2023—07—01", "2023-07-01 上午12:00", "2023-07-01（补录）", "2023年7月1日（星期六）",
        "2023-07-01 周六 上午10:30", "2023年07月01日 00时00分", "2023-07-01 24:00", "2023-07-01 23:59:59", "星期六 2023-07-01",
        "2023-07-01, Saturday", "2023、7、1", "2023 07 01", "20230701.0", "二0二三年七月一日", "二〇二三年七月一日（补）", "2023-07-01 下午11:30", "2023-07-01 00:00:00.0",
    ],
)  # fmt: skip
def test_instants_weekdays_and_remarks_are_clear_enough(written: str) -> None:
    assert read_day(written) == (DAY, "")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-12-31T15:59:58Z", date(2026, 1, 1)),  # as programs write a day, told below
        ("2025-12-31T15:58:59Z", date(2025, 12, 31)),
        ("2025-12-31T16:00:00Z", date(2026, 1, 1)),
        ("2025-12-31T16:00:01Z", date(2026, 1, 1)),
    ],
)
def test_an_instant_is_the_day_in_china(written: str, day: date) -> None:
    assert parse_date(written) == day


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2023-06-30 23:59:17", (DAY, "date_short_of_midnight")),
        ("2023-06-30T15:59:17.000Z", (DAY, "date_short_of_midnight")),
        ("2023-06-30 23:59:59.999", (DAY, "date_short_of_midnight")),
        ("2023-06-30 23:58:59", (date(2023, 6, 30), "")),
        ("2023-06-30 16:00:00", (date(2023, 6, 30), "date_may_be_shifted")),
        ("2023-06-30 16:00:01", (date(2023, 6, 30), "")),
    ],
)
def test_days_that_programs_moved_are_mended_or_told(written: str, told: tuple[date, str]) -> None:
    assert read_day(written) == told


@pytest.mark.parametrize(
    "written", ["2023-07-01 25:00", "2023-07-01(2)", "2023-07-01 10:61", "2023-07-01 10:00 2023-07-02"]
)
def test_a_time_that_does_not_exist_or_a_second_number_is_refused(written: str) -> None:
    with pytest.raises(DateUnreadable):
        read_day(written)


@pytest.mark.parametrize(
    ("serial", "told"), [("45107.99950231", "date_short_of_midnight"), ("45108.0", ""), ("45108.5", "")]
)
def test_day_numbers_with_a_time(serial: str, told: str) -> None:
    assert read_day(serial, serial=True) == (DAY, told)


@pytest.mark.parametrize("old", [False, True])
def test_a_workbook_that_counts_from_1904_says_the_same_days(tmp_path: Path, old: bool) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": old}) as workbook:
        sheet, shape = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["申请号", "专利名称", "申请日", "公开日"])
        sheet.write_row(1, 0, ["201710601862.3", "一种鞋底"])
        sheet.write_datetime(1, 2, datetime(2017, 7, 21), shape)
        sheet.write_number(1, 3, 45108 - 1462 * old)
    record: Any = next(read_rows(path).rows).record
    assert (record.filed_on, record.published_on) == (date(2017, 7, 21), DAY)


def test_a_day_moved_between_two_workbooks_is_told(tmp_path: Path) -> None:
    row = read_one(tmp_path, "patents", 申请号="201710601862.3", 名称="鞋", 申请日="2013-07-20")
    assert codes(row) == [("filed_four_years_before", "warning")]
    assert codes(read_one(tmp_path, "patents", 申请号="201710601862.3", 名称="鞋", 申请日="2015-07-20")) == []


def test_what_a_day_leaves_open_is_told_at_its_column(tmp_path: Path) -> None:
    row = read_one(tmp_path, "patents", 申请号="201710601862.3", 名称="鞋", 申请日="2017-06-30 23:59:17")
    assert (row.record.filed_on, codes(row)) == (date(2017, 7, 1), [("date_short_of_midnight", "warning")])


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
