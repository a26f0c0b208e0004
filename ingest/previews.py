"""The preview of a file before it is read: each table with its first rows and its header, or why it has none.

A table that ``reading.read_opened`` would refuse is previewed with its likeliest header row, so that a person can say
what its columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cells import Explained
from ingest.columns import Header, read_header, with_proposals
from ingest.header_search import could_be_header, find_header, first_rows, header_of
from ingest.reading import OpenedFile, ReadFile, read_opened
from ingest.tables import RawRow, Table
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import Kind
from matchhub.errors import FileRefused

_SHOWN_LINES = 12


@dataclass(frozen=True, slots=True)
class TablePreview:
    """One table as it would be read with a person's ``correction``; ``fault`` says why it cannot be.

    ``header`` is the header found, or with a fault the likeliest one; ``lines`` are the first rows as written.
    """

    table: Table
    header: Header | None
    correction: TableCorrection | None
    fault: FileRefused | None
    lines: tuple[RawRow, ...]

    @property
    def read(self) -> bool:
        """Whether its rows are read: as the correction says, else when it has a header and is no hidden sheet."""
        if self.correction is not None:
            return self.correction.read
        return self.fault is None and not self.table.hidden


@dataclass(frozen=True, slots=True)
class FilePreview:
    """The tables of a file, and its reading or the ``fault`` that forbids it."""

    tables: tuple[TablePreview, ...]
    read: ReadFile | None
    fault: FileRefused | None


def preview_file(
    opened: OpenedFile, kind: Kind, corrections: Sequence[TableCorrection] = (), explained: Explained = ()
) -> FilePreview:
    """Preview every table of an opened file as read with ``corrections``; never raises ``FileRefused``."""
    by_place = {(each.file, each.sheet): each for each in corrections}
    tables = tuple(
        _preview_table(table, kind, by_place.get((table.file, table.sheet)), opened.name) for table in opened.tables
    )
    try:
        return FilePreview(tables, read_opened(opened, kind, corrections=corrections, explained=explained), None)
    except FileRefused as fault:
        return FilePreview(tables, None, fault)


def headers_under(table: Table, kind: Kind, correction: TableCorrection) -> list[str]:
    """Every header of a table read with a correction, known ones first; empty when it cannot be read so."""
    try:
        return header_of(table, kind, correction, table.file).texts
    except FileRefused:
        return []


def _preview_table(table: Table, kind: Kind, correction: TableCorrection | None, shown: str) -> TablePreview:
    rows = first_rows(table)
    lines = tuple(rows[:_SHOWN_LINES])
    used = correction or TableCorrection(table.file, table.sheet)
    try:
        return TablePreview(table, header_of(table, kind, used, shown), correction, None, lines)
    except FileRefused as fault:
        return TablePreview(table, _likeliest_header(rows, kind, used), correction, fault, lines)


def _likeliest_header(rows: Sequence[RawRow], kind: Kind, correction: TableCorrection) -> Header | None:
    """The row with most known words of the kind, or the one that the correction names; else the first that may be one.

    None when no row has the form of a header.
    """
    found = find_header(rows, kind, correction.header_line, correction.mapping)
    if found is None:
        named = [row for row in rows if row.line == correction.header_line]
        likely = named or [row for row in rows if could_be_header(row)]
        found = read_header(likely[0], kind, correction.mapping) if likely else None
    return with_proposals(found) if found else None
