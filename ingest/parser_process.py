"""The parser process of ``ingest.isolation``.

Called as ``python -m ingest.parser_process PATH NAME FORMAT FOLDER MEMORY SECONDS``, it limits itself first, then
parses the file, spools the rows of its tables into FOLDER and prints a JSON description of the tables. A refusal is
printed as JSON with exit status ``REFUSED``; running out of memory is ``OUT_OF_MEMORY``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from ingest import guard
from ingest.html_tables import open_html, open_mhtml
from ingest.json_tables import open_json
from ingest.tables import DOCUMENT_FORMATS, NumberCell, RawRow, Table, storable
from ingest.workbooks import open_workbook
from ingest.xml_tables import open_xml
from matchhub.errors import FileRefused
from matchhub.process_limits import OUT_OF_MEMORY, REFUSED, limit_this_process

_READERS: dict[str, Callable[[Path, str], list[Table]]] = {
    "html": open_html,
    "mhtml": open_mhtml,
    "json": open_json,
    "xml": open_xml,
}


def _parse(path: Path, name: str, format: str) -> list[Table]:
    hidden_rows = guard.examine_parts(path, name) if format in ("xlsx", "ods", "docx") else {}
    if format in ("xlsx", "xls", "ods"):
        return open_workbook(path, name, format, hidden_rows)
    if format in DOCUMENT_FORMATS:
        return _open_document(path, name, format)
    return _READERS[format](path, name)


def _open_document(path: Path, name: str, format: str) -> list[Table]:
    """Their libraries take longer to load than a small file takes to read, so nobody else loads them."""
    if format == "docx":
        from ingest.word_tables import open_word

        return open_word(path, name)
    from ingest.pdf_tables import open_pdf

    return open_pdf(path, name)


def _spool(table: Table, target: Path) -> dict[str, object]:
    """Write a table's rows to ``target``, one JSON line each, and return the table's description."""
    count = 0
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        for row in table.rows():
            stream.write(_spooled_line(row) + "\n")
            count += 1
    return {
        "spool": target.name,
        "format": table.format,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "header": table.header and [storable(name) for name in table.header],
        "date_1904": table.date_1904,
        "hidden": table.hidden,
        "hidden_rows": table.hidden_rows,
        "row_count": count,
    }


def _spooled_line(row: RawRow) -> str:
    """The row as JSON ``[line, cells, positions of numeric cells]``: JSON alone would lose which cells were numbers."""
    numbers = [index for index, cell in enumerate(row.cells) if isinstance(cell, NumberCell)]
    written = json.dumps([row.line, row.cells, numbers], ensure_ascii=True)
    # One search in the JSON text is faster than checking each cell. It finds every zero character and every half of a
    # surrogate pair; what it finds besides (whole pairs, some Korean letters) ``storable`` leaves as it is.
    if "\\u0000" in written or "\\ud" in written:
        written = json.dumps([row.line, [storable(cell) for cell in row.cells], numbers], ensure_ascii=True)
    return written


def main(arguments: list[str]) -> int:
    """Parse one file; returns the exit status."""
    path, name, format, folder, memory, seconds = arguments
    limit_this_process(int(memory), int(seconds))
    try:
        tables = _parse(Path(path), name, format)
        described = [_spool(table, Path(folder) / f"{number}.jsonl") for number, table in enumerate(tables)]
    except FileRefused as refusal:
        print(json.dumps({"code": refusal.code, "data": refusal.data}))
        return REFUSED
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    print(json.dumps([table for table in described if table["row_count"]]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
