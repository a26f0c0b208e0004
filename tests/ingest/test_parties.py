"""Rows of enterprises, experts and agencies become records, and what is wrong is reported by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_rows
from matchhub.domain.records import CategoryClaim
from tests.ingest.tables_on_disk import codes, read_one, write_csv, write_xlsx

NUMBER = "201710601862.3"
USCC = "914403001922038216"


class TestEnterprises:
    def test_a_register_row_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "enterprises",
            **{
                "企业名称": "晋江市某某鞋业有限公司",
                "统一社会信用代码": USCC.lower(),
                "注册日期": "1979-03-01",
                "注册资金": "1,001(万元人民币)",
                "经营范围": "制鞋",
                "地区": "泉州",
                "注册地址": "晋江市陈埭镇",
                "企业类型": "个体工商户",
            },
        )
        record = row.record
        assert (record.uscc, record.registered_on, record.capital_yuan) == (USCC, date(1979, 3, 1), Decimal(10010000))
        assert (record.categories, row.problems) == ((), ())

    def test_a_faulty_code_holds_the_row_for_a_person(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 统一社会信用代码="914403001922038217")
        assert codes(row) == [("uscc_check", "review")]
        assert (row.record.name, row.record.uscc) == ("甲有限公司", None)

    def test_without_name_and_code_it_is_refused(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称=None, 统一社会信用代码=None, 地址="某处")
        assert codes(row) == [("enterprise_name_missing", "error")]

    def test_foreign_capital_is_not_converted(self, tmp_path: Path) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 注册资金="449(万美元)")
        assert row.record.capital_yuan is None and codes(row) == [("money_foreign", "warning")]

    @pytest.mark.parametrize(
        ("word", "key"),
        [
            ("高新技术企业", "high_tech_enterprise"),
            ("科技型中小企业", "tech_sme"),
            ("创新型中小企业", "innovative_sme"),
            ("专精特新中小企业", "specialised_sme"),
            ("国家级专精特新“小巨人”企业", "little_giant"),
            ("制造业单项冠军企业", "manufacturing_champion"),
            ("福建省科技小巨人企业", "provincial_little_giant"),
            ("瞪羚企业", "gazelle_unicorn"),
            ("独角兽企业", "gazelle_unicorn"),
            ("国家知识产权优势企业", "ip_advantage"),
            ("国家知识产权示范企业", "ip_advantage"),
            ("贯标企业", "ip_standard_certified"),
            ("专利密集型企业", "patent_intensive"),
            ("省级企业技术中心", "enterprise_technology_centre"),
        ],
    )
    def test_every_category_has_its_key(self, tmp_path: Path, word: str, key: str) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 创新型企业类别=word)
        assert [claim.category for claim in row.record.categories] == [key]

    @pytest.mark.parametrize(
        "word",
        [
            "非高新技术企业",
            "未认定高新技术企业",
            "取消高新技术企业资格",
            "拟认定高新技术企业",
            "高新技术企业培育库",
            "申报高新技术企业",
        ],
    )
    def test_a_category_that_is_not_held_is_reported_and_not_taken(self, tmp_path: Path, word: str) -> None:
        row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 创新型企业类别=word)
        assert row.record.categories == () and codes(row) == [("category_not_held", "warning")]

    def test_a_list_of_cancelled_firms_confers_nothing(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "取消高新技术企业资格名单.csv", [["序号", "企业名称"], ["1", "甲有限公司"]])
        rows: list[Any] = list(read_rows(path).rows)
        assert rows[0].record.categories == () and codes(rows[0]) == [("category_not_held", "warning")]

    def test_a_category_carries_its_proof(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "enterprises",
            企业名称="甲有限公司",
            资质类型="高新技术企业、专精特新中小企业",
            证书编号="GR202335001234",
            认定文件="闽科高〔2023〕1号",
            有效期="2023-12-01至2026-11-30",
        )
        proof = ("GR202335001234", "闽科高〔2023〕1号", date(2023, 12, 1), date(2026, 11, 30))
        assert row.record.categories == (
            CategoryClaim("high_tech_enterprise", *proof),
            CategoryClaim("specialised_sme", *proof),
        )

    def test_a_column_named_after_a_category_affirms_or_denies_it(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "enterprises",
            企业名称="甲有限公司",
            高新技术企业="是",
            科技型中小企业="否",
            专利密集型企业="ZM20231234",
            瞪羚企业=None,
        )
        found = {claim.category: claim.certificate_number for claim in row.record.categories}
        assert found == {"high_tech_enterprise": None, "patent_intensive": "ZM20231234"}

    def test_a_bare_list_of_names_takes_its_category_from_the_headline(self, tmp_path: Path) -> None:
        title = "福建省2023年第一批高新技术企业名单"
        path = write_xlsx(
            tmp_path / "名单.xlsx", 表=[[title], ["序号", "企业名称"], [1, "甲有限公司"], [2, "乙有限公司"]]
        )
        rows: list[Any] = list(read_rows(path, "enterprises").rows)
        claims = [row.record.categories[0] for row in rows]
        assert [claim.category for claim in claims] == ["high_tech_enterprise"] * 2
        assert claims[0].official_list == title

    def test_a_bare_list_takes_its_category_from_the_files_name(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "专精特新中小企业名单.csv", [["序号", "企业名称"], ["1", "甲有限公司"]])
        rows: list[Any] = list(read_rows(path).rows)
        assert rows[0].record.categories == (CategoryClaim("specialised_sme"),)  # a file's name is no official list


class TestExperts:
    def test_a_row_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "experts",
            姓名="张某",
            工作单位="某某大学",
            研究领域="鞋材",
            职称="教授",
            资格="专利代理师",
            同意日期="2023-08-01",
            同意书="TY-1",
            手机=13800000000,
        )
        record = row.record
        assert (record.name, record.organisation, record.consent_on) == ("张某", "某某大学", date(2023, 8, 1))
        assert (record.phone, record.consent_evidence, record.title) == ("13800000000", "TY-1", "教授")

    @pytest.mark.parametrize(
        ("name", "organisation", "code"),
        [(None, "某某大学", "expert_name_missing"), ("张某", None, "expert_organisation_missing")],
    )
    def test_name_and_organisation_are_both_needed(self, tmp_path: Path, name, organisation, code: str) -> None:
        row = read_one(tmp_path, "experts", 姓名=name, 工作单位=organisation, 职称="教授")
        assert codes(row) == [(code, "error")]


class TestAgencies:
    def test_a_row_becomes_a_record(self, tmp_path: Path) -> None:
        row = read_one(
            tmp_path,
            "agencies",
            机构名称="某某专利代理事务所 35204",
            统一社会信用代码=USCC,
            服务类型="专利代理、商标代理,法律服务",
            联系人="张某",
            联系电话="0595-12345678",
        )
        record = row.record
        assert (record.name, record.agency_code, record.is_patent_agency) == ("某某专利代理事务所", "35204", True)
        assert record.service_types == ("专利代理", "商标代理", "法律服务")

    @pytest.mark.parametrize(("told", "expected"), [("否", False), ("是", True), (None, False)])
    def test_whether_it_is_a_patent_agency_is_stated_or_derived(self, tmp_path: Path, told, expected: bool) -> None:
        row = read_one(tmp_path, "agencies", 机构名称="某某咨询公司", 服务类型="评估", 是否专利代理机构=told)
        assert row.record.is_patent_agency is expected

    def test_without_name_it_is_refused(self, tmp_path: Path) -> None:
        assert codes(read_one(tmp_path, "agencies", 机构名称=None, 服务类型="评估")) == [
            ("agency_name_missing", "error")
        ]


@pytest.mark.parametrize(
    ("cells", "former"),
    [
        ({"企业名称": "甲公司（原乙公司）"}, ("乙公司",)),
        ({"企业名称": "甲公司（曾用名：丙公司、丁公司）"}, ("丙公司", "丁公司")),
        ({"企业名称": "甲公司", "原企业名称": "乙公司", "历史名称": "丙公司;丁公司"}, ("乙公司", "丙公司", "丁公司")),
        ({"企业名称": "甲（中国）有限公司"}, ()),
    ],
)
def test_former_names_in_every_place(tmp_path: Path, cells: dict[str, str], former: tuple[str, ...]) -> None:
    assert read_one(tmp_path, "enterprises", **cells).record.former_names == former
