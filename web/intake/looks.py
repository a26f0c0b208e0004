"""What the page of an upload shows of each file: its tables, the meaning of their columns, the first records."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from ingest.guard import recognise
from ingest.looking import FileLook, TableLook, look_into, looks_like
from ingest.reading import OpenedFile, open_file
from ingest.walking import Part
from matchhub.domain.records import Kind, Row
from matchhub.errors import FileRefused
from matchhub.services.imports import uploads as kept
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.running import memories_of, recalled_words
from web.bureau.fields import field_word
from web.language import say_refusal
from web.units import runtime

SHOWN_ROWS = 5
SHOWN_TABLES = 12  # an archive may hold hundreds
SHOWN_COLUMNS = 12
FEW_COLUMNS = 8
MOST_COLUMNS = 300  # honest tables have at most some two hundred
LONGEST_HEADER = 200
SAMPLES = 2


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: the field taken for it, examples of its cells, likely fields, and whether a person said so."""

    header: str
    field: str
    samples: tuple[str, ...]
    proposals: tuple[tuple[str, str, float], ...]
    known: bool
    said: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """One table with what can be corrected of it; ``fault`` is the sentence why it is not read as asked."""

    look: TableLook
    part: Part | None
    columns: tuple[ColumnView, ...]
    fault: str

    @property
    def name(self) -> str:
        """The sheet, or the member of an archive, or ""."""
        member = self.look.table.file.partition("/")[2]
        return " · ".join(part for part in (member, self.look.table.sheet) if part)

    @property
    def doubtful(self) -> tuple[ColumnView, ...]:
        """Columns that a person should look at: of many unknown ones those that resemble something."""
        unknown = [column for column in self.columns if not column.known or column.said]
        few = len(unknown) <= FEW_COLUMNS
        return tuple(column for column in unknown if few or column.said or column.proposals)

    @property
    def lines(self) -> list[tuple[int, tuple[str, ...]]]:
        """The first rows as written, with their numbers; row 0 holds the names of a format that has no header row."""
        return [(row.line, row.cells[:SHOWN_COLUMNS]) for row in self.look.lines]


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it was understood; ``fault`` tells why it cannot be written, ``other_kind`` what it looks like."""

    file: kept.KeptFile
    tables: tuple[TableView, ...]
    hidden_tables: int
    rows: tuple[Row, ...]
    kind: Kind
    corrections: Corrections
    fault: str = ""
    other_kind: str = ""

    @property
    def names(self) -> list[str]:
        """Fields that the first rows speak of, in the order of the record."""
        said = [row.record for row in self.rows if row.record is not None]
        if not said:
            return []
        names = [each.name for each in fields(said[0]) if each.name != "source"]
        return [name for name in names if any(_is_filled(getattr(record, name)) for record in said)]

    @property
    def headings(self) -> list[str]:
        """Words for those fields."""
        return [field_word(self.kind, name) for name in self.names]


def view_file(upload: kept.Upload, file: kept.KeptFile, said: Corrections | None) -> FileView:
    """Open a file of an upload and show it with what was said of it, or is remembered of its source.

    Raises ``FileRefused`` where nothing a person may say could make it readable.
    """
    opened = open_file(kept.upload_path(runtime().home, file.sha256), file.name)
    corrections = said or file.said or _recalled(opened, upload)
    look = look_into(opened, upload.kind, corrections.tables)
    tables = tuple(_table_view(table, look, corrections) for table in look.tables[:SHOWN_TABLES])
    fault, other_kind = "", ""
    if look.fault is not None:
        fault, other_kind = say_refusal(look.fault), looks_like(look.fault)
    rows = tuple(islice(look.read.rows, SHOWN_ROWS)) if look.read else ()
    more = len(look.tables) - len(tables)
    return FileView(file, tables, more, rows, upload.kind, corrections, fault, other_kind)


def refused_at_sight(upload: kept.Upload) -> list[FileRefused]:
    """Refusals of the files that are no tables at all, told by their first bytes."""
    found = []
    for file in upload.files:
        try:
            recognise(kept.upload_path(runtime().home, file.sha256), file.name)
        except FileRefused as refusal:
            found.append(refusal)
    return found


def _recalled(opened: OpenedFile, upload: kept.Upload) -> Corrections:
    if not upload.source_name:
        return Corrections()
    return Corrections(
        tables=recalled_words(opened, upload.kind, memories_of(runtime(), upload.source_name, upload.kind))
    )


def _table_view(table: TableLook, file: FileLook, corrections: Corrections) -> TableView:
    place = (table.table.file, table.table.sheet)
    parts = file.read.parts if file.read else ()
    part = next((each for each in parts if (each.file, each.sheet) == place), None)
    mapping = table.word.mapping if table.word else {}
    return TableView(table, part, _columns(table, set(mapping)), say_refusal(table.fault) if table.fault else "")


def _columns(table: TableLook, said: set[str]) -> tuple[ColumnView, ...]:
    header = table.header
    if header is None:
        return ()
    below = [row.cells for row in table.lines if row.line >= header.line + header.depth or table.table.header]

    def samples(index: int) -> tuple[str, ...]:
        cells = (cells[index].strip() for cells in below if index < len(cells))
        return tuple(islice(dict.fromkeys(cell for cell in cells if cell), SAMPLES))

    known = [(each.index, each.header, each.field, (), True) for each in header.columns]
    unknown = [(each.index, each.header, "", each.proposals, False) for each in header.unknown]
    ordered: list[Any] = sorted([*known, *unknown])
    return tuple(
        ColumnView(name, field, samples(index), proposals, is_known, name in said)
        for index, name, field, proposals, is_known in ordered[:MOST_COLUMNS]
        if len(name) <= LONGEST_HEADER
    )


def _is_filled(value: Any) -> bool:
    return value not in (None, "", (), False)
