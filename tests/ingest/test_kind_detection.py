"""Ten kinds of tables: each is known by its header and refused as any other kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.reading import read_rows
from ingest.vocabulary import fields_of, vocabularies
from matchhub.domain.records import KINDS, DealRecord, EnterpriseRecord, Kind
from matchhub.errors import FileRefused
from matchhub.wording import labels
from tests.ingest.tables_on_disk import write_csv

HEADERS: dict[Kind, list[str]] = {
    "patents": ["专利名称", "申请号", "申请人", "申请日", "法律状态", "摘要"],
    "enterprises": ["企业名称", "统一社会信用代码", "创新型企业类别", "证书编号", "有效期至", "注册地址"],
    "experts": ["姓名", "工作单位", "研究领域", "职称", "联系电话"],
    "agencies": ["机构名称", "统一社会信用代码", "机构代码", "服务类型", "联系人", "联系电话"],
    "demands": ["需求名称", "所属单位", "技术领域", "技术指标", "拟解决的技术难题", "预算金额", "合作方式", "有效期"],
    "offers": ["专利号", "专利名称", "专利权人", "许可使用费", "许可使用费支付方式", "声明日期", "许可期限"],
    "licences": ["专利号", "专利名称", "许可人", "被许可人", "书面通知日期", "付款日期", "备案号"],
    "deals": ["合同编号", "专利号", "专利名称", "转让方", "受让方", "签订日期", "成交金额", "登记日"],
    "award_records": ["机构名称", "专利代理师姓名", "执业证号", "合同起始日期", "合同截止日期", "入职日期"],
    "stock_grades": [
        "专利号",
        "专利名称",
        "权利人",
        "权利人分级",
        "权利人分级日期",
        "评级企业",
        "企业评级",
        "企业评级理由",
    ],
}


def table_of(folder: Path, kind: Kind) -> Path:
    header = HEADERS[kind]
    return write_csv(folder / "x.csv", [header, ["一"] * len(header)])


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_tells_its_kind(tmp_path: Path, kind: Kind) -> None:
    read = read_rows(table_of(tmp_path, kind))
    assert read.kind == kind
    assert [column.header for column in read.unknown_columns] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_read_as_its_own_kind(tmp_path: Path, kind: Kind) -> None:
    assert read_rows(table_of(tmp_path, kind), kind).kind == kind


@pytest.mark.parametrize("asked", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_refused_as_another_kind_and_its_own_is_named(tmp_path: Path, kind: Kind, asked: Kind) -> None:
    if kind == asked:
        return
    with pytest.raises(FileRefused) as caught:
        read_rows(table_of(tmp_path, kind), asked)
    assert (caught.value.code, caught.value.data.get("looks_like")) == (f"file_looks_like_{kind}", kind)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["序号", "单位名称"], "enterprises"),
        (["名称", "统一社会信用代码"], "enterprises"),
        (["名称", "联系人", "联系电话"], "agencies"),
        (["单位名称", "需求描述"], "demands"),
        (["姓名", "单位", "专业"], "experts"),
        (["title", "name", "uscc"], "enterprises"),
    ],
)
def test_a_poor_header_is_accepted_when_the_kind_is_asked_for(tmp_path: Path, header: list[str], kind: Kind) -> None:
    path = write_csv(tmp_path / "x.csv", [header, ["甲"] * len(header)])
    assert read_rows(path, kind).kind == kind


@pytest.mark.parametrize(
    "header",
    [
        ["名称", "摘要", "IPC"],
        ["名称", "摘要"],
        ["发明名称", "发明人", "单位名称"],
        ["名称", "主分类号", "备注"],
        ["标题", "权利要求"],
    ],
)
@pytest.mark.parametrize("asked", ["enterprises", "agencies", "demands"])
def test_abstracts_and_classes_mean_patents_even_without_a_number(
    tmp_path: Path, header: list[str], asked: Kind
) -> None:
    path = write_csv(tmp_path / "x.csv", [header, ["一种鞋底"] * len(header)])
    with pytest.raises(FileRefused) as as_other:
        read_rows(path, asked)
    with pytest.raises(FileRefused) as as_patents:
        read_rows(path, "patents")
    with pytest.raises(FileRefused) as as_found:
        read_rows(path)
    assert as_other.value.code == "file_looks_like_patents"
    assert as_patents.value.code == as_found.value.code == "file_columns_missing"


def test_every_word_of_the_mapping_page_is_known_as_a_header() -> None:
    named = labels()["record_field"]
    unknown = [
        (kind, field, label)
        for kind in KINDS
        for field in fields_of(kind)
        for label in (named.get(f"{kind}.{field}") or named[field]).values()
        if (vocabularies()[kind].meaning_of(label) or ("",))[0] != field
    ]
    assert unknown == [("agencies", "is_patent_agency", "专利代理机构")]  # the name of such an agency in most lists


@pytest.mark.parametrize(
    ("upper", "lower", "fields"),
    [
        (
            ["专利号", "转让方", "", "受让方", "", "签订日期"],
            ["", "名称", "统一社会信用代码", "名称", "统一社会信用代码", ""],
            {"application_numbers", "seller_name", "seller_uscc", "buyer_name", "buyer_uscc", "signed_on"},
        ),
        (
            ["专利号", "出让方", "", "受让人", "", "合同"],
            ["", "名称", "信用代码", "名称", "信用代码", "签订日期"],
            {"application_numbers", "seller_name", "seller_uscc", "buyer_name", "buyer_uscc", "signed_on"},
        ),
        (
            ["专利号", "转让方", "", "受让方", "合同", ""],
            ["", "名称", "代码", "名称", "签订日期", "金额（万元）"],
            {"application_numbers", "seller_name", "seller_uscc", "buyer_name", "signed_on", "amount"},
        ),
        (
            ["企业基本信息", "", "有效期", "", "联系人", ""],
            ["企业名称", "统一社会信用代码", "起", "止", "姓名", "电话"],
            {"name", "uscc", "valid_from_on", "valid_to_on", "contact_name", "contact_phone"},
        ),
    ],
)
def test_two_header_lines_with_groups_are_joined(
    tmp_path: Path, upper: list[str], lower: list[str], fields: set[str]
) -> None:
    kind: Kind = "enterprises" if "name" in fields else "deals"
    read = read_rows(write_csv(tmp_path / "x.csv", [["一览表"], upper, lower, ["甲"] * len(upper)]), kind)
    assert {column.field for column in read.columns} >= fields
    assert len(list(read.rows)) == 1


def test_three_header_lines_are_joined(tmp_path: Path) -> None:
    header = [
        ["专利信息", "", "交易信息", "", "", "", ""],
        ["专利号", "名称", "转让方", "", "受让方", "", "签订日期"],
        ["专利号", "名称", "名称", "代码", "名称", "代码", "签订日期"],  # cells merged downwards stand in each row
    ]
    row = ["201710601862.3", "鞋底", "甲公司", "", "乙公司", "", "2024-01-02"]
    read = read_rows(write_csv(tmp_path / "x.csv", [*header, row]), "deals")
    fields = {"application_numbers", "seller_name", "seller_uscc", "buyer_name", "buyer_uscc", "signed_on"}
    assert {column.field for column in read.columns} >= fields
    (deal,) = [each.record for each in read.rows]
    assert isinstance(deal, DealRecord) and (deal.seller_name, deal.buyer_name) == ("甲公司", "乙公司")


LIST = ["序号", "企业名称", "统一社会信用代码", "所属镇街"]
NAMES = [["1", "晋江市甲鞋业有限公司", "", "陈埭镇"], ["2", "晋江市乙服饰有限公司", "", "陈埭镇"]]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["一、陈埭镇（2家）"], "row_left_out_group"),
        (["", "一、陈埭镇（2家）"], "row_left_out_group"),
        (["（一）高新技术企业"], "row_left_out_group"),
        (["第一批"], "row_left_out_group"),
        (["陈埭镇"], "row_left_out_group"),
        (["陈埭镇(共12家)："], "row_left_out_group"),
        (["共计1家"], "row_left_out_total"),
        (["", "以上共计二家"], "row_left_out_total"),
        (["合计：", "2家"], "row_left_out_total"),
        (["晋江市市场监督管理局"], "row_left_out_note"),
        (["", "", "晋江市知识产权局（盖章）"], "row_left_out_note"),
        (["2023年7月1日"], "row_left_out_note"),
        (["", "", "二〇二三年七月一日"], "row_left_out_note"),
        (["联系人：张某", "联系电话：0595-85000000"], "row_left_out_note"),
        (["填报单位（盖章）：", "负责人："], "row_left_out_note"),
        (["经办人："], "row_left_out_note"),
        (["制表：李某", "审核：王某"], "row_left_out_note"),
        (["填报人", "李某", "2023-07-01"], "row_left_out_note"),
        (["一、陈埭镇", "2家"], "row_left_out_group"),
        (["附件：申报表"], "row_left_out_note"),
        (["第1页 共3页"], "row_left_out_note"),
        (["（此件公开发布）"], "row_left_out_note"),
    ],
)
def test_groups_and_feet_are_no_records_and_are_told(tmp_path: Path, row: list[str], code: str) -> None:
    padded = [*row, *[""] * (len(LIST) - len(row))]
    read = read_rows(write_csv(tmp_path / "x.csv", [LIST, NAMES[0], padded, NAMES[1]]), "enterprises")
    assert [each.record.name for each in read.rows if isinstance(each.record, EnterpriseRecord)] == [
        NAMES[0][1],
        NAMES[1][1],
    ]
    assert [(remark.code, remark.line) for remark in read.remarks] == [(code, 3)]


@pytest.mark.parametrize(
    "row", [["一、陈埭镇（2家）"], ["共计1家"], ["2023年7月1日"], ["晋江市市场监督管理局（盖章）"], ["联系电话：1"]]
)
def test_groups_and_feet_of_a_bare_list_of_names_are_told_too(tmp_path: Path, row: list[str]) -> None:
    read = read_rows(write_csv(tmp_path / "x.csv", [["企业名称"], ["晋江市甲鞋业有限公司"], row]), "enterprises")
    assert (len(list(read.rows)), len(read.remarks)) == (1, 1)


@pytest.mark.parametrize(
    "name",
    [
        "晋江市甲鞋业有限公司",
        "1、晋江市甲鞋业有限公司",
        "一、晋江市甲鞋业有限公司",
        "泉州一二三鞋厂",
        "总计实业有限公司",
        "联系你我（晋江）科技有限公司",
    ],
)
def test_a_row_that_has_only_a_name_stays_a_record(tmp_path: Path, name: str) -> None:
    read = read_rows(write_csv(tmp_path / "x.csv", [LIST, ["", name, "", ""]]), "enterprises")
    assert (len(list(read.rows)), read.remarks) == (1, [])
