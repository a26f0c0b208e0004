"""A workbook of plain tables: texts stay texts, whatever they begin with (PROMISES.md P11)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | bool | None
LONGEST_CELL = 32_767  # what a spreadsheet cell can hold
MOST_ROWS = 1_000_000
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes a bare one
_FORBIDDEN = str.maketrans("[]:*?/\\", "()-   -")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the headings of its columns with their widths in characters, and its rows.

    ``choices``: words that a column, counted from 0, offers to choose from.
    """

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict, hash=False)


def write_tables(target: IO[bytes], sheets: Sequence[Sheet], made: datetime = _MADE) -> None:
    """Write the sheets in order. Every text is a text cell: no formula, no link, no number made from digits.

    ``made`` is the moment that the file bears; no clock is read, so the same sheets are the same bytes.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties({"created": made})
        bold = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for each in sheets:
            _write_sheet(workbook, each, bold, day)


def _write_sheet(workbook: Workbook, wanted: Sheet, bold: Format, day: Format) -> None:
    sheet = workbook.add_worksheet(wanted.name.translate(_FORBIDDEN)[:31])
    for column, (heading, width) in enumerate(wanted.headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(wanted.rows, start=1):
        if number > MOST_ROWS:
            break
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, day)
    for column, words in wanted.choices.items():
        sheet.data_validation(1, column, MOST_ROWS, column, {"validate": "list", "source": list(words)})


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, day: Format) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_CELL])
    else:
        sheet.write_number(row, column, cell)


def write_csv(target: IO[bytes], sheet: Sheet) -> None:
    """Write one sheet as comma-separated values in UTF-8 with a mark, which spreadsheets need to see Chinese.

    A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
    """
    stream = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(stream)
    writer.writerow([heading for heading, _ in sheet.headings])
    for number, row in enumerate(sheet.rows, start=1):
        if number > MOST_ROWS:
            break
        writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    stream.detach()


def _harmless(cell: Cell) -> str:
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return "'" + text if isinstance(cell, str) and text.lstrip().startswith(("=", "+", "-", "@")) else text
