"""The child process of ``ingest.isolation``: ``python -m ingest.child PATH NAME FORMAT FOLDER MEMORY SECONDS``.

Limits itself first, then parses, spools the tables into FOLDER and prints their description as JSON. A refusal is
printed as JSON with exit status 3; running out of memory is status 4.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from ingest import guard
from ingest.isolation import MOST_SPOOL, OUT_OF_MEMORY, REFUSED
from ingest.json_tables import open_json
from ingest.markup import open_html
from ingest.tables import NumberCell, Table, storable
from ingest.workbooks import open_workbook
from ingest.xml_tables import open_xml
from matchhub.errors import FileRefused


def limit_self(memory: int, seconds: int) -> None:
    """Limit memory, time and file size of this process, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_SPOOL, MOST_SPOOL))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def parse(path: Path, name: str, format: str) -> list[Table]:
    """Tables of a file in one of the formats that are parsed here."""
    if format in ("xlsx", "ods"):
        guard.examine_parts(path, name)
    if format in ("xlsx", "xls", "ods"):
        return open_workbook(path, name, format)
    readers: dict[str, Callable[[Path, str], list[Table]]] = {"html": open_html, "json": open_json, "xml": open_xml}
    return readers[format](path, name)


def spool(table: Table, target: Path) -> dict[str, object]:
    """Write a table's rows as JSON lines ``[line, cells, positions of numeric cells]``; returns its description."""
    count = 0
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        for row in table.rows():
            numbers = [index for index, cell in enumerate(row.cells) if isinstance(cell, NumberCell)]
            written = json.dumps([row.line, row.cells, numbers], ensure_ascii=True)
            if "\\u0000" in written or "\\ud" in written:  # zero characters, or perhaps halves of characters
                written = json.dumps([row.line, [storable(cell) for cell in row.cells], numbers], ensure_ascii=True)
            stream.write(written + "\n")
            count += 1
    return {
        "spool": target.name,
        "format": table.format,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "header": table.header and [storable(name) for name in table.header],
        "hidden": table.hidden,
        "row_count": count,
    }


def main(arguments: list[str]) -> int:
    path, name, format, folder, memory, seconds = arguments
    limit_self(int(memory), int(seconds))
    try:
        tables = parse(Path(path), name, format)
        told = [spool(table, Path(folder) / f"{number}.jsonl") for number, table in enumerate(tables)]
    except FileRefused as refusal:
        print(json.dumps({"code": refusal.code, "data": refusal.data}))
        return REFUSED
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    print(json.dumps([table for table in told if table["row_count"]]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
