"""The rows of tables whose header is known, one after the other: what stands in them, what must be said of it, and
which of them are no data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from ingest import dealings, parties, patents
from ingest.cells import Cells, Layout
from ingest.columns import Column, Header, UnknownColumn
from ingest.encodings import REPLACEMENT
from ingest.no_data import why_no_data
from ingest.tables import RawRow, Table
from matchhub.domain.records import Kind, Problem, Row, Source

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


@dataclass(frozen=True, slots=True)
class Walk:
    """One table whose rows are wanted: its header, what is told of it, and where its fields stand."""

    table: Table
    header: Header
    part: Part
    layout: Layout


def walk(walks: Sequence[Walk], kind: Kind, remarks: list[Problem]) -> Iterator[Row]:
    """Exactly one ``Row`` for each data row; ``remarks`` grows by what was left out as no data."""
    for each in walks:
        table, header, part, layout = each.table, each.header, each.part, each.layout
        names = sorted([(column.index, column.header) for column in header.columns] + _unknown(header))
        reader = READERS[kind]
        read_one = partial(_read_one, reader, layout, part, names, _without_gaps(names))
        for raw in table.rows():
            if table.header is None and raw.line < header.line + header.depth:
                continue
            if left_out := why_no_data(raw, names):
                remarks.append(Problem(part.file, raw.line, "", left_out[1], left_out[0], "warning", part.sheet))
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
