"""A workbook of plain tables: texts stay texts, whatever they begin with (PROMISES.md P11)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from typing import IO

import xlsxwriter
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | bool | None
LONGEST_CELL = 32_767  # what a spreadsheet cell can hold
MOST_ROWS = 1_000_000
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes a bare one
_A4, _A3, _MOST_ON_A4 = 9, 8, 150  # numbers of paper sizes; characters across that are still read on A4
_ON_PAPER: Mapping[str, object] = {
    "text_wrap": True,
    "valign": "top",
    "border": 1,
    "font_name": "宋体",
    "font_size": 10,
}
_LINE = 13.0  # points from line to line
_FORBIDDEN = str.maketrans("[]:*?/\\", "()-   -")


@dataclass(frozen=True, slots=True)
class Printing:
    """A sheet that is handed in on paper: pages on their side, headings on each, cells wrapped and framed.

    ``title`` stands above every page; ``columns`` so many from the left are printed, 0 for all.
    """

    title: str
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the headings of its columns with their widths in characters, and its rows.

    ``choices``: words that a column, counted from 0, offers to choose from. ``printing``: how it lies on paper.
    """

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict, hash=False)
    printing: Printing | None = None


@dataclass(frozen=True, slots=True)
class _Looks:
    """The formats of one workbook."""

    head: Format
    day: Format
    money: Format | None
    plain: Format | None


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
        looks = _looks(workbook, {}, "yyyy-mm-dd"), _looks(workbook, _ON_PAPER, 'yyyy"年"m"月"d"日"')
        for each in sheets:
            _write_sheet(workbook, each, looks[each.printing is not None])


def _looks(workbook: Workbook, besides: Mapping[str, object], day: str) -> _Looks:
    head = {"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"}
    plain = workbook.add_format(dict(besides)) if besides else None
    return _Looks(
        head=workbook.add_format({**head, **besides, "align": "center"} if besides else head),
        day=workbook.add_format({"num_format": day, "align": "left", **besides}),
        money=workbook.add_format({"num_format": "#,##0.00", **besides}) if besides else None,
        plain=plain,
    )


def _write_sheet(workbook: Workbook, wanted: Sheet, looks: _Looks) -> None:
    sheet = workbook.add_worksheet(wanted.name.translate(_FORBIDDEN)[:31])
    for column, (heading, width) in enumerate(wanted.headings):
        sheet.write_string(0, column, heading, looks.head)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    last, widths = 0, [width for _, width in wanted.headings]
    if wanted.printing is not None:
        sheet.set_row(0, _height([heading for heading, _ in wanted.headings], widths))
    for number, row in enumerate(wanted.rows, start=1):
        if number > MOST_ROWS:
            break
        last = number
        if wanted.printing is not None:
            columns = wanted.printing.columns or len(widths)
            sheet.set_row(number, _height(row[:columns], widths))
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, looks)
    for column, words in wanted.choices.items():
        sheet.data_validation(1, column, MOST_ROWS, column, {"validate": "list", "source": list(words)})
    if wanted.printing is not None:
        _lay_out(sheet, wanted.printing, widths, last)


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    """Points that a row of wrapped cells needs: not every program finds that out by itself when it opens a file."""
    lines = (sum(map(_lines, str(cell).split("\n"), repeat(width))) for cell, width in zip(cells, widths, strict=False)
             if isinstance(cell, str))  # fmt: skip
    return min(409.0, _LINE * max(1, *lines, 1) + 2)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters; a Chinese one is as wide as two.

    One character of the column is left: a line ends early where a word or a sign must not stand at its end, and a row
    that is too low hides what it says.
    """
    return max(1, -(-(len(text) + sum(sign > "\u2e7f" for sign in text)) // max(2, width - 1)))


def _lay_out(sheet: Worksheet, printing: Printing, widths: Sequence[int], last: int) -> None:
    """One page wide: A4 where that can be read, else A3, which offices print and fold."""
    columns = printing.columns or len(widths)
    sheet.set_landscape()
    sheet.set_paper(_A4 if sum(widths[:columns]) <= _MOST_ON_A4 else _A3)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last, columns - 1)
    sheet.repeat_rows(0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.7)
    sheet.set_header(f"&C&14{printing.title.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, looks: _Looks) -> None:
    if cell is None:
        if looks.plain is not None:
            sheet.write_blank(row, column, None, looks.plain)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, looks.plain)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, looks.day)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_CELL], looks.plain)
    else:
        sheet.write_number(row, column, cell, looks.money if isinstance(cell, Decimal) else looks.plain)


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
