"""Spreadsheets: xlsx, xls and ods, read by calamine; every cell as text, and areas merged downwards filled.

calamine goes by the cells themselves and not by the ``<dimension>`` that a file states and that may be wrong.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.moments import nearest_second
from ingest.tables import NumberCell, RawRow, Table
from matchhub.errors import FileRefused

_Value = int | float | str | bool | time | date | datetime | timedelta
_MAX_PLAIN_NUMBER = 1e17
_SHEET, _RELATION = re.compile(rb"<sheet [^>]*>"), re.compile(rb"<Relationship [^>]*>")
_DATE_1904 = re.compile(rb"""<workbookPr[^>]*\bdate1904=["'](?:1|true)["']""")


def _cell_text(value: _Value) -> str:
    """A cell as text: whole numbers without ``.0``, days as 2023-07-11, true and false as 是 and 否."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return NumberCell(_number_text(value))
    if isinstance(value, datetime):
        at = nearest_second(value)
        return at.date().isoformat() if at.time() == time() else at.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number_text(value: float) -> str:
    """A number without exponent, except above 1e17, where digits are lost anyway and the exponent shows it."""
    if float(value).is_integer() and abs(value) < _MAX_PLAIN_NUMBER:
        return str(int(value))
    return format(Decimal(repr(value)), "f") if abs(value) < _MAX_PLAIN_NUMBER else repr(value)


def open_workbook(path: Path, name: str, kind: str, hidden_rows: Mapping[str, int]) -> list[Table]:
    """Tables of the worksheets that hold anything, in order; ``kind`` is the format: xlsx, xls or ods.

    ``hidden_rows`` are the numbers of hidden rows by the part of the container that holds the sheet.

    Raises ``FileRefused`` ``file_damaged``.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, OSError, ValueError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    date_1904, parts = _described(path) if kind == "xlsx" else (False, {})
    tables = [_table(workbook, name, sheet, kind) for sheet in sheets]
    return [
        replace(table, date_1904=date_1904, hidden_rows=hidden_rows.get(parts.get(table.sheet, ""), 0))
        for table in tables
        if table
    ]


def _described(path: Path) -> tuple[bool, dict[str, str]]:
    """Whether a workbook counts days from 1904, and the part of the container that holds each sheet.

    Old Macintosh programs count from 1904.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            about, links = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    except (KeyError, OSError, zipfile.BadZipFile):
        return False, {}  # xlsb has no such part
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(links)}
    parts = {_attribute(tag, "name"): targets.get(_attribute(tag, "r:id"), "") for tag in _SHEET.findall(about)}
    placed = {sheet: target.lstrip("/") for sheet, target in parts.items() if target}
    return _DATE_1904.search(about) is not None, {
        sheet: target if target.startswith("xl/") else f"xl/{target}" for sheet, target in placed.items()
    }


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf"""\b{name}=["']([^"']*)["']""".encode(), tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


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
    """Rows by their number in the sheet; rows without text are left out.

    The text of a cell merged downwards stands in each of its rows, as one firm stands for each of its demands. The text
    of a cell merged sideways stays in the first column, because titles, group headers and notes are merged so.
    """
    if not sheet.start:
        return
    padding = [""] * sheet.start[1]  # iter_rows begins in the first row, but in the first used column
    merged = _MergedCells(sheet)
    for position, values in enumerate(sheet.iter_rows()):
        cells = padding + [value if isinstance(value, str) else _cell_text(value) for value in values]
        merged.fill(position, cells)
        if any(cell and not cell.isspace() for cell in cells):
            yield RawRow(position + 1, tuple(cells))


class _MergedCells:
    """The areas of a sheet that are merged downwards; rows are filled in their order, positions count from 0."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._beginning: dict[int, list[tuple[int, int]]] = {}  # first row -> (column, last row) of areas
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._beginning.setdefault(top, []).append((left, bottom))
        self._current: dict[int, tuple[int, str]] = {}  # column -> (last row, text) of the area reached last

    def fill(self, position: int, cells: list[str]) -> None:
        """Fill the empty cells of a row that belong to an area which began in it or above."""
        for column, last in self._beginning.get(position, ()):
            self._current[column] = (last, cells[column] if column < len(cells) else "")
        for column, (last, text) in self._current.items():
            if position <= last and column < len(cells) and not cells[column]:
                cells[column] = text
