"""The problems workbook: original cells, reasons in words, correctable, and never a formula."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ingest.reading import read_rows
from matchhub.domain.records import Problem, Row, Source
from matchhub.reports.problems import ADDED, write_problems
from tests.ingest.tables_on_disk import write_csv

HEADER = ["专利名称", "申请号", "申请人"]


def bad_row(*cells: str, severity: Any = "error", code: str = "patent_number_missing") -> Row:
    raw = tuple(zip(HEADER, cells, strict=True))
    return Row(Source("甲.csv", 2, "", raw), None, (Problem("甲.csv", 2, "申请号", cells[1], code, severity),))


def sheet_of(path: Path, title: str = "需更正") -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[title].iter_rows(values_only=True)]


def test_a_refused_row_stands_as_written_with_its_reason(tmp_path: Path) -> None:
    count = write_problems(tmp_path / "p.xlsx", [bad_row("一种鞋底", "12", "甲公司")])
    header, row = sheet_of(tmp_path / "p.xlsx")
    assert count == 1
    assert header == [*HEADER, *ADDED]
    assert row[:3] == ["一种鞋底", "12", "甲公司"]
    assert "申请号" in row[3] and row[4:] == ["未导入", "甲.csv", "", "2"]


def test_english_reasons_on_request(tmp_path: Path) -> None:
    write_problems(tmp_path / "p.xlsx", [bad_row("a", "12", "b")], "en")
    assert "application number" in sheet_of(tmp_path / "p.xlsx", "to correct")[1][3]


def test_rows_taken_with_a_remark_stand_apart_and_good_rows_not_at_all(tmp_path: Path) -> None:
    good = Row(Source("甲.csv", 3), None)
    rows = [bad_row("a", "12", "b", severity="warning"), bad_row("c", "", "d", severity="review"), good]
    assert write_problems(tmp_path / "p.xlsx", rows) == 2
    assert [row[0] for row in sheet_of(tmp_path / "p.xlsx", "提醒")[1:]] == ["a"]
    assert [(row[0], row[4]) for row in sheet_of(tmp_path / "p.xlsx")[1:]] == [("c", "待人工处理")]


def test_without_problems_there_is_an_empty_sheet(tmp_path: Path) -> None:
    assert write_problems(tmp_path / "p.xlsx", []) == 0
    assert len(sheet_of(tmp_path / "p.xlsx")) == 1


def test_a_corrected_workbook_can_be_dropped_in_again(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "甲.csv", [HEADER, ["鞋", "201710601862.4", "甲"], ["伞", "201710117081.7", "乙"]])
    write_problems(tmp_path / "p.xlsx", read_rows(path, "patents").rows)
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    assert book["需更正"]["B2"].value == "201710601862.4"
    book["需更正"]["B2"] = "201710601862.3"
    book.save(tmp_path / "p.xlsx")
    again = read_rows(tmp_path / "p.xlsx", "patents")
    rows: list[Any] = list(again.rows)
    assert [(row.record.application_number, row.record.title) for row in rows] == [("201710601862.3", "鞋")]
    assert again.unknown_columns == ()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "{=1}", "\t=1", "\r=1", "http://invented.example"]
)
def test_what_looks_like_a_formula_or_a_link_stays_text(tmp_path: Path, text: str) -> None:
    write_problems(tmp_path / "p.xlsx", [bad_row(text, text, text)])
    with zipfile.ZipFile(tmp_path / "p.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet
    written = CalamineWorkbook.from_path(str(tmp_path / "p.xlsx")).get_sheet_by_index(0).to_python()
    assert written[1][:3] == [text, text, text]


WRITABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(WRITABLE, WRITABLE, WRITABLE), min_size=1, max_size=20))
def test_any_text_makes_the_round_trip(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    write_problems(tmp_path / "p.xlsx", [bad_row(*cells) for cells in rows])
    read = CalamineWorkbook.from_path(str(tmp_path / "p.xlsx")).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [tuple(str(cell) for cell in row[:3]) for row in read[1:]] == rows


def test_the_longest_text_a_cell_can_hold_is_kept_and_no_more(tmp_path: Path) -> None:
    write_problems(tmp_path / "p.xlsx", [bad_row("长" * 40_000, "1", "x")])
    assert len(sheet_of(tmp_path / "p.xlsx")[1][0]) == 32_767
