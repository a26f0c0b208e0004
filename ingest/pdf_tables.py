"""Tables of PDF files whose characters are text, in which lists of qualified firms are published.

Only tables with ruled lines are taken: columns guessed from blanks would be wrong in silence. A table that goes on over
several pages is one. Runs in the parser process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from ingest.tables import RawRow, Table, title_rows
from matchhub.errors import FileRefused

_MIN_COLUMNS = 2
_TOLERANCE = 1.0  # points
_MAX_PAGES = 400
# A cell's text is broken where the column is full: inside a Chinese word without blank, inside an English one with one.
_BROKEN = re.compile(r"(?<=[A-Za-z,;])\n(?=[A-Za-z])")


def open_pdf(path: Path, name: str) -> list[Table]:
    """Tables of a file, in order.

    Raises ``FileRefused``: ``pdf_scanned`` where pages are pictures, ``pdf_without_table`` where there is text only,
    ``pdf_too_long``, ``file_encrypted``, ``file_damaged``; a broken file may raise what its library raises.
    """
    try:
        with pdfplumber.open(path) as document:
            if len(document.pages) > _MAX_PAGES:
                raise FileRefused("pdf_too_long", file=name, pages=len(document.pages), limit=_MAX_PAGES)
            found, has_text = _tables(document.pages)
    except PdfminerException as fault:
        protected = type(fault.args[0]).__name__ == "PDFPasswordIncorrect"  # of the library below this one
        raise FileRefused("file_encrypted" if protected else "file_damaged", file=name) from fault
    if not found:
        raise FileRefused("pdf_without_table" if has_text else "pdf_scanned", file=name)
    return [
        Table(name, lambda rows=rows: iter(rows), "pdf", f"表{at}" if len(found) > 1 else "")  # type: ignore[misc]
        for at, rows in enumerate(found, start=1)
    ]


def _tables(pages: list[Any]) -> tuple[list[list[RawRow]], bool]:
    """The rows of each table, and whether the pages hold any text."""
    found: list[tuple[int, list[RawRow]]] = []  # with the number of its columns
    above: list[str] = []
    has_text = False
    for page in pages:
        top, goes_on = 0.0, bool(found)
        for table in sorted(page.find_tables(), key=lambda each: each.bbox[1]):
            rows = list(_rows(table))
            width = max((len(cells) for cells in rows), default=0)
            if width < _MIN_COLUMNS:
                continue
            lines = _lines(page, top, table.bbox[1])
            top = table.bbox[3]
            has_text = True
            if goes_on and found[-1][0] == width:
                _append(found[-1][1], rows)
            else:
                opened = title_rows([*above, *lines])
                found.append((width, opened))
                _append(opened, rows)
            above, goes_on = [], False
        rest = _lines(page, top, page.height)
        above += rest
        has_text = has_text or bool(rest)
        page.close()  # a page keeps everything that it was asked for
    return [rows for _, rows in found if rows], has_text


def _append(rows: list[RawRow], more: list[list[str]]) -> None:
    for cells in more:
        if any(cells):
            rows.append(RawRow(rows[-1].line + 1 if rows else 1, tuple(cells)))


def _lines(page: Any, top: float, bottom: float) -> list[str]:
    """The lines of text between two heights of a page, without page numbers."""
    if bottom - top < _TOLERANCE:
        return []
    text = page.within_bbox((0, max(top, 0), page.width, min(bottom, page.height)), strict=False).extract_text() or ""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not re.fullmatch(r"[-—–\s]*(?:第\s*)?\d+\s*(?:页.*)?[-—–\s]*", line)]


def _rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table on one page; a cell that reaches down over several rows stands in each of them."""
    texts = table.extract()
    reaching: dict[int, tuple[float, str]] = {}  # column -> (lower edge, text) of the cell above
    for row, written in zip(table.rows, texts, strict=True):
        bottom = row.bbox[3]
        cells = []
        for column, (place, text) in enumerate(zip(row.cells, written, strict=True)):
            shown = _joined(text or "")
            if place is not None:
                reaching[column] = (place[3], shown)
            elif column in reaching and reaching[column][0] >= bottom - _TOLERANCE:
                shown = reaching[column][1]
            cells.append(shown)
        yield cells


def _joined(text: str) -> str:
    return _BROKEN.sub(" ", text.strip()).replace("\n", "")
