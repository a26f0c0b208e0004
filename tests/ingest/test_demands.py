"""Rows of demands become records, and what is wrong with them is reported by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.ingest.tables_on_disk import codes, read_one


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

    def test_a_demand_without_enterprise_is_held_for_a_person(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "demands", 需求名称="鞋底耐磨", 需求描述="磨损快", 需求单位=None)
        assert codes(row) == [("demand_enterprise_missing", "review")] and row.record

    def test_a_demand_without_words_is_refused(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "demands", 需求名称=None, 需求描述=None, 需求单位="乙有限公司")
        assert codes(row) == [("demand_text_missing", "error")]
