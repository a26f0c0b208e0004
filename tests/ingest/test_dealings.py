"""Rows of demands, offers, licences and deals become records, and what is wrong is said by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.tables_on_disk import codes, read_one

NUMBER = "201710601862.3"
USCC = "914403001922038216"


class TestDemands:
    def test_the_county_form_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "demands",
            **{
                "需求名称": "鞋底耐磨",
                "所属单位": "某某鞋业有限公司",
                "技术领域": "鞋材",
                "技术指标": "耐磨≥200mm³",
                "拟解决的技术难题": "鞋底磨损快",
                "现有基础条件": "有生产线",
                "预算金额(万元)": 30,
                "合作方式": "技术转让",
                "需求类型": "技术",
                "所属地区": "晋江",
                "有效期": "2025年12月31日前",
                "联系人": "张某",
                "授权日期": "2023-08-01",
            },
        )
        record = row.record
        assert (record.title, record.enterprise_name, record.text) == ("鞋底耐磨", "某某鞋业有限公司", "鞋底磨损快")
        assert (record.budget_yuan, record.valid_until_on) == (Decimal(300000), date(2025, 12, 31))
        assert (record.targets, record.authorised_on, row.problems) == ("耐磨≥200mm³", date(2023, 8, 1), ())

    def test_an_open_budget_is_negotiable_and_no_amount(self, tmp_path: Path) -> None:
        record = read_one(tmp_path, "demands", 需求名称="甲", 需求单位="乙", 预算="面议").record
        assert (record.budget_yuan, record.budget_negotiable) == (None, True)

    def test_a_demand_of_nobody_is_held_for_a_person(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "demands", 需求名称="鞋底耐磨", 需求描述="磨损快", 需求单位=None)
        assert codes(row) == [("demand_enterprise_missing", "review")] and row.record

    def test_a_demand_without_words_is_refused(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "demands", 需求名称=None, 需求描述=None, 需求单位="乙有限公司")
        assert codes(row) == [("demand_text_missing", "error")]


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

    def test_a_licence_of_unsaid_type_is_held_for_a_person(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"交易类型": "许可"}))
        assert codes(row) == [("deal_type_unknown", "review")]

    def test_an_odd_register_number_is_only_remarked(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "deals", **(self.GOOD | {"技术合同登记号": "123"}))
        assert codes(row) == [("contract_register_number_odd", "warning")]
