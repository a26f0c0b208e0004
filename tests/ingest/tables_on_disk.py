"""Writes the small tables that the tests of reading feed in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter


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
