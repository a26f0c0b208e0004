"""Opens a file by what it is and hands on its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import guard
from ingest.archives import open_archive
from ingest.delimited import open_text
from ingest.isolation import open_isolated
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

Recognised = Callable[[list[RawRow]], int]


def open_tables(path: Path, name: str, recognised: Recognised) -> tuple[list[Table], list[FileRefused]]:
    """Tables of any supported file, and the refusals of those members of a zip file that hold none.

    ``recognised`` scores sample rows (to tell delimiters). Raises ``FileRefused``.
    """
    format = guard.recognise(path, name)
    if format == "zip":
        return open_archive(path, name, lambda member, shown: _open_one(member, shown, recognised))
    return _open_format(path, name, format, recognised), []


def _open_one(path: Path, name: str, recognised: Recognised) -> list[Table]:
    format = guard.recognise(path, name)
    if format == "zip":
        raise FileRefused("zip_in_zip", file=name)
    return _open_format(path, name, format, recognised)


def _open_format(path: Path, name: str, format: str, recognised: Recognised) -> list[Table]:
    if format == "text":
        return [open_text(path, name, recognised)]
    return open_isolated(path, name, format)
