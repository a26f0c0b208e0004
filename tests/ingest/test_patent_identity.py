"""The number of a patent in every way of writing it; foreign numbers are kept as foreign, Locarno only on designs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.patent_identity import PatentNumbers
from matchhub.domain.foreign_numbers import office_of, parse_foreign_number
from tests.ingest.tables_on_disk import codes, read_one
from tests.ingest.test_patents import DESIGN, NUMBER

KEPT = ("patent_foreign", "warning")


def numbers(tmp_path: Path, **cells: object):
    row = read_one(tmp_path, "patents", 名称="一种鞋底", **cells)
    record = row.record
    return row, (record and (record.application_number, record.publication_number))


@pytest.mark.parametrize(
    "written",
    [
        "ZL201710601862.3（发明）",
        "第ZL201710601862.3号",
        "201710601862.3（分案）",
        "201710601862_3",
        "专利号：ZL 2017 1 0601862.3",
        "中国发明专利ZL201710601862.3",
        "ZL201710601862.3。",
        "【ZL201710601862.3】（已授权）",
        "CN-201710601862.3-A",
    ],
)
def test_every_way_of_writing_a_number_is_read(tmp_path: Path, written: str) -> None:
    row, found = numbers(tmp_path, 申请号=written)
    assert (found, row.problems) == ((NUMBER, None), ())


@pytest.mark.parametrize("column", ["申请号", "公开号"])
def test_a_public_data_sets_hyphens_are_read_in_either_column(tmp_path: Path, column: str) -> None:
    row, found = numbers(tmp_path, **{column: "CN-201710601862-A"})
    assert found == (NUMBER, None) and row.record.number_completed
    row, found = numbers(tmp_path, **{column: "CN-109996757-A"})
    assert found == (None, "CN109996757A")


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"申请号": "US10123456B2"}, "US10123456B2"),
        ({"公开号": "EP 3 456 789 A1"}, "EP3456789A1"),
        ({"公开号": "WO2019/123456A1"}, "WO2019123456A1"),
        ({"申请号": "PCT/CN2019/123456"}, "PCTCN2019123456"),
        ({"申请号": "JP2019-123456", "公开号": "JP2021-7654321A"}, "JP20217654321A"),
        ({"申请号": "16/123,456", "国家": "美国"}, "US16123456"),
        ({"申请号": "95115608", "国家": "US"}, "US95115608"),
        ({"公开号": "1234567B", "公开国别": "英国"}, "GB1234567B"),
        ({"公开号": "TW201912345A"}, "TW201912345A"),
    ],
)
def test_a_foreign_patent_is_kept_under_country_and_number(tmp_path: Path, cells: dict[str, str], kept: str) -> None:
    row, found = numbers(tmp_path, **cells)
    assert (found, codes(row)) == ((None, kept), [KEPT])


@pytest.mark.parametrize("country", ["中国", "CN", "中国大陆", "China"])
def test_a_chinese_country_column_changes_nothing(tmp_path: Path, country: str) -> None:
    _, found = numbers(tmp_path, 申请号="95115608", 国家=country)
    assert found == ("95115608.X", None)


def test_a_surely_chinese_number_stays_chinese_whatever_the_country(tmp_path: Path) -> None:
    """The column may mean the applicant's country."""
    for written in (NUMBER, "CN201710601862.3", "ZL95115608.X"):
        assert numbers(tmp_path, 申请号=written, 国家="日本")[1][0] in (NUMBER, "95115608.X")


def test_a_chinese_publication_beside_an_international_number_stays_chinese(tmp_path: Path) -> None:
    row, found = numbers(tmp_path, 申请号="PCT/CN2019/123456", 公开号="CN109996757A")
    assert (found, codes(row)) == ((None, "CN109996757A"), [("kept_by_publication_number_wrong", "warning")])


@pytest.mark.parametrize("written", ["某某专利", "12345", "US", "XX1234567"])
def test_what_is_no_number_of_any_office_refuses_the_row(tmp_path: Path, written: str) -> None:
    row, found = numbers(tmp_path, 申请号=written)
    assert found is None and [severity for _, severity in codes(row)] == ["error"]


def test_offices_and_numbers_by_themselves() -> None:
    assert (office_of("中国台湾"), office_of("美国专利商标局"), office_of("中国"), office_of("某地")) == (
        "TW",
        "US",
        "CN",
        None,
    )
    assert parse_foreign_number("CN109996757A") is None and parse_foreign_number("201710601862.3", "CN") is None
    assert PatentNumbers(None, None).foreign is False


def test_locarno_stands_only_on_designs(tmp_path: Path) -> None:
    for column in ("主分类号", "洛迦诺分类号"):
        design = read_one(tmp_path, "patents", 申请号=DESIGN, 名称="鞋", **{column: "02-04"})
        other = read_one(tmp_path, "patents", 申请号=NUMBER, 名称="鞋", **{column: "02-04"})
        assert (design.record.locarno, codes(design)) == (("02-04",), [])
        assert (other.record.locarno, codes(other)) == ((), [("locarno_without_design", "warning")])


def test_a_foreign_number_in_a_list_of_offers_is_named_as_such(tmp_path: Path) -> None:
    row = read_one(tmp_path, "offers", 专利号="US10123456B2", 许可使用费="1万元")
    assert ("application_number_foreign", "error") in codes(row)
