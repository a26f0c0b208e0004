"""The problems workbook: rows that were not taken in as they stood, with the reason in words beside each.

It carries the original cells under the original headers, so that a clerk corrects them there and drops the file in
again; the columns added here are known to the reader and ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

from matchhub.domain.records import Problem, Row
from matchhub.wording import label, sentence

REASON, LEVEL, FILE, SHEET, LINE = "问题说明", "处理结果", "来源文件", "来源工作表", "来源行号"
ADDED = (REASON, LEVEL, FILE, SHEET, LINE)
SHEETS = ("to_correct", "remarks")
LONGEST_CELL = 32_767  # what a spreadsheet cell can hold
MOST_ROWS = 1_000_000


def problem_sentence(problem: Problem, lang: str = "zh") -> str:
    """What is wrong with a row and what to do, in words."""
    facts = {"file": problem.file, "line": problem.line, "column": problem.column, "value": problem.value}
    return sentence(problem.code, lang, **facts)


def write_problems(target: str | Path | IO[bytes], rows: Iterable[Row], lang: str = "zh") -> int:
    """Write the rows that have problems; returns how many.

    Rows refused or held stand on the first sheet, rows taken with a remark on the second. Every cell is written as
    text, so nothing a source wrote becomes a formula or a link (a text beginning with ``=`` stays a text).
    """
    held: list[Row] = []
    remarked: list[Row] = []
    for row in rows:
        if row.problems:
            serious = any(problem.severity != "warning" for problem in row.problems)
            (held if serious else remarked).append(row)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, str | Path) else target, options) as workbook:
        for key, listed in zip(SHEETS, (held, remarked), strict=True):
            if listed or key == SHEETS[0]:
                _write_sheet(workbook, label("problem_sheet", key, lang), listed[:MOST_ROWS], lang)
    return len(held) + len(remarked)


def _headers(rows: Sequence[Row]) -> list[str]:
    """Headers of all rows in the order of their first appearance."""
    seen = {header: None for row in rows for header, _ in row.source.raw if header not in ADDED}
    return list(seen)


def _write_sheet(workbook: Workbook, title: str, rows: Sequence[Row], lang: str) -> None:
    sheet = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True, "bg_color": "#DDEBF7"})
    marked = workbook.add_format({"bg_color": "#FFE699"})
    plain = workbook.add_format({"num_format": "@"})
    headers = _headers(rows)
    for column, header in enumerate([*headers, *ADDED]):
        sheet.write_string(0, column, header[:LONGEST_CELL], bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headers) - 1, 0), 18, plain)
    sheet.set_column(len(headers), len(headers), 70)
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, row, headers, (plain, marked), lang)


def _write_row(
    sheet: Worksheet, number: int, row: Row, headers: Sequence[str], formats: tuple[Format, Format], lang: str
) -> None:
    plain, marked = formats
    written = dict(reversed(row.source.raw))  # of two columns with one header, the first
    faulty = {problem.column for problem in row.problems}
    for column, header in enumerate(headers):
        text = written.get(header, "")
        sheet.write_string(number, column, text[:LONGEST_CELL], marked if header in faulty else plain)
    levels = [problem.severity for problem in row.problems]
    worst = next(level for level in ("error", "review", "warning") if level in levels)
    reasons = "\n".join(dict.fromkeys(problem_sentence(problem, lang) for problem in row.problems))
    source = (reasons, label("problem_level", worst, lang), row.source.file, row.source.sheet, str(row.source.line))
    for column, text in enumerate(source, start=len(headers)):
        sheet.write_string(number, column, text[:LONGEST_CELL])
