"""Opens a file with the reader of its format and returns its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import guard
from ingest.archives import open_archive
from ingest.delimited import open_text
from ingest.isolation import open_isolated
from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

ScoreRows = Callable[[list[RawRow]], int]


def open_tables(path: Path, name: str, score: ScoreRows) -> tuple[list[Table], list[FileRefused]]:
    """Tables of any supported file, and the refusals of those members of a zip file that hold none.

    ``name`` is the file's name as people know it. ``score`` rates sample rows (0: nothing recognised), which tells the
    delimiter of a text file. Raises ``FileRefused``.
    """
    format = guard.recognise(path, name)
    if format == "zip":
        return open_archive(path, name, lambda member, shown: _open_member(member, shown, score))
    return _open_format(path, name, format, score), []


def _open_member(path: Path, name: str, score: ScoreRows) -> list[Table]:
    format = guard.recognise(path, name)
    if format == "zip":
        raise FileRefused("zip_in_zip", file=name)
    return _open_format(path, name, format, score)


def _open_format(path: Path, name: str, format: str, score: ScoreRows) -> list[Table]:
    if format == "text":
        return [open_text(path, name, score)]
    return open_isolated(path, name, format)
