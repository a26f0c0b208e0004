"""The as-of day of a table: from its title, its sheet, its file's name or a column, and never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.as_of import find_as_of_day
from ingest.reading import read_rows
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, read_one, write_csv, write_xlsx

DAY = date(2024, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "晋江专利_20240131",
        "export20240131",
        "20240131093000",
        "2024-01-31",
        "2024_1_31",
        "2024.01.31 全量",
        "关于公布2023年度第二批名单的公告(2024年1月31日)",
        "数据截至2024年1月31日,统计期间2010-01-01至2024-01-31",
        "导出日期:2024/1/31 申请日:2019-01-01",
        "数据更新至２０２４年１月３１日",
    ],
)
def test_a_day_that_can_mean_nothing_else_is_believed(text: str) -> None:
    assert find_as_of_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024年度高新技术企业名单",
        "city_patents_1985_2015",
        "201510120123",  # an application number
        "13800138000",
        "20240230",  # no day of the calendar
        "202401310",
        "有效期2021-01-01至2023-12-31",
        "有效期截止2023-12-31,第2021-01-01号",
        "2023-01-05 与 2024-01-31",  # which of the two?
        "2023年1月至6月",
    ],
)
def test_what_may_mean_something_else_is_no_day(text: str) -> None:
    assert find_as_of_day(text) is None


def test_a_month_counts_from_its_first_day() -> None:
    assert find_as_of_day("2024年1月") == find_as_of_day("专利2024-01") == date(2024, 1, 1)


def test_the_title_speaks_before_the_file_name() -> None:
    assert find_as_of_day("数据截至2024年1月31日", "Sheet1", "20230101.csv") == DAY
    assert find_as_of_day("专利清单", "Sheet1", "20230101.csv") == date(2023, 1, 1)


def test_every_row_of_a_file_with_a_day_in_its_name_speaks_of_that_day(tmp_path: Path) -> None:
    read = read_rows(write_csv(tmp_path / "晋江专利20240131.csv", [PATENT_HEADER, PATENT_ROW]), "patents")
    assert read.as_of_on == DAY
    assert [row.source.as_of_on for row in read.rows] == [DAY]
    plain = read_rows(write_csv(tmp_path / "晋江专利.csv", [PATENT_HEADER, PATENT_ROW]), "patents")
    assert plain.as_of_on is None
    assert [row.source.as_of_on for row in plain.rows] == [None]


def test_rows_above_the_header_tell_the_day(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "甲.xlsx", 表=[["晋江市专利清单"], ["导出日期:2024年1月31日"], PATENT_HEADER, PATENT_ROW]
    )
    assert [row.source.as_of_on for row in read_rows(path, "patents").rows] == [DAY]


def test_the_folder_inside_a_zip_file_tells_the_day(tmp_path: Path) -> None:
    import zipfile

    inner = write_csv(tmp_path / "a.csv", [PATENT_HEADER, PATENT_ROW])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(inner, "20240131/a.csv")
    assert [row.source.as_of_on for row in read_rows(tmp_path / "all.zip", "patents").rows] == [DAY]


class TestRows:
    def test_a_column_tells_the_row_its_own_day(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称="晋江某某鞋业有限公司", 更新时间="2024-01-31 09:30:00")
        assert row.source.as_of_on == DAY == row.record.source.as_of_on

    def test_the_latest_day_speaks(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path, "patents", **dict(zip(PATENT_HEADER, PATENT_ROW, strict=True)), 更新日期="2023-05-01",
            法律状态="有权", 法律状态公告日="2024-01-31",
        )  # fmt: skip
        assert row.source.as_of_on == DAY

    def test_an_announced_document_speaks_of_its_day(self, tmp_path: Path) -> None:
        cells = {"公开(公告)号": "CN107125861A", "公开(公告)日": "2024-01-31"}
        row = read_one(tmp_path, "patents", **dict(zip(PATENT_HEADER, PATENT_ROW, strict=True)), **cells)
        assert row.source.as_of_on == DAY

    def test_the_announcement_is_no_day_of_a_present_status(self, tmp_path: Path) -> None:
        """A table that tells the status now speaks of a later day than that of the announcement: nobody knows which."""
        cells = {"公开(公告)号": "CN107125861A", "公开(公告)日": "2018-01-31", "当前法律状态": "有权"}
        row = read_one(tmp_path, "patents", **dict(zip(PATENT_HEADER, PATENT_ROW, strict=True)), **cells)
        assert row.source.as_of_on is None

    @pytest.mark.parametrize(
        ("kind", "cells"),
        [
            ("experts", {"姓名": "李某", "工作单位": "某大学", "职称": "教授"}),
            ("agencies", {"机构名称": "某代理事务所", "机构代码": "35101"}),
        ],
    )
    def test_experts_and_agencies_have_days_too(self, tmp_path: Path, kind: str, cells: dict[str, str]) -> None:
        row = read_one(tmp_path, kind, **cells, 数据截止日期="2024-01-31")  # type: ignore[arg-type]
        assert row.source.as_of_on == DAY
