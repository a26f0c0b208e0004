"""Spreadsheets: xlsx, xls and ods through calamine, every cell as text and every merged area filled.

calamine reads the cells themselves and not the ``<dimension>`` that a writer claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.tables import NumberCell, RawRow, Table
from matchhub.errors import FileRefused

Value = int | float | str | bool | time | date | datetime | timedelta


def cell_text(value: Value) -> str:
    """A cell as text: whole numbers without ``.0``, days as 2023-07-11, truth as 是 or 否."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return NumberCell(_number_text(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number_text(value: float) -> str:
    if float(value).is_integer() and abs(value) < 1e17:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if abs(value) < 1e17 else repr(value)


def open_workbook(path: Path, name: str, kind: str) -> list[Table]:
    """Tables of the sheets that hold anything, in order; ``FileRefused`` ``file_damaged`` when unreadable."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, OSError, ValueError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    tables = [_table(workbook, name, sheet, kind) for sheet in sheets]
    return [table for table in tables if table]


def _table(workbook: CalamineWorkbook, name: str, meta: SheetMetadata, kind: str) -> Table | None:
    try:
        sheet = workbook.get_sheet_by_name(meta.name)
    except (CalamineError, OSError, ValueError) as fault:
        raise FileRefused("file_damaged", file=name, sheet=meta.name) from fault
    if not sheet.start:
        return None
    hidden = meta.visible != SheetVisibleEnum.Visible
    return Table(file=name, rows=lambda: _rows(sheet), format=kind, sheet=meta.name, hidden=hidden)


def _rows(sheet: CalamineSheet) -> Iterator[RawRow]:
    """Rows by their number in the sheet. A cell merged downwards (one firm over several demands) stands in each of
    its rows; a cell merged sideways stays where it is, as titles, group headers and notes do."""
    if not sheet.start:
        return
    padding = [""] * sheet.start[1]  # iter_rows begins in the first row, but in the first column that is used
    begins = _vertical_merges(sheet)
    lasting: dict[int, tuple[int, str]] = {}  # column -> (last row, text)
    for position, values in enumerate(sheet.iter_rows()):
        cells = padding + [value if isinstance(value, str) else cell_text(value) for value in values]
        for column, last in begins.get(position, ()):
            lasting[column] = (last, cells[column] if column < len(cells) else "")
        for column, (last, text) in lasting.items():
            if position <= last and column < len(cells) and not cells[column]:
                cells[column] = text
        if any(cell and not cell.isspace() for cell in cells):
            yield RawRow(position + 1, tuple(cells))


def _vertical_merges(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """First row -> (column, last row) of the areas that are merged downwards, all counted from 0."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            begins.setdefault(top, []).append((left, bottom))
    return begins
