"""A file laid open before a person: every table with its first rows, what was taken as its header, or why it is not.

What ``reading.read_opened`` would refuse is shown here with the likeliest header row, so that a person can say what
its columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest import columns as headers
from ingest.columns import Header
from ingest.reading import OpenedFile, ReadFile, first_rows, header_of, read_opened
from ingest.tables import RawRow, Table
from matchhub.domain.corrections import TableWord
from matchhub.domain.records import Kind
from matchhub.errors import FileRefused

SHOWN_LINES = 12
_LOOKS_LIKE = "file_looks_like_"


@dataclass(frozen=True, slots=True)
class TableLook:
    """One table as it is understood with a person's ``word``; ``fault`` tells why it cannot be read as asked.

    ``header`` is the header understood, or with a fault the likeliest row; ``lines`` are the first rows as written.
    """

    table: Table
    header: Header | None
    word: TableWord | None
    fault: FileRefused | None
    lines: tuple[RawRow, ...]

    @property
    def read(self) -> bool:
        """Whether its rows are read: as a person said, else when it is understood and no hidden sheet."""
        if self.word is not None:
            return self.word.read
        return self.fault is None and not self.table.hidden


@dataclass(frozen=True, slots=True)
class FileLook:
    """The tables of a file, and its reading, or the ``fault`` that forbids it."""

    tables: tuple[TableLook, ...]
    read: ReadFile | None
    fault: FileRefused | None


def look_into(opened: OpenedFile, kind: Kind, words: Sequence[TableWord] = ()) -> FileLook:
    """Show every table of an opened file as read with ``words``; never raises ``FileRefused``."""
    said = {(word.file, word.sheet): word for word in words}
    tables = tuple(_look(table, kind, said.get((table.file, table.sheet)), opened.name) for table in opened.tables)
    try:
        return FileLook(tables, read_opened(opened, kind, words=words), None)
    except FileRefused as fault:
        return FileLook(tables, None, fault)


def looks_like(fault: FileRefused | None) -> str:
    """The kind that a refused file speaks for, or ""."""
    return fault.code.removeprefix(_LOOKS_LIKE) if fault and fault.code.startswith(_LOOKS_LIKE) else ""


def headers_under(table: Table, kind: Kind, word: TableWord) -> list[str]:
    """Every header of a table under a person's word, understood or not; none when it cannot be read so."""
    try:
        header = header_of(table, kind, word, table.file)
    except FileRefused:
        return []
    return [column.header for column in header.columns] + [column.header for column in header.unknown]


def _look(table: Table, kind: Kind, word: TableWord | None, shown: str) -> TableLook:
    rows = first_rows(table)
    lines = tuple(rows[:SHOWN_LINES])
    said = word or TableWord(table.file, table.sheet)
    try:
        return TableLook(table, header_of(table, kind, said, shown), word, None, lines)
    except FileRefused as fault:
        return TableLook(table, _likeliest(rows, kind, said), word, fault, lines)


def _likeliest(rows: Sequence[RawRow], kind: Kind, word: TableWord) -> Header | None:
    """The row a person named, else the one that knows most words of the kind, else the first that could be a header."""
    found = headers.find_header(rows, kind, word.header_line, word.mapping)
    if found is None:
        asked = [row for row in rows if row.line == word.header_line]
        likely = asked or [row for row in rows if headers.could_be_header(row)]
        found = headers.read_header(likely[0], kind, word.mapping) if likely else None
    return headers.with_proposals(found) if found else None
