"""Addresses of mail in imported tables: lists and names taken apart, what is unusable told and kept as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.tables_on_disk import codes, read_one


@pytest.mark.parametrize(
    ("typed", "kept", "name", "told"),
    [
        ("李工 <li@qq.com>；wang@例子.cn", "li@qq.com; wang@xn--fsqu00a.cn", "李工", []),
        ("ｌｉ＠ｑｑ．ｃｏｍ", "li@qq.com", None, []),
        ("李工@qq.com", "李工@qq.com", None, [("address_local_part", "warning")]),
        ("李工@qq.com；li@qq.com", "li@qq.com", None, [("address_local_part", "warning")]),
        ("无此人", "无此人", None, [("address_not_one", "warning")]),
    ],
)
def test_addresses_of_firms_and_demands_are_tidied(
    tmp_path: Path, typed: str, kept: str, name: str | None, told: list[tuple[str, str]]
) -> None:
    row = read_one(tmp_path, "enterprises", 企业名称="晋江市某某鞋业有限公司", 联系邮箱=typed)
    assert (row.record.contact_email, row.record.contact_name) == (kept, name)
    assert codes(row) == told


def test_a_name_in_its_own_column_goes_before_one_beside_the_address(tmp_path: Path) -> None:
    row = read_one(tmp_path, "enterprises", 企业名称="某某鞋业有限公司", 联系人="王五", 联系邮箱="李工 <li@qq.com>")
    assert (row.record.contact_name, row.record.contact_email) == ("王五", "li@qq.com")


def test_a_demand_and_an_expert_are_read_alike(tmp_path: Path) -> None:
    demand = read_one(
        tmp_path,
        "demands",
        需求名称="鞋底开胶",
        所属单位="某某鞋业有限公司",
        拟解决的技术难题="鞋底开胶",
        联系邮箱="李工@qq.com",
    )
    assert ("address_local_part", "warning") in codes(demand)
    expert = read_one(tmp_path, "experts", 姓名="张三", 工作单位="某某大学", 电子邮箱="张三 <zhang@edu.example>")
    assert expert.record.email == "zhang@edu.example"
