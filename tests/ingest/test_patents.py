"""Rows of patent tables become records, and what is missing or wrong is reported by code."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.records import EncumbranceClaim, StatusClaim
from tests.ingest.tables_on_disk import codes, read_one

NUMBER, DESIGN = "201710601862.3", "201730601862.4"
USCC = "914403001922038216"


class TestPatents:
    def read(self, tmp_path: Path, **cells: object) -> Any:
        return read_one(tmp_path, "patents", **({"专利名称": "一种鞋底", "申请号": NUMBER} | cells))

    def test_a_vendors_row_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "patents",
            **{
                "标题(中文)": "一种鞋底",
                "申请号": "CN201710601862.3",
                "公开(公告)号": "CN109996757A",
                "申请(专利权)人": "甲公司; 乙大学",
                "当前申请(专利权)人": "丙公司",
                "发明人": "张三 | 李四",
                "IPC主分类号": "A43B13/14",
                "IPC": "A43B13/18;A43B13/14",
                "申请日": "2017.07.21",
                "公开(公告)日": "2019-07-09",
                "当前法律状态": "授权",
                "法律状态更新日": "2023-01-01",
                "代理机构": "某某专利事务所 35204",
                "申请人地址": "362200福建省晋江市陈埭镇",
            },
        )
        record = row.record
        assert row.problems == ()
        assert (record.application_number, record.publication_number) == (NUMBER, "CN109996757A")
        assert (record.applicants, record.owners) == (("甲公司", "乙大学"), ("丙公司",))
        assert record.inventors == ("张三", "李四")
        assert record.ipc == ("A43B 13/14", "A43B 13/18")
        assert (record.filed_on, record.published_on) == (date(2017, 7, 21), date(2019, 7, 9))
        assert record.status == StatusClaim("in_force", "granted", "授权", date(2023, 1, 1))
        assert (record.agency_name, record.agency_code) == ("某某专利事务所", "35204")
        assert (record.address, record.patent_type) == ("福建省晋江市陈埭镇", "invention")

    def test_a_destroyed_number_is_kept_by_its_publication_number_and_reported(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="2.0193E+12", 公告号="CN305246987S")
        assert codes(row) == [("kept_by_publication_number", "warning")]
        assert (row.record.application_number, row.record.publication_number) == (None, "CN305246987S")
        assert row.record.patent_type == "design"

    def test_a_destroyed_number_alone_is_refused(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="2.0193E+12")
        assert codes(row) == [("application_number_scientific", "error")] and row.record is None

    def test_a_wrong_number_is_kept_by_its_publication_number_or_refused(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="201710601862.4", 公告号="CN305246987S")
        assert codes(row) == [("kept_by_publication_number_wrong", "warning")]
        assert codes(self.read(tmp_path, 申请号="201710601862.4")) == [("application_number_check", "error")]

    def test_a_publication_number_in_the_application_column_is_used_and_reported(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="CN109996757A")
        assert codes(row) == [("publication_number_in_application_column", "warning")]
        assert (row.record.application_number, row.record.publication_number) == (None, "CN109996757A")

    def test_no_number_at_all_is_refused(self, tmp_path: Path) -> None:
        assert codes(self.read(tmp_path, 申请号=None)) == [("patent_number_missing", "error")]

    def test_a_number_without_check_digit_is_completed_and_marked(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="CN85102475")
        assert codes(row) == [("application_number_completed", "warning")] and row.record.number_completed

    def test_a_numeric_cell_gets_its_lost_zero_back(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号=202011438186)
        assert row.record.application_number == "202011438186.0" and not row.record.number_completed
        assert codes(row) == [("application_number_zero_restored", "warning")]

    def test_a_full_number_in_a_numeric_cell_is_whole(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号=2017106018623)
        assert (row.record.application_number, row.problems) == (NUMBER, ())

    def test_the_number_beats_the_type_column(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号="2015900012810", 专利类型="发明")
        assert row.record.patent_type == "utility_model"
        assert codes(row) == [("patent_type_contradicts_number", "warning")]

    def test_a_design_carries_locarno_in_the_class_column(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号=DESIGN, 主分类号="02-04 (12)")
        assert (row.record.ipc, row.record.locarno, row.problems) == ((), ("02-04",), ())

    def test_an_unreadable_class_is_reported(self, tmp_path: Path) -> None:
        assert codes(self.read(tmp_path, 主分类号="鞋类")) == [("class_unreadable", "warning")]

    def test_an_announced_grant_is_a_status_on_its_day(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 公开号="CN209102019U", 公开日="2019.07.12", 申请号="2015900012810").record
        assert record.status == StatusClaim("in_force", "granted", "CN209102019U", date(2019, 7, 12))
        assert (record.granted_on, record.published_on) == (date(2019, 7, 12), None)

    def test_an_announced_application_is_pending_on_its_day(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 公开号="CN109996757A", 公开日="2019.07.09").record
        assert record.status == StatusClaim("pending", "published", "CN109996757A", date(2019, 7, 9))

    def test_a_status_that_means_nothing_known_is_reported(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 法律状态="待核实")
        assert row.record.status.validity == "unknown" and codes(row) == [("legal_status_unknown", "warning")]

    def test_a_pledge_is_an_encumbrance_and_no_end(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 法律状态="授权;质押").record
        assert (record.status.validity, record.encumbrances) == ("in_force", (EncumbranceClaim("pledge"),))

    @pytest.mark.parametrize(("day", "said"), [("2017-12-31", False), ("2018-01-01", True)])
    def test_a_filing_day_after_the_numbers_year_is_reported(self, tmp_path: Path, day: str, said: bool) -> None:
        assert codes(self.read(tmp_path, 申请日=day)) == [("filed_after_number", "warning")] * said

    def test_a_day_without_its_month_is_reported_and_left_empty(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请日="2017年")
        assert row.record.filed_on is None and codes(row) == [("date_incomplete", "warning")]

    def test_a_hyperlink_is_read_as_its_text(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 申请号='=HYPERLINK("http://invented.example/x","CN201710601862.3")')
        assert (row.record.application_number, row.problems) == (NUMBER, ())

    @pytest.mark.parametrize("nothing", ["N/A", "-", "无", "--", "null", " ", "/"])
    def test_words_for_nothing_are_nothing(self, tmp_path: Path, nothing: str) -> None:
        assert self.read(tmp_path, 摘要=nothing, 申请日=nothing).record.abstract is None

    def test_names_are_parted_by_commas_only_when_all_are_chinese(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, 申请人="甲公司,乙公司").record.applicants == ("甲公司", "乙公司")
        assert self.read(tmp_path, 申请人="3M Innovative, Inc.").record.applicants == ("3M Innovative, Inc.",)
