"""XML: patent documents (WIPO ST.36 and ST.96), spreadsheets saved as XML, and plain lists of records.

The parser goes element by element, without entities, network or huge trees; a document type definition is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.patent_xml import DOCUMENTS, HEADER, read_document
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

_MAX_DEPTH = 4
_MAX_EMPTY_CELLS = 16_384  # columns of a sheet
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def _local_name(element: Any) -> str:
    """Name of an element without its namespace; "" for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _events(path: Path, name: str) -> Iterator[Any]:
    """Each element when its end is reached. Raises ``FileRefused`` ``file_has_dtd`` or ``file_damaged``."""
    try:
        context = etree.iterparse(
            str(path), events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        for _, element in context:
            if element.getroottree().docinfo.doctype:
                raise FileRefused("file_has_dtd", file=name)
            yield element
    except etree.LxmlError as fault:  # a document type definition makes the parser fail before its first element
        with path.open("rb") as stream:
            head = stream.read(65536).replace(b"\x00", b"").upper()
        code = "file_has_dtd" if b"<!DOCTYPE" in head or b"<!ENTITY" in head else "file_damaged"
        raise FileRefused(code, file=name) from fault


def open_xml(path: Path, name: str) -> list[Table]:
    """The tables of an XML file: its patent documents, its sheets, or its list of records.

    Raises ``FileRefused`` ``file_no_header`` when it holds none of these, ``file_has_dtd``, ``file_damaged``.
    """
    patents: list[dict[str, str]] = []
    root = None
    for element in _events(path, name):
        root = element  # the last element to end is the root
        if _local_name(element) in DOCUMENTS:
            patents.append(read_document(element))
            element.clear(keep_tail=False)  # a file of many documents is not held in memory
    if patents:
        return [_table(name, patents, HEADER)]
    if root is not None and etree.QName(root).namespace == _SPREADSHEET:
        return _spreadsheet(root, name)
    records = [] if root is None else [record for child in _repeated(root) if (record := _record(child))]
    if not records:
        raise FileRefused("file_no_header", file=name, sheet="")
    return [_table(name, records, tuple(dict.fromkeys(key for record in records for key in record)))]


def _table(name: str, records: list[dict[str, str]], header: tuple[str, ...]) -> Table:
    rows = [RawRow(number, tuple(record.get(key, "") for key in header)) for number, record in enumerate(records, 1)]
    return Table(name, lambda: iter(rows), "xml", "", "", len(rows), header)


def _repeated(root: Any) -> list[Any]:
    """The elements that are records, at most ``_MAX_DEPTH`` levels down.

    They are the children of the first element that has a child with fields, that is with children which have none
    themselves. Where the levels part before, the branch with the most elements is taken.
    """
    level = root
    for _ in range(_MAX_DEPTH):
        children = [child for child in level if _local_name(child)]
        if any(map(_has_fields, children)):
            return children
        if len(children) != 1:
            return max(map(list, children), key=len, default=[])
        level = children[0]
    return []


def _has_fields(element: Any) -> bool:
    return len(element) > 0 and all(not len(field) for field in element)


def _record(element: Any) -> dict[str, str]:
    """The texts of an element's children by their names; the texts of children of one name are joined by ``;``."""
    found: dict[str, str] = {}
    for child in element:
        key, text = _local_name(child), "".join(child.itertext()).strip()
        if key and text:
            found[key] = f"{found[key]};{text}" if key in found else text
    return found


def _spreadsheet(root: Any, name: str) -> list[Table]:
    """The sheets of a spreadsheet saved as XML (the format of 2003)."""
    space = f"{{{_SPREADSHEET}}}"
    tables = []
    for sheet in root.iter(f"{space}Worksheet"):
        rows = list(_sheet_rows(sheet, space))
        title = sheet.get(f"{space}Name", "")
        tables.append(Table(name, lambda rows=rows: iter(rows), "xml", title, "", len(rows)))  # type: ignore[misc]
    return tables


def _sheet_rows(sheet: Any, space: str) -> Iterator[RawRow]:
    """Rows with text; ``ss:Index`` gives the number of a row or cell where empty ones before it were left out."""
    line = 0
    for row in sheet.iter(f"{space}Row"):
        line = int(row.get(f"{space}Index", line + 1))
        cells: list[str] = []
        for cell in row.iter(f"{space}Cell"):
            column = int(cell.get(f"{space}Index", len(cells) + 1))
            cells.extend([""] * min(column - 1 - len(cells), _MAX_EMPTY_CELLS))
            data = cell.find(f"{space}Data")
            cells.append("".join(data.itertext()).strip() if data is not None else "")
        if any(cells):
            yield RawRow(line, tuple(cells))
