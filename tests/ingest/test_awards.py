"""Lists of what the other clauses pay for: what a row means, and what refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.reading import read_rows
from matchhub.domain.award_rules import PAYEES
from matchhub.domain.records import AwardRowRecord, Row
from tests.ingest.tables_on_disk import write_csv, write_xlsx

AGENTS = ["机构名称", "专利代理师姓名", "执业证号", "合同起始日期", "合同截止日期", "入职日期", "离职日期"]


def rows_of(tmp_path: Path, header: Sequence[str], *rows: Sequence[str]) -> list[Row]:
    return list(read_rows(write_csv(tmp_path / "x.csv", [header, *rows]), "award_records").rows)


def record_of(row: Row) -> AwardRowRecord:
    assert isinstance(row.record, AwardRowRecord), row.problems
    return row.record


def test_a_list_of_agents_needs_no_column_for_its_kind(tmp_path: Path) -> None:
    (row,) = rows_of(
        tmp_path, AGENTS, ["文华事务所", "林某", "3500012345", "2024-01-02", "2027-01-01", "2024年1月2日", ""]
    )
    record = record_of(row)
    assert (record.kind, record.agency_name, record.title, record.number) == (
        "agents",
        "文华事务所",
        "林某",
        "3500012345",
    )
    assert (record.occurred_on, record.until_on) == (date(2024, 1, 2), date(2027, 1, 1))
    assert (record.started_on, record.left_on) == (date(2024, 1, 2), None)


@pytest.mark.parametrize(
    ("kind", "header", "cells"),
    [
        ("navigation", ["企业名称", "导航项目名称", "项目编号", "立项日期", "评审通过日期"],
         ["甲公司", "伞骨导航", "DH-1", "2025-01-06", "2025-03-03"]),
        ("entries", ["机构名称", "入驻日期", "代理师人数", "代理案件数", "前500名企业数"],
         ["文华事务所", "2024-03-01", "20人", "15件", "2"]),
        ("platforms", ["机构名称", "平台名称", "上线日期", "评审通过日期"],
         ["文华事务所", "运营平台", "2025-01-06", "2025-03-03"]),
        ("sales", ["机构名称", "销售年度", "年销售额（万元）"], ["文华事务所", "2024年", "100"]),
        ("pledge_loans", ["机构名称", "借款企业", "贷款合同", "贷款金额（万元）", "放款日期"],
         ["文华事务所", "甲公司", "合同一", "5000", "2024-06-03"]),
        ("events", ["主办单位", "活动名称", "活动日期", "报备日期"],
         ["文华事务所", "对接会", "2025-05-20", "2025-05-18"]),
    ],
)  # fmt: skip
def test_each_kind_is_known_by_its_headers(tmp_path: Path, kind: str, header: list[str], cells: list[str]) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", 表=[header, cells])
    read = read_rows(path)
    assert read.kind == "award_records"
    assert [column.header for column in read.unknown_columns] == []
    (row,) = read.rows
    assert (record_of(row).kind, row.problems) == (kind, ())


def test_sales_are_of_the_last_day_of_their_year_and_amounts_in_yuan(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, ["机构名称", "销售年度", "年销售额（万元）"], ["文华事务所", "2024年", "100"])
    record = record_of(row)
    assert (record.occurred_on, record.amount_yuan) == (date(2024, 12, 31), Decimal(1_000_000))
    assert record.title == "文华事务所"


def test_a_column_tells_the_kind_row_by_row(tmp_path: Path) -> None:
    header = ["奖励事项", "机构名称", "名称", "日期", "企业名称"]
    said = [
        "引进专利代理师",
        "专利导航项目",
        "高端服务机构入驻",
        "运营平台建设",
        "质押融资",
        "年销售额",
        "知识产权活动",
        "别的",
    ]
    rows = rows_of(tmp_path, header, *([each, "文华事务所", "甲", "2024-05-01", "乙公司"] for each in said))
    kinds = [record_of(row).kind for row in rows[:-1]]
    assert kinds == ["agents", "navigation", "entries", "platforms", "pledge_loans", "sales", "events"]
    assert set(kinds) <= set(PAYEES)
    assert [problem.code for problem in rows[-1].problems] == ["award_kind_unknown"]


@pytest.mark.parametrize(
    ("at", "cell", "code"),
    [
        (0, "", "award_payee_missing"),
        (3, "", "award_day_missing"),
        (3, "24年1月", "date_unreadable"),
        (4, "三年", "date_unreadable"),
        (6, "2024-13-01", "date_unreadable"),
    ],
)
def test_what_cannot_be_read_refuses_the_row(tmp_path: Path, at: int, cell: str, code: str) -> None:
    cells = ["文华事务所", "林某", "35000", "2024-01-02", "2027-01-01", "2024-01-02", ""]
    cells[at] = cell
    (row,) = rows_of(tmp_path, AGENTS, cells)
    assert row.record is None
    assert [problem.code for problem in row.problems] == [code]


def test_a_number_of_cases_in_words_refuses_the_row(tmp_path: Path) -> None:
    header = ["机构名称", "入驻日期", "代理师人数", "代理案件数"]
    (row,) = rows_of(tmp_path, header, ["文华事务所", "2024-03-01", "二十余人", "1,500"])
    assert [(problem.column, problem.code) for problem in row.problems] == [("代理师人数", "whole_number_unreadable")]
