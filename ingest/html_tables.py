"""HTML tables, which old systems save under the name .xls."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from ingest.encodings import declared_encoding, encoding_of
from ingest.header_search import first_rows, recognised_fields
from ingest.labelled_lists import is_form, labelled_records
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_MAX_COLUMN_SPAN = 200
_MAX_ROW_SPAN = 5_000


def open_html(path: Path, name: str) -> list[Table]:
    """Tables of a page, in order, without those that only lay out others; else its lists of labels and values.

    Raises ``FileRefused`` ``file_damaged``, or ``file_no_header`` when the page has neither.
    """
    encoding = declared_encoding(path) or encoding_of(path, name)
    return _tables(path.read_text(encoding=encoding, errors="replace"), name, encoding)


def open_mhtml(path: Path, name: str) -> list[Table]:
    """Tables of a page that a browser saved whole (mhtml), as ``open_html``; the page is its first part in html."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content, encoding = bytes(part.get_payload(decode=True)), part.get_content_charset() or "utf-8"
            return _tables(_decoded(content, encoding), name, encoding)
    raise FileRefused("file_no_header", file=name, sheet="")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return content.decode("gb18030", "replace")


def _tables(text: str, name: str, encoding: str) -> list[Table]:
    try:
        content = text.lstrip("\ufeff").encode("utf-8", "replace")
        page = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    found = [table for table in page.iter("table") if table.find(".//table") is None]
    tables = [
        Table(name, lambda table=table: _rows(table), "html", f"表{number}" if len(found) > 1 else "", encoding)  # type: ignore[misc]
        for number, table in enumerate(found, start=1)
    ]
    if any(recognised_fields(rows) > 1 and not is_form(rows) for rows in map(first_rows, tables)):
        return tables
    if (listed := labelled_records(page)) is not None:
        header, rows = listed
        return [Table(name, lambda: iter(rows), "html", "", encoding, header=header)]
    if not tables:
        raise FileRefused("file_no_header", file=name, sheet="")
    return tables


def _text(cell: html.HtmlElement) -> str:
    """The text of a cell, with line breaks where it has ``<br>``."""
    for broken in cell.iter("br"):
        broken.tail = "\n" + (broken.tail or "")
    return str(cell.text_content()).replace("\xa0", " ").strip()


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    """Value of ``colspan`` or ``rowspan``, between 1 and ``most``: a hostile page may ask for millions of cells."""
    written = str(cell.get(name, "1")).strip()
    return min(max(int(written), 1), most) if written.isdigit() and len(written) < 7 else 1


def _rows(table: html.HtmlElement) -> Iterator[RawRow]:
    """Rows by their number in the table; rows without text are left out.

    The text of a cell that spans several rows stands in each of them, as one firm stands for each of its demands. The
    text of a cell that spans several columns stands in the first one only.
    """
    spanning: dict[int, tuple[int, str]] = {}  # column -> (rows still covered, text) of cells from the rows above
    for number, row in enumerate(table.iter("tr"), start=1):
        cells = {column: text for column, (_, text) in spanning.items()}
        spanning = {column: (left - 1, text) for column, (left, text) in spanning.items() if left > 1}
        _place_cells(row, cells, spanning)
        if any(cells.values()):
            yield RawRow(number, tuple(cells.get(index, "") for index in range(max(cells) + 1)))


def _place_cells(row: html.HtmlElement, cells: dict[int, str], spanning: dict[int, tuple[int, str]]) -> None:
    """Put each cell of a row into the next column that none from above covers; note those that reach further down."""
    column = 0
    for cell in row.iterchildren("td", "th"):
        while column in cells:
            column += 1
        text = _text(cell)
        width, depth = _span(cell, "colspan", _MAX_COLUMN_SPAN), _span(cell, "rowspan", _MAX_ROW_SPAN)
        for covered in range(column, column + width):
            shown = text if covered == column else ""
            cells.setdefault(covered, shown)
            if depth > 1:
                spanning[covered] = (depth - 1, shown)
        column += width
