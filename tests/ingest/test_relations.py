"""Enterprise lists that name affiliated parties: their columns, the words of the relation, what is no other party."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.tables_on_disk import codes, read_one

USCC = "914403001922038216"


def test_the_columns_of_related_parties_are_read(tmp_path: Path) -> None:
    row = read_one(
        tmp_path,
        "enterprises",
        企业名称="甲有限公司",
        关联企业="乙有限公司；丙有限公司",
        关联关系="控股股东",
        关联依据="2023年年报",
    )
    assert row.record.related == ("乙有限公司", "丙有限公司")
    assert (row.record.relation, row.record.relation_evidence) == ("shareholder", "2023年年报")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("股东", "shareholder"), ("母公司", "shareholder"), ("持股30%", "shareholder"), ("shareholder", "shareholder"),
        ("同一法定代表人", "legal_representative"), ("同一法人", "legal_representative"),
        ("同一实际控制人", "same_party"), ("亲属", "declared"), (None, "declared"),
    ],
)  # fmt: skip
def test_the_word_of_a_relation_names_its_kind(tmp_path: Path, word: str | None, kind: str) -> None:
    row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 关联企业="乙有限公司", 关联关系=word)
    assert row.record.relation == kind


def test_a_relation_to_nobody_is_none(tmp_path: Path) -> None:
    row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 关联关系="股东", 关联依据="年报")
    assert (row.record.related, row.record.relation, row.record.relation_evidence) == ((), None, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [("甲有限责任公司", "relation_with_itself"), (USCC, "relation_with_itself"), ("914403001922038217", "uscc_check")],
)
def test_what_is_no_other_party_is_told_and_left_out(tmp_path: Path, said: str, code: str) -> None:
    row = read_one(tmp_path, "enterprises", 企业名称="甲有限公司", 统一社会信用代码=USCC, 关联企业=f"乙有限公司;{said}")
    assert row.record.related == ("乙有限公司",)
    assert codes(row) == [(code, "warning")]
