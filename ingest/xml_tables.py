"""XML: patent documents (WIPO ST.36 and ST.96), spreadsheets saved as XML, and plain lists of records.

Parsed element by element, without entities, network or huge trees; a document type definition is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.patent_xml import DOCUMENTS, HEADER, read_document
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def local_name(element: Any) -> str:
    """Name of an element without its namespace; "" for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _events(path: Path, name: str) -> Iterator[Any]:
    """Elements as they end. Raises ``FileRefused`` for a DTD or for damage."""
    try:
        context = etree.iterparse(
            str(path), events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        for _, element in context:
            if element.getroottree().docinfo.doctype:
                raise FileRefused("file_has_dtd", file=name)
            yield element
    except etree.LxmlError as fault:
        with path.open("rb") as stream:
            head = stream.read(65536).replace(b"\x00", b"").upper()
        damaged = "file_has_dtd" if b"<!DOCTYPE" in head or b"<!ENTITY" in head else "file_damaged"
        raise FileRefused(damaged, file=name) from fault


def open_xml(path: Path, name: str) -> list[Table]:
    """The table of an XML file, by what its elements are."""
    patents: list[dict[str, str]] = []
    root = None
    for element in _events(path, name):
        root = element
        if local_name(element) in DOCUMENTS:
            patents.append(read_document(element))
            element.clear(keep_tail=False)
    if patents:
        return [_table(name, patents, HEADER)]
    if root is not None and etree.QName(root).namespace == _SPREADSHEET:
        return _spreadsheet(root, name)
    records = [_record(child) for child in _repeated(root)] if root is not None else []
    records = [record for record in records if record]
    if not records:
        raise FileRefused("file_no_header", file=name, sheet="")
    return [_table(name, records, tuple(dict.fromkeys(key for record in records for key in record)))]


def _table(name: str, records: list[dict[str, str]], header: tuple[str, ...]) -> Table:
    rows = [RawRow(number, tuple(record.get(key, "") for key in header)) for number, record in enumerate(records, 1)]
    return Table(name, lambda: iter(rows), "xml", "", "", len(rows), header)


def _repeated(root: Any) -> list[Any]:
    """The children that are records: those of the first element that has children with children."""
    level = root
    for _ in range(4):
        children = [child for child in level if local_name(child)]
        if any(len(child) and all(not len(leaf) for leaf in child) for child in children):
            return children
        if len(children) != 1:
            return max((list(child) for child in children), key=len, default=[])
        level = children[0]
    return []


def _record(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        key, text = local_name(child), "".join(child.itertext()).strip()
        if key and text:
            found[key] = f"{found[key]};{text}" if key in found else text
    return found


def _spreadsheet(root: Any, name: str) -> list[Table]:
    """Sheets of a spreadsheet saved as XML (2003)."""
    space = f"{{{_SPREADSHEET}}}"
    tables = []
    for sheet in root.iter(f"{space}Worksheet"):
        rows = list(_sheet_rows(sheet, space))
        title = sheet.get(f"{space}Name", "")
        tables.append(Table(name, lambda rows=rows: iter(rows), "xml", title, "", len(rows)))  # type: ignore[misc]
    return tables


def _sheet_rows(sheet: Any, space: str) -> Iterator[RawRow]:
    line = 0
    for row in sheet.iter(f"{space}Row"):
        line = int(row.get(f"{space}Index", line + 1))
        cells: list[str] = []
        for cell in row.iter(f"{space}Cell"):
            column = int(cell.get(f"{space}Index", len(cells) + 1))
            cells.extend([""] * min(column - 1 - len(cells), 16_384))
            data = cell.find(f"{space}Data")
            cells.append("".join(data.itertext()).strip() if data is not None else "")
        if any(cells):
            yield RawRow(line, tuple(cells))
