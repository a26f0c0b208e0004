"""Eight kinds of tables: each is known by its header and refused as any other kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.reading import read_rows
from matchhub.domain.records import KINDS, Kind
from matchhub.errors import FileRefused
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
