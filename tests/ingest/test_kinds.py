"""Each kind's columns become its record, and what is missing or wrong is said by code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_rows
from matchhub.domain.records import CategoryClaim, Kind, StatusClaim
from tests.ingest.tables_on_disk import write_csv, write_xlsx

NUMBER = "201710601862.3"
USCC = "914403001922038216"


def read_one(tmp_path: Path, kind: Kind, **cells: object) -> Any:
    """Reads a table of one row, given as header=cell."""
    if any(isinstance(cell, int) for cell in cells.values()):  # only a spreadsheet has numeric cells
        path = write_xlsx(tmp_path / "甲.xlsx", 表=[list(cells), list(cells.values())])
    else:
        path = write_csv(tmp_path / "甲.csv", [list(cells), [str(cell or "") for cell in cells.values()]])
    return next(read_rows(path, kind).rows)


def codes(row: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in row.problems]


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

    def test_a_destroyed_number_is_kept_by_its_publication_number_and_said(self, tmp_path: Path) -> None:
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

    def test_a_publication_number_in_the_application_column_is_used_and_said(self, tmp_path: Path) -> None:
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
        row = self.read(tmp_path, 主分类号="02-04 (12)")
        assert (row.record.ipc, row.record.locarno, row.problems) == ((), ("02-04",), ())

    def test_an_unreadable_class_is_said(self, tmp_path: Path) -> None:
        assert codes(self.read(tmp_path, 主分类号="鞋类")) == [("class_unreadable", "warning")]

    def test_an_announced_grant_is_a_status_on_its_day(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 公开号="CN209102019U", 公开日="2019.07.12", 申请号="2015900012810").record
        assert record.status == StatusClaim("in_force", "granted", "CN209102019U", date(2019, 7, 12))
        assert (record.granted_on, record.published_on) == (date(2019, 7, 12), None)

    def test_an_announced_application_is_pending_on_its_day(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 公开号="CN109996757A", 公开日="2019.07.09").record
        assert record.status == StatusClaim("pending", "published", "CN109996757A", date(2019, 7, 9))

    def test_a_status_that_means_nothing_known_is_said(self, tmp_path: Path) -> None:
        row = self.read(tmp_path, 法律状态="待核实")
        assert row.record.status.validity == "unknown" and codes(row) == [("legal_status_unknown", "warning")]

    def test_a_pledge_is_an_encumbrance_and_no_end(self, tmp_path: Path) -> None:
        record = self.read(tmp_path, 法律状态="授权;质押").record
        assert (record.status.validity, record.encumbrances) == ("in_force", ("pledge",))

    @pytest.mark.parametrize(("day", "said"), [("2017-12-31", False), ("2018-01-01", True)])
    def test_a_filing_day_after_the_numbers_year_is_said(self, tmp_path: Path, day: str, said: bool) -> None:
        assert codes(self.read(tmp_path, 申请日=day)) == [("filed_after_number", "warning")] * said

    def test_a_day_without_its_month_is_said_and_left_empty(self, tmp_path: Path) -> None:
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
        assert title in claims[0].official_list

    def test_a_bare_list_takes_its_category_from_the_files_name(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "专精特新中小企业名单.csv", [["序号", "企业名称"], ["1", "甲有限公司"]])
        rows: list[Any] = list(read_rows(path).rows)
        assert rows[0].record.categories[0].category == "specialised_sme"


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
    def test_whether_it_is_a_patent_agency_is_told_or_derived(self, tmp_path: Path, told, expected: bool) -> None:
        row = read_one(tmp_path, "agencies", 机构名称="某某咨询公司", 服务类型="评估", 是否专利代理机构=told)
        assert row.record.is_patent_agency is expected

    def test_without_name_it_is_refused(self, tmp_path: Path) -> None:
        assert codes(read_one(tmp_path, "agencies", 机构名称=None, 服务类型="评估")) == [
            ("agency_name_missing", "error")
        ]


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
