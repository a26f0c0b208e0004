"""From the rows of tables whose header is known to results: one ``Row`` for each data row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest import awards, deals, demands, licensing, parties, patents, stock_grades
from ingest.cells import Cells, Layout, Severity
from ingest.columns import Column, Header, UnknownColumn
from ingest.encodings import REPLACEMENT
from ingest.non_data_rows import non_data_reason
from ingest.tables import RawRow, Table
from ingest.unknown_words import UnknownWords
from matchhub.domain.records import Kind, Problem, Row, Source

_READERS: dict[Kind, Callable[[Cells], Row]] = {
    "patents": patents.read_patent,
    "enterprises": parties.read_enterprise,
    "experts": parties.read_expert,
    "agencies": parties.read_agency,
    "demands": demands.read_demand,
    "offers": licensing.read_offer,
    "licences": licensing.read_licence,
    "deals": deals.read_deal,
    "award_records": awards.read_award,
    "stock_grades": stock_grades.read_stock_grade,
}
_PARTIES = ("enterprises", "experts", "agencies")
_SHOWN_CHARACTERS = 200  # of a cell in a problem or remark


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one table of a file, for people: where it stands, its header row, what its columns mean."""

    file: str
    sheet: str
    format: str
    encoding: str
    separator: str
    vendor: str  # whose export it is ("" when unknown), see ``ingest.vendors``
    header_line: int
    columns: tuple[Column, ...]
    unknown_columns: tuple[UnknownColumn, ...]
    heading: str = ""
    row_count: int | None = None  # data rows, where the reader counted them
    as_of_on: date | None = None  # the as-of day of the table, see ``ingest.as_of``


@dataclass(frozen=True, slots=True)
class ResolvedTable:
    """One table whose rows can be read: its header is found, and ``layout`` says where each field stands."""

    table: Table
    header: Header
    part: Part
    layout: Layout


def read_tables(tables: Sequence[ResolvedTable], kind: Kind, remarks: list[Problem]) -> Iterator[Row]:
    """Exactly one ``Row`` for each data row of the tables, in order.

    ``remarks`` grows meanwhile by one warning for each row that was left out because it holds no data, and behind each
    table by one for each word that was not understood, with its number of rows, and one for rows with only a name.
    """
    for each in tables:
        part, header, unknown_words = each.part, each.header, UnknownWords()
        only_names, counts_names = 0, kind in _PARTIES and header.score > 1
        reader = _RowReader.of(each, _READERS[kind])
        first_data_line = 0 if each.table.header is not None else header.line + header.depth
        for raw in each.table.rows():
            if raw.line < first_data_line:
                continue
            if left_out := non_data_reason(raw, reader.names):
                code, text = left_out
                shown = text[:_SHOWN_CHARACTERS]
                remarks.append(Problem(part.file, raw.line, "", shown, code, "warning", part.sheet))
            else:
                row = reader.read(raw)
                only_names += counts_names and sum(map(bool, raw.cells)) == 1
                if row.problems:
                    unknown_words.note(row.problems)
                yield row
        remarks.extend(unknown_words.remarks(part.file, part.sheet))
        if only_names > 1:  # a single one is nothing odd
            code, number = "rows_with_only_a_name", only_names
            remarks.append(Problem(part.file, 0, "", str(number), code, "warning", part.sheet, number))


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads the rows of one table; ``names`` are the (position, header) pairs of its columns, from left to right."""

    read_record: Callable[[Cells], Row]
    layout: Layout
    part: Part
    names: Sequence[tuple[int, str]]
    headers_without_gaps: tuple[str, ...]  # the headers alone where they stand over the columns 0, 1, 2 …, else ()

    @classmethod
    def of(cls, table: ResolvedTable, read_record: Callable[[Cells], Row]) -> _RowReader:
        """The reader of one resolved table."""
        columns: list[Column | UnknownColumn] = [*table.header.columns, *table.header.unknown]
        names = sorted((column.index, column.header) for column in columns)
        has_gaps = any(index != position for position, (index, _) in enumerate(names))
        headers = () if has_gaps else tuple(header for _, header in names)
        return cls(read_record, table.layout, table.part, names, headers)

    def read(self, raw: RawRow) -> Row:
        """The result of one data row."""
        written = self._written(raw.cells)
        cells = Cells(self.layout, raw.cells, Source(self.part.file, raw.line, self.part.sheet, written))
        if REPLACEMENT in "".join(raw.cells):
            damaged = next((header for header, cell in written if REPLACEMENT in cell), "")
            cells.problems.append(self._problem(raw, damaged, "", "cell_damaged", "error"))
        beyond = raw.cells[self.names[-1][0] + 1 :]
        if beyond and (surplus := next((cell for cell in beyond if cell.strip()), "")):
            cells.problems.append(self._problem(raw, "", surplus[:_SHOWN_CHARACTERS], "row_too_long", "review"))
        return self.read_record(cells)

    def _written(self, cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The row as written: (header, cell) of each column with a header."""
        width = len(cells)
        if self.headers_without_gaps and width == len(self.headers_without_gaps):  # nearly every row, and faster
            return tuple(zip(self.headers_without_gaps, cells, strict=True))
        return tuple((header, cells[index] if index < width else "") for index, header in self.names)

    def _problem(self, raw: RawRow, column: str, value: str, code: str, severity: Severity) -> Problem:
        return Problem(self.part.file, raw.line, column, value, code, severity, self.part.sheet)
