"""Writes the small tables that the tests of reading feed in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from ingest.reading import read_rows
from matchhub.domain.records import Kind


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",", newline: str = "\r\n"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return path


def write_xlsx(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """Sheets by name; None leaves a cell empty; numbers become numeric cells, a text ``=…`` stays a text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(row, column, cell)
    return path


PATENT_HEADER = ["专利名称", "申请号", "申请人", "申请日", "主分类号", "摘要"]
PATENT_ROW = ["一种鞋底", "CN201710601862.3", "晋江某某鞋业有限公司", "2017-07-21", "A43B13/14", "一种耐磨的鞋底。"]


def read_one(tmp_path: Path, kind: Kind, **cells: object) -> Any:
    """Reads a table of one row, given as header=cell."""
    if any(isinstance(cell, int) for cell in cells.values()):  # only a spreadsheet has numeric cells
        path = write_xlsx(tmp_path / "甲.xlsx", 表=[list(cells), list(cells.values())])
    else:
        path = write_csv(tmp_path / "甲.csv", [list(cells), [str(cell or "") for cell in cells.values()]])
    return next(read_rows(path, kind).rows)


def codes(row: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in row.problems]
