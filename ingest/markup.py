"""HTML tables, as old systems save them under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from ingest.encodings import encoding_of
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_WIDEST_SPAN = 200
_LONGEST_SPAN = 5_000


def open_html(path: Path, name: str) -> list[Table]:
    """Tables of a page, in order; ``FileRefused`` ``file_damaged`` or ``file_empty`` when it has none."""
    encoding = encoding_of(path, name)
    text = path.read_text(encoding=encoding, errors="replace").lstrip("\ufeff")
    try:
        page = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    found = [table for table in page.iter("table") if table.find(".//table") is None]
    if not found:
        raise FileRefused("file_no_header", file=name, sheet="")
    return [
        Table(name, lambda table=table: _rows(table), "html", f"表{number}" if len(found) > 1 else "", encoding)  # type: ignore[misc]
        for number, table in enumerate(found, start=1)
    ]


def _text(cell: html.HtmlElement) -> str:
    for broken in cell.iter("br"):
        broken.tail = "\n" + (broken.tail or "")
    return str(cell.text_content()).replace("\xa0", " ").strip()


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    written = str(cell.get(name, "1")).strip()
    return min(max(int(written), 1), most) if written.isdigit() and len(written) < 7 else 1


def _rows(table: html.HtmlElement) -> Iterator[RawRow]:
    """Rows by their number in the table; a cell that spans rows stands in each, one that spans columns in the first."""
    lasting: dict[int, tuple[int, str]] = {}  # column -> (rows left, text)
    for number, row in enumerate(table.iter("tr"), start=1):
        cells: dict[int, str] = {column: text for column, (_, text) in lasting.items()}
        lasting = {column: (left - 1, text) for column, (left, text) in lasting.items() if left > 1}
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in cells:
                column += 1
            cells[column] = text = _text(cell)
            wide, deep = _span(cell, "colspan", _WIDEST_SPAN), _span(cell, "rowspan", _LONGEST_SPAN)
            for covered in range(column, column + wide):
                cells.setdefault(covered, "")
                if deep > 1:
                    lasting[covered] = (deep - 1, text if covered == column else "")
            column += wide
        if any(cells.values()):
            yield RawRow(number, tuple(cells.get(index, "") for index in range(max(cells) + 1)))
