"""From a file to its records: the one way in.

``read_rows`` finds out what the file is, which row is the header and what each column means, and then yields exactly
one ``Row`` per data row. Every refusal of the file as a whole comes before the first row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

from ingest import columns as headers
from ingest import dealings, parties, patents
from ingest.as_of import told_day
from ingest.cells import Cells, Layout
from ingest.columns import Column, Header, UnknownColumn
from ingest.encodings import REPLACEMENT
from ingest.no_data import why_no_data
from ingest.sources import open_tables
from ingest.tables import RawRow, Table
from ingest.vendors import vendor_of
from matchhub.domain.corrections import TableWord
from matchhub.domain.records import Kind, Problem, Row, Source
from matchhub.errors import FileRefused

READERS: dict[Kind, Callable[[Cells], Row]] = {
    "patents": patents.read_patent,
    "enterprises": parties.read_enterprise,
    "experts": parties.read_expert,
    "agencies": parties.read_agency,
    "demands": dealings.read_demand,
    "offers": dealings.read_offer,
    "licences": dealings.read_licence,
    "deals": dealings.read_deal,
}
_LOOKS_LIKE = "file_looks_like_"
_OTHER_KIND_MARGIN = 4  # how much more another kind must speak from a header before the asked kind is refused


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a file: where it stands, which row was taken as header and what its columns mean."""

    file: str
    sheet: str
    format: str
    encoding: str
    separator: str
    vendor: str  # whose export it is ("" when nothing tells), see ``ingest.vendors``
    header_line: int
    columns: tuple[Column, ...]
    unknown_columns: tuple[UnknownColumn, ...]
    heading: str = ""
    row_count: int | None = None  # data rows, where the reader counted them
    as_of_on: date | None = None  # the day of which the table speaks, see ``ingest.as_of``


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
    read = ReadFile(opened.name, found[0][1].kind, tuple(part for part, _ in layouts), iter(()))
    used = {id(table) for table, _ in found}
    unused = [table for table in opened.tables if id(table) not in used and (sheet is None or table in tables)]
    read.remarks += [_left_out(table.file, table.sheet, table.hidden) for table in unused]
    read.remarks += [_left_out(str(each.data.get("file", opened.name)), "", False) for each in opened.refusals]
    read.rows = _walk(list(zip(found, layouts, strict=True)), read)
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


def _walk(parts: Sequence[tuple[tuple[Table, Header], tuple[Part, Layout]]], read: ReadFile) -> Iterator[Row]:
    for (table, header), (part, layout) in parts:
        names = sorted([(column.index, column.header) for column in header.columns] + _unknown(header))
        reader = READERS[read.kind]
        read_one = partial(_read_one, reader, layout, part, names, _without_gaps(names))
        for raw in table.rows():
            if table.header is None and raw.line < header.line + header.depth:
                continue
            if left_out := why_no_data(raw, names):
                read.remarks.append(Problem(part.file, raw.line, "", left_out[1], left_out[0], "warning", part.sheet))
                continue
            yield read_one(raw)


def _unknown(header: Header) -> list[tuple[int, str]]:
    return [(column.index, column.header) for column in header.unknown]


def _without_gaps(names: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """The headers alone where they stand over the columns 0, 1, 2 …, else nothing."""
    return tuple(header for _, header in names) if [index for index, _ in names] == list(range(len(names))) else ()


def _read_one(
    reader: Callable[[Cells], Row],
    layout: Layout,
    part: Part,
    names: Sequence[tuple[int, str]],
    plain: tuple[str, ...],
    raw: RawRow,
) -> Row:
    width = len(raw.cells)
    if plain and width == len(plain):
        written = tuple(zip(plain, raw.cells, strict=True))
    else:
        written = tuple((header, raw.cells[index] if index < width else "") for index, header in names)
    cells = Cells(layout, raw.cells, Source(part.file, raw.line, part.sheet, written))
    if REPLACEMENT in "".join(raw.cells):
        damaged = next((header for header, cell in written if REPLACEMENT in cell), "")
        cells.problems.append(Problem(part.file, raw.line, damaged, "", "cell_damaged", "error", part.sheet))
    last = names[-1][0]
    if width > last + 1 and any(cell.strip() for cell in raw.cells[last + 1 :]):
        surplus = next(cell for cell in raw.cells[last + 1 :] if cell.strip())
        cells.problems.append(Problem(part.file, raw.line, "", surplus[:200], "row_too_long", "review", part.sheet))
    return reader(cells)
