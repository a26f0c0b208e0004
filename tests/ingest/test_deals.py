"""Rows of deals become records, and what is wrong with them is reported by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.tables_on_disk import codes, read_one

NUMBER = "201710601862.3"


class TestDeals:
    GOOD = {
        "合同编号": "HT-1",
        "专利号": NUMBER,
        "转让方": "某某大学",
        "受让方": "某某鞋业有限公司",
        "签订日期": "2023-08-01",
    }

    def test_a_contract_becomes_a_record(self, tmp_path: Path) -> None:
        more = {
            "交易类型": "专利权转让",
            "成交金额(万元)": "20",
            "登记日": "2023-10-01",
            "法律事件": "TR01",
            "技术合同登记号": "2023350582001234",
        }
        row = read_one(tmp_path, "deals", **(self.GOOD | more))
        record = row.record
        assert (record.deal_type, record.amount_yuan, record.register_event) == ("transfer", Decimal(200000), "TR01")
        assert (record.application_numbers, record.signed_on, row.problems) == ((NUMBER,), date(2023, 8, 1), ())

    def test_one_contract_may_name_several_patents(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"专利号": "ZL201710601862.3、ZL201710117081.7；95115608.X"}))
        assert row.record.application_numbers == (NUMBER, "201710117081.7", "95115608.X")

    def test_one_wrong_number_among_several_refuses_the_row_and_is_named(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"专利号": "201710601862.3;201710117081.8"}))
        assert codes(row) == [("application_number_check", "error")]
        assert row.problems[0].value == "201710117081.8"

    @pytest.mark.parametrize(
        ("column", "code"),
        [
            ("专利号", "application_number_empty"),
            ("转让方", "deal_seller_missing"),
            ("受让方", "deal_buyer_missing"),
            ("签订日期", "deal_signed_on_missing"),
        ],
    )
    def test_what_a_deal_cannot_do_without(self, tmp_path: Path, column: str, code: str) -> None:
        assert codes(read_one(tmp_path, "deals", **(self.GOOD | {column: None}))) == [(code, "error")]

    def test_an_unreadable_day_of_signing_refuses_once(self, tmp_path: Path) -> None:
        assert codes(read_one(tmp_path, "deals", **(self.GOOD | {"签订日期": "去年"}))) == [
            ("date_unreadable", "error")
        ]

    @pytest.mark.parametrize(
        ("word", "kind"),
        [
            ("转让", "transfer"),
            ("独占许可", "exclusive_licence"),
            ("排他许可", "sole_licence"),
            ("普通许可", "ordinary_licence"),
            ("开放许可", "open_licence"),
            ("作价入股", "contribution"),
        ],
    )
    def test_types_of_deals(self, tmp_path: Path, word: str, kind: str) -> None:
        assert read_one(tmp_path, "deals", **(self.GOOD | {"交易类型": word})).record.deal_type == kind

    def test_a_licence_of_unknown_type_is_held_for_a_person(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"交易类型": "许可"}))
        assert codes(row) == [("deal_type_unknown", "review")]

    def test_an_odd_register_number_is_only_remarked(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"技术合同登记号": "123"}))
        assert codes(row) == [("contract_register_number_odd", "warning")]
