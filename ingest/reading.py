"""From a file to its records: the one way in.

``read_rows`` finds out what the file is, which row is the header and what each column means, and then yields exactly
one ``Row`` per data row. Every refusal of the file as a whole comes before the first row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from ingest import columns as headers
from ingest.as_of import told_day
from ingest.cells import Layout
from ingest.columns import Column, Header, UnknownColumn
from ingest.sources import open_tables
from ingest.tables import RawRow, Table
from ingest.vendors import vendor_of
from ingest.walking import READERS, Part, Walk, walk
from matchhub.domain.corrections import TableWord
from matchhub.domain.records import Kind, Problem, Row
from matchhub.errors import FileRefused

_LOOKS_LIKE = "file_looks_like_"
_OTHER_KIND_MARGIN = 4  # how much more another kind must speak from a header before the asked kind is refused


@dataclass(slots=True)
class ReadFile:
    """A file under reading: what it is, and its ``rows``, to be walked once.

    ``remarks`` grows while the rows are walked: what was left out as no data (totals, notes, repeated headers).
    """

    file: str
    kind: Kind
    parts: tuple[Part, ...]
    rows: Iterator[Row]
    remarks: list[Problem] = field(default_factory=list)
    walks: tuple[Walk, ...] = ()  # what ``rows`` walks, for a process beside (``ingest.beside``)

    @property
    def sheet(self) -> str:
        return self.parts[0].sheet

    @property
    def encoding(self) -> str:
        return self.parts[0].encoding

    @property
    def format(self) -> str:
        return self.parts[0].format

    @property
    def header_line(self) -> int:
        return self.parts[0].header_line

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.parts[0].columns

    @property
    def unknown_columns(self) -> tuple[UnknownColumn, ...]:
        return tuple(column for part in self.parts for column in part.unknown_columns)

    @property
    def as_of_on(self) -> date | None:
        """The day of which the file speaks: its own, not that of single rows; the latest of its parts."""
        return max((part.as_of_on for part in self.parts if part.as_of_on), default=None)

    @property
    def row_count(self) -> int | None:
        """Data rows of all parts, for a progress bar; None where only walking them would tell."""
        counts = [part.row_count for part in self.parts]
        return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was opened and found harmless: its tables, and the refusals of archive members that hold none."""

    name: str
    tables: tuple[Table, ...]
    refusals: tuple[FileRefused, ...] = ()


def open_file(path: str | Path, name: str | None = None) -> OpenedFile:
    """Open any supported file; ``name`` is its name as people know it (an upload's own path says nothing).

    Raises ``FileRefused`` with a particular code.
    """
    path = Path(path)
    shown = name or path.name
    if not path.is_file():
        raise FileRefused("file_missing", file=shown)
    tables, refusals = open_tables(path, shown, _recognised)
    return OpenedFile(shown, tuple(tables), tuple(refusals))


def read_rows(
    path: str | Path,
    kind: Kind | None = None,
    *,
    name: str | None = None,
    sheet: str | None = None,
    header_line: int | None = None,
    mapping: Mapping[str, str] | None = None,
    words: Sequence[TableWord] = (),
) -> ReadFile:
    """Read any supported file as rows of one kind.

    ``kind`` None takes the kind that the headers speak for. ``name`` as for ``open_file``. ``sheet``, ``header_line``
    (1-based) and ``mapping`` (header as written -> field, "" to ignore) are a person's corrections of the whole file,
    ``words`` those of single tables, which go first. Raises ``FileRefused``, always before the first row.
    """
    opened = open_file(path, name)
    return read_opened(opened, kind, sheet=sheet, header_line=header_line, mapping=mapping, words=words)


def read_opened(
    opened: OpenedFile,
    kind: Kind | None = None,
    *,
    sheet: str | None = None,
    header_line: int | None = None,
    mapping: Mapping[str, str] | None = None,
    words: Sequence[TableWord] = (),
) -> ReadFile:
    """``read_rows`` of a file that stands open; may be called again with other corrections."""
    said = {(word.file, word.sheet): word for word in words}
    tables = [table for table in opened.tables if _is_wanted(table, sheet, said.get((table.file, table.sheet)))]
    if not tables:
        raise FileRefused("sheet_missing" if sheet else "file_empty", file=opened.name, sheet=sheet or "")
    wishes = [said.get((table.file, table.sheet)) for table in tables]
    general = TableWord(opened.name, "", True, header_line, mapping or {})
    found = _headers(tables, kind, wishes, general)
    layouts = [_part(table, header) for table, header in found]
    walks = tuple(Walk(*table, *laid_out) for table, laid_out in zip(found, layouts, strict=True))
    remarks: list[Problem] = []
    rows = walk(walks, found[0][1].kind, remarks)
    read = ReadFile(opened.name, found[0][1].kind, tuple(each.part for each in walks), rows, remarks, walks)
    used = {id(table) for table, _ in found}
    unused = [table for table in opened.tables if id(table) not in used and (sheet is None or table in tables)]
    read.remarks += [_left_out(table.file, table.sheet, table.hidden) for table in unused]
    read.remarks += [_left_out(str(each.data.get("file", opened.name)), "", False) for each in opened.refusals]
    return read


def _is_wanted(table: Table, sheet: str | None, word: TableWord | None) -> bool:
    if word is not None:
        return word.read
    return table.sheet == sheet or (sheet is None and not table.hidden)


def _left_out(file: str, sheet: str, hidden: bool) -> Problem:
    return Problem(file, 0, "", sheet or file, "sheet_hidden" if hidden else "table_left_out", "warning", sheet)


def _recognised(rows: list[RawRow]) -> int:
    """How many fields the best header among the first rows has: tells the right delimiter from a wrong one."""
    best = headers.likely_kind(rows)
    if best:
        return best.score + 1
    candidates = headers.header_candidates(rows)
    return max((header.score for kind in READERS if (header := headers.best_header(candidates, kind))), default=0)


def first_rows(table: Table) -> list[RawRow]:
    """The rows among which the header is looked for; of a format that names its fields, the names as row 0."""
    if table.header is not None:
        return [RawRow(0, table.header)]
    return list(islice(table.rows(), headers.SEARCHED_ROWS))


def _headers(
    tables: Sequence[Table], kind: Kind | None, wishes: Sequence[TableWord | None], general: TableWord
) -> list[tuple[Table, Header]]:
    """Header of every table that has one; sheets without (covers, notes) are passed over when another has one, but a
    table that a person spoke of is never passed over."""
    found: list[tuple[Table, Header]] = []
    refusals: list[FileRefused] = []
    for table, wish in zip(tables, wishes, strict=True):
        try:
            found.append((table, header_of(table, kind, wish or general, general.file)))
        except FileRefused as refusal:
            if wish is not None:
                raise
            refusals.append(refusal)
    if not found:
        raise min(refusals, key=lambda refusal: not refusal.code.startswith(_LOOKS_LIKE))
    main = kind or max((header for _, header in found), key=headers.kind_weight).kind
    return [(table, header) for table, header in found if header.kind == main]


def header_of(table: Table, kind: Kind | None, word: TableWord, shown: str) -> Header:
    """The header of one table as the rows and ``word`` say; raises ``FileRefused``, naming the file ``shown``."""
    rows, line, mapping = first_rows(table), word.header_line, word.mapping
    likely = headers.likely_kind(rows, mapping)
    if kind is None:
        if likely is None:
            raise FileRefused("file_no_header", file=shown, sheet=table.sheet)
        kind = likely.kind
    header = headers.find_header(rows, kind, line, mapping)
    fits = header is not None and headers.has_required(header)
    if likely and likely.kind != kind and not mapping and line is None:
        margin = headers.kind_weight(likely) - (headers.kind_weight(header) if header else 0)
        if not fits or margin >= _OTHER_KIND_MARGIN:
            raise FileRefused(f"file_looks_like_{likely.kind}", file=shown, kind=kind, looks_like=likely.kind)
    if header is None or (header.score < 2 and not fits):
        raise FileRefused("file_no_header", file=shown, sheet=table.sheet)
    if not fits:
        raise FileRefused("file_columns_missing", file=shown, kind=kind, found=_found_headers(header))
    return headers.with_proposals(header)


def _found_headers(header: Header) -> str:
    return "、".join([column.header for column in header.columns] + [column.header for column in header.unknown])[:200]


def _part(table: Table, header: Header) -> tuple[Part, Layout]:
    above = [cell.strip() for row in first_rows(table) if row.line < header.line for cell in row.cells if cell.strip()]
    title = " ".join(dict.fromkeys(above[:4]))
    heading = " ".join(part for part in (title, table.sheet, Path(table.file).stem) if part)
    part = Part(
        file=table.file,
        sheet=table.sheet,
        format=table.format,
        encoding=table.encoding,
        separator=table.separator,
        vendor=_vendor(header),
        header_line=header.line,
        columns=header.columns,
        unknown_columns=header.unknown,
        heading=heading,
        row_count=None if table.row_count is None else table.row_count - _rows_before_data(table, header),
        as_of_on=told_day(" ".join(above), table.sheet, *reversed(Path(table.file).parts)),
    )
    return part, Layout.of(header.kind, headers.columns_by_field(header.columns), title, heading, part.as_of_on)


def _vendor(header: Header) -> str:
    return vendor_of([column.header for column in header.columns] + [column.header for column in header.unknown])


def _rows_before_data(table: Table, header: Header) -> int:
    if table.header is not None:
        return 0
    return sum(row.line < header.line + header.depth for row in first_rows(table))
