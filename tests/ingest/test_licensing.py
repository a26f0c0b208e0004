"""Rows of offers and licences become records, and what is wrong with them is reported by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.tables_on_disk import codes, read_one

NUMBER = "201710601862.3"
USCC = "914403001922038216"


class TestOffers:
    def test_a_declaration_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "offers",
            **{
                "专利号": "ZL201710601862.3",
                "专利名称": "一种鞋底",
                "专利权人": "某某大学",
                "许可类型": "开放许可试点",
                "发布平台": "晋江市知识产权平台",
                "声明日期": "2023-09-01",
                "许可使用费(万元)": "1.5",
                "许可使用费支付方式": "一次总付",
                "许可期限": "2023-09-01至2026-08-31",
                "所属产业": "鞋服",
                "关联理由": "鞋底",
            },
        )
        record = row.record
        assert (record.application_number, record.regime, record.fee_method) == (NUMBER, "pilot", "fixed")
        assert (record.fee_yuan, record.valid_to_on) == (Decimal(15000), date(2026, 8, 31))
        assert (record.declared_on, record.industry, row.problems) == (date(2023, 9, 1), "鞋服", ())

    @pytest.mark.parametrize(
        ("fee", "method", "yuan", "percent"),
        [
            ("免费", "free", Decimal(0), None),
            ("5%", None, None, Decimal(5)),
            ("5000元", "fixed", Decimal(5000), None),
        ],
    )
    def test_fees_in_their_several_forms(self, tmp_path: Path, fee: str, method, yuan, percent) -> None:
        record = read_one(tmp_path, "offers", 专利号=NUMBER, 许可使用费=fee, 声明日期="2023-09-01").record
        assert (record.fee_method, record.fee_yuan, record.royalty_percent) == (method, yuan, percent)

    def test_without_a_right_number_it_is_refused(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "offers", 专利号="201710601862.4", 许可使用费="免费", 声明日期="2023-09-01")
        assert codes(row) == [("application_number_check", "error")]
        row = read_one(tmp_path, "offers", 专利号=None, 许可使用费="免费", 声明日期="2023-09-01")
        assert codes(row) == [("application_number_empty", "error")]


class TestLicences:
    def test_a_licence_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "licences",
            专利号=NUMBER,
            被许可人="某某鞋业有限公司",
            被许可人统一社会信用代码=USCC,
            许可人="某某大学",
            书面通知日期="2023-10-01",
            付款日期="2023-10-05",
            付款凭证="PZ-1",
            备案号="BA-1",
            备案日期="2023-12-01",
            许可费="5000元",
        )
        record = row.record
        assert (record.licensee_name, record.licensee_uscc, record.licensor_name) == (
            "某某鞋业有限公司",
            USCC,
            "某某大学",
        )
        assert (record.notified_on, record.paid_on, record.filed_on) == (
            date(2023, 10, 1),
            date(2023, 10, 5),
            date(2023, 12, 1),
        )
        assert (record.paid_yuan, record.payment_proof, row.problems) == (Decimal(5000), "PZ-1", ())

    def test_without_licensee_it_is_refused(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "licences", 专利号=NUMBER, 被许可人=None, 书面通知日期="2023-10-01")
        assert codes(row) == [("licensee_missing", "error")]
