"""Opens a file by what it is and hands on its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import guard
from ingest.delimited import open_text
from ingest.tables import RawRow, Table
from ingest.workbooks import open_workbook
from matchhub.errors import FileRefused


def open_tables(path: Path, name: str, recognised: Callable[[list[RawRow]], int]) -> list[Table]:
    """Tables of any supported file. ``recognised`` scores sample rows (delimiters). Raises ``FileRefused``."""
    format = guard.recognise(path, name)
    if format in ("xlsx", "xls", "ods"):
        return open_workbook(path, name, format)
    if format == "text":
        return [open_text(path, name, recognised)]
    raise FileRefused("file_format_unknown", file=name, format=format)
