"""From a file to its records: ``read_rows`` is the way into this package.

It finds out what the file is, which row is the header and what each column means, and then yields exactly one ``Row``
for each data row. A refusal of the file as a whole always comes before the first row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from ingest.as_of import find_as_of_day, latest_day
from ingest.cells import Explained, Layout
from ingest.columns import Column, Header, UnknownColumn, columns_by_field
from ingest.formats import open_tables
from ingest.header_search import first_rows, headers_of, recognised_fields
from ingest.money import unit_of_header, unit_of_title
from ingest.table_rows import Part, ResolvedTable, read_tables
from ingest.tables import Table
from ingest.vendors import vendor_of
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import Kind, Problem, Row
from matchhub.errors import FileRefused

_EXAMPLES, _EXAMPLE_ROWS, _EXAMPLE_LENGTH = 3, 20, 60
_AMOUNTS = frozenset(("amount", "paid", "fee", "budget", "capital"))
_SEARCHED_FOR_NOTES, _NOTE_CELLS = 2_000, 2  # rows of a table, and cells of a note below it
_TITLE_CELLS = 4  # of the cells above the header; what follows is no title any more


@dataclass(slots=True)
class ReadFile:
    """A file under reading: what it is, and its ``rows``, which can be iterated once.

    ``remarks`` grows while the rows are read: warnings for what was left out as no data (totals, notes, repeated
    headers). ``tables`` is what ``rows`` reads, so that a reader process can read it instead.
    """

    file: str
    kind: Kind
    tables: tuple[ResolvedTable, ...]
    rows: Iterator[Row]
    remarks: list[Problem] = field(default_factory=list)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is known of each table that is read."""
        return tuple(each.part for each in self.tables)

    @property
    def sheet(self) -> str:
        """Name of the first sheet that is read, "" for a file that is one table."""
        return self.parts[0].sheet

    @property
    def encoding(self) -> str:
        """Encoding of the first table, "" where the format states its own."""
        return self.parts[0].encoding

    @property
    def format(self) -> str:
        """Format of the first table: csv, text, xlsx, xls, ods, html, json or xml."""
        return self.parts[0].format

    @property
    def header_line(self) -> int:
        """1-based row of the first table's header, 0 where the format names its fields."""
        return self.parts[0].header_line

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the first table that have a meaning."""
        return self.parts[0].columns

    @property
    def unknown_columns(self) -> tuple[UnknownColumn, ...]:
        """The columns of all tables that have none."""
        return tuple(column for part in self.parts for column in part.unknown_columns)

    @property
    def as_of_on(self) -> date | None:
        """The as-of day of the file, not that of single rows: the latest of its tables."""
        return max((part.as_of_on for part in self.parts if part.as_of_on), default=None)

    @property
    def row_count(self) -> int | None:
        """Data rows of all tables, for a progress bar; None where only reading them would show it."""
        counts = [part.row_count for part in self.parts]
        return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was opened and found harmless: its tables, and the refusals of archive members that hold none."""

    name: str
    tables: tuple[Table, ...]
    refusals: tuple[FileRefused, ...] = ()


def open_file(path: str | Path, name: str | None = None) -> OpenedFile:
    """Open any supported file; ``name`` is its name as people know it, by default that of the path.

    Raises ``FileRefused`` with a particular code.
    """
    path = Path(path)
    shown = name or path.name
    if not path.is_file():
        raise FileRefused("file_missing", file=shown)
    tables, refusals = open_tables(path, shown, recognised_fields)
    return OpenedFile(shown, tuple(tables), tuple(refusals))


def read_rows(
    path: str | Path,
    kind: Kind | None = None,
    *,
    name: str | None = None,
    sheet: str | None = None,
    header_line: int | None = None,
    mapping: Mapping[str, str] | None = None,
    corrections: Sequence[TableCorrection] = (),
    explained: Explained = (),
) -> ReadFile:
    """Read any supported file as rows of one kind; ``name`` as for ``open_file``, the others as for ``read_opened``.

    Raises ``FileRefused``, always before the first row.
    """
    opened = open_file(path, name)
    return read_opened(
        opened,
        kind,
        sheet=sheet,
        header_line=header_line,
        mapping=mapping,
        corrections=corrections,
        explained=explained,
    )


def read_opened(
    opened: OpenedFile,
    kind: Kind | None = None,
    *,
    sheet: str | None = None,
    header_line: int | None = None,
    mapping: Mapping[str, str] | None = None,
    corrections: Sequence[TableCorrection] = (),
    explained: Explained = (),
) -> ReadFile:
    """Read an opened file as rows of one kind; may be called again with other corrections.

    ``kind`` None takes the kind that the headers speak for. ``sheet`` limits the reading to one sheet, ``header_line``
    (1-based) and ``mapping`` (header as written -> field, "" to ignore) correct all tables, ``corrections`` single
    ones, which go first. ``explained`` holds the meanings of words of this source. Raises ``FileRefused``.
    """
    by_place = {(each.file, each.sheet): each for each in corrections}
    wanted = [table for table in opened.tables if _is_wanted(table, sheet, by_place.get((table.file, table.sheet)))]
    if not wanted:
        raise FileRefused("sheet_missing" if sheet else "file_empty", file=opened.name, sheet=sheet or "")
    given = [by_place.get((table.file, table.sheet)) for table in wanted]
    for_file = TableCorrection(opened.name, "", True, header_line, mapping or {})
    tables = tuple(_resolved(table, header, explained) for table, header in headers_of(wanted, kind, given, for_file))
    found_kind = tables[0].header.kind
    remarks = [*_hidden_rows(tables), *_left_out(opened, tables, wanted if sheet is not None else opened.tables)]
    return ReadFile(opened.name, found_kind, tables, read_tables(tables, found_kind, remarks), remarks)


def _is_wanted(table: Table, sheet: str | None, correction: TableCorrection | None) -> bool:
    """A correction of the table decides; else the sheet asked for, or every table that is not hidden."""
    if correction is not None:
        return correction.read
    return table.sheet == sheet or (sheet is None and not table.hidden)


def _hidden_rows(read: Sequence[ResolvedTable]) -> list[Problem]:
    """A warning for each sheet whose program does not show all its rows: they are read too."""
    tables = [each.table for each in read if each.table.hidden_rows]
    return [
        Problem(t.file, 0, "", str(t.hidden_rows), "rows_hidden", "warning", t.sheet, t.hidden_rows) for t in tables
    ]


def _left_out(opened: OpenedFile, read: Sequence[ResolvedTable], candidates: Sequence[Table]) -> list[Problem]:
    """A warning for each of the candidates that is not read, and for each refused member of an archive."""
    used = {id(each.table) for each in read}
    unused = [table for table in candidates if id(table) not in used]
    refused = [str(refusal.data.get("file", opened.name)) for refusal in opened.refusals]
    return [_left_out_remark(table.file, table.sheet, table.hidden) for table in unused] + [
        _left_out_remark(file, "", False) for file in refused
    ]


def _left_out_remark(file: str, sheet: str, hidden: bool) -> Problem:
    return Problem(file, 0, "", sheet or file, "sheet_hidden" if hidden else "table_left_out", "warning", sheet)


def _resolved(table: Table, header: Header, explained: Explained) -> ResolvedTable:
    """A table with its header, described for people and laid out for reading."""
    above = [cell.strip() for row in first_rows(table) if row.line < header.line for cell in row.cells if cell.strip()]
    title = " ".join(dict.fromkeys(above[:_TITLE_CELLS]))
    heading = " ".join(text for text in (title, table.sheet, Path(table.file).stem) if text)
    part = Part(
        file=table.file,
        sheet=table.sheet,
        format=table.format,
        encoding=table.encoding,
        separator=table.separator,
        vendor=vendor_of(header.texts),
        header_line=header.line,
        columns=header.columns,
        unknown_columns=_with_examples(table, header),
        heading=heading,
        row_count=None if table.row_count is None else table.row_count - _rows_before_data(table, header),
        # The file's own name comes before the folders that it lies in within an archive.
        as_of_on=latest_day(
            find_as_of_day(" ".join(above), table.sheet, *reversed(Path(table.file).parts)),
            *(find_as_of_day(column.header) for column in header.columns if column.field),
        ),
    )
    around = [column.header for column in header.unknown]
    unit = unit_of_title(" ".join(above), *around, table.sheet, Path(table.file).stem)
    unit = unit if unit is not None else _unit_below(table, header)
    columns = columns_by_field(header.columns)
    layout = Layout.of(header.kind, columns, title, heading, part.as_of_on, explained, table.date_1904, unit)
    return ResolvedTable(table, header, part, layout)


def _unit_below(table: Table, header: Header) -> str | None:
    """The unit that a note below a short table states for its amounts (注：金额单位为万元); None for none.

    Looked for only where an amount would otherwise be taken as yuan.
    """
    amounts = [column for column in header.columns if column.field in _AMOUNTS]
    if not amounts or all(unit_of_header(column.header) is not None for column in amounts):
        return None
    notes = []
    for row in islice(table.rows(), _SEARCHED_FOR_NOTES):
        filled = [cell for cell in row.cells if cell.strip()]
        if len(filled) <= _NOTE_CELLS and row.line > header.line and "单位" in "".join(filled):
            notes += filled
    return unit_of_title(*notes)


def _with_examples(table: Table, header: Header) -> tuple[UnknownColumn, ...]:
    """The unknown columns, each with the first different cells below its header."""
    rows = first_rows(table) if table.header is None else list(islice(table.rows(), _EXAMPLE_ROWS))
    below = [row.cells for row in rows if table.header is not None or row.line >= header.line + header.depth]

    def examples(index: int) -> tuple[str, ...]:
        cells = (cells[index].strip()[:_EXAMPLE_LENGTH] for cells in below if index < len(cells))
        return tuple(islice(dict.fromkeys(cell for cell in cells if cell), _EXAMPLES))

    return tuple(replace(column, examples=examples(column.index)) for column in header.unknown)


def _rows_before_data(table: Table, header: Header) -> int:
    if table.header is not None:
        return 0
    return sum(row.line < header.line + header.depth for row in first_rows(table))
