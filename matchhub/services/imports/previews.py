"""The preview of an upload: for each file its tables, the meaning of their columns and the first records."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from ingest.guard import recognise
from ingest.header_search import resembled_kind
from ingest.previews import FilePreview, TablePreview, preview_file
from ingest.reading import OpenedFile, open_file
from ingest.table_rows import Part
from ingest.tables import DOCUMENT_FORMATS
from ingest.unknown_words import UnknownWords
from matchhub.domain.records import Kind, Row
from matchhub.errors import FileRefused, Refusal
from matchhub.services.imports import uploads as kept
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.reading import memories_of, recalled_corrections, words_of
from matchhub.services.imports.source_words import MEANINGS
from matchhub.services.kernel.runtime import Runtime

SHOWN_ROWS = 5
CONFIRMED_ROWS = 5_000  # of a document every row is shown, and no document has more
SCANNED_ROWS = 2000  # for words that nobody understands
SHOWN_TABLES = 12  # an archive may hold hundreds
SHOWN_COLUMNS = 12
FEW_COLUMNS = 8
MOST_COLUMNS = 300  # honest tables have at most some two hundred
LONGEST_HEADER = 200
SAMPLES = 2


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: the field assigned to it, sample cells and proposed fields.

    ``known`` tells whether the vocabulary or a person gave the field, ``corrected`` whether a person did.
    """

    header: str
    field: str
    samples: tuple[str, ...]
    proposals: tuple[tuple[str, str, float], ...]
    known: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """One table with everything a person can correct; ``fault`` says why it cannot be read."""

    preview: TablePreview
    part: Part | None
    columns: tuple[ColumnView, ...]
    fault: Refusal | None

    @property
    def name(self) -> str:
        """Member of an archive and sheet, joined; "" for a file that is one table."""
        member = self.preview.table.file.partition("/")[2]
        return " · ".join(part for part in (member, self.preview.table.sheet) if part)

    @property
    def doubtful(self) -> tuple[ColumnView, ...]:
        """Columns to check: corrected and unknown ones; of many unknown ones only those with a proposal."""
        unknown = [column for column in self.columns if not column.known or column.corrected]
        few = len(unknown) <= FEW_COLUMNS
        return tuple(column for column in unknown if few or column.corrected or column.proposals)

    @property
    def lines(self) -> list[tuple[int, tuple[str, ...]]]:
        """The first rows as written, with their numbers; row 0 holds the names of a format that has no header row."""
        return [(row.line, row.cells[:SHOWN_COLUMNS]) for row in self.preview.lines]


@dataclass(frozen=True, slots=True)
class WordView:
    """A word in the first rows that nobody understands, such as a legal status, and what a person said it means."""

    word: str
    rows: int
    meaning: str


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as it would be imported.

    ``fault`` says why it cannot be, ``other_kind`` is the kind that its headers suggest instead, ``hidden_tables`` the
    number of tables beyond those shown.
    """

    file: kept.KeptFile
    tables: tuple[TableView, ...]
    hidden_tables: int
    rows: tuple[Row, ...]
    kind: Kind
    corrections: Corrections
    fault: Refusal | None = None
    other_kind: str = ""
    words: tuple[WordView, ...] = ()

    @property
    def is_document(self) -> bool:
        """Whether a table of it was laid out for readers, so that a person compares every row."""
        return any(table.part is not None and table.part.format in DOCUMENT_FORMATS for table in self.tables)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What a word of this kind of table may mean."""
        return MEANINGS.get(self.kind, ())

    @property
    def names(self) -> list[str]:
        """Fields that at least one of the first records fills, in the order of the record."""
        records = [row.record for row in self.rows if row.record is not None]
        if not records:
            return []
        names = [each.name for each in fields(records[0]) if each.name != "source"]
        return [name for name in names if any(_is_filled(getattr(record, name)) for record in records)]


def preview_upload(runtime: Runtime, upload: kept.Upload, file: kept.KeptFile, sent: Corrections | None) -> FileView:
    """Open a file of an upload and preview it.

    The corrections just ``sent`` win over those kept with the upload, and these over the remembered ones of its source.
    Raises ``FileRefused`` when no correction could make the file readable.
    """
    opened = open_file(kept.upload_path(runtime.home, file.sha256), file.name)
    corrections = sent or file.corrections or _remembered(runtime, opened, upload)
    words = dict(words_of(runtime, upload.source_name, upload.kind)) | dict(corrections.words)
    preview = preview_file(opened, upload.kind, corrections.tables, tuple(words.items()))
    tables = tuple(_table_view(table, preview) for table in preview.tables[:SHOWN_TABLES])
    other_kind = resembled_kind(preview.fault) if preview.fault is not None else ""
    rows, unknown = _first_rows(preview)
    more = len(preview.tables) - len(tables)
    asked = tuple(WordView(word, rows_of, words.get(word, "")) for word, rows_of in unknown)
    asked += tuple(WordView(word, 0, words[word]) for word in corrections.words if word not in dict(unknown))
    return FileView(file, tables, more, rows, upload.kind, corrections, preview.fault, other_kind, asked)


def _first_rows(preview: FilePreview) -> tuple[tuple[Row, ...], list[tuple[str, int]]]:
    """The first rows, of a document all, and the words of some more that nobody knows, with the number of rows."""
    shown: list[Row] = []
    unknown = UnknownWords()
    document = preview.read is not None and any(part.format in DOCUMENT_FORMATS for part in preview.read.parts)
    scanned, most = (CONFIRMED_ROWS, CONFIRMED_ROWS) if document else (SCANNED_ROWS, SHOWN_ROWS)
    for row in islice(preview.read.rows, scanned) if preview.read else ():
        if len(shown) < most:
            shown.append(row)
        if row.problems:
            unknown.note(row.problems)
    return tuple(shown), [(remark.value, remark.count) for remark in unknown.remarks("", "")]


def refused_by_signature(runtime: Runtime, upload: kept.Upload) -> list[FileRefused]:
    """Refusals of the files whose first bytes show that they hold no table (picture, PDF, program)."""
    found = []
    for file in upload.files:
        try:
            recognise(kept.upload_path(runtime.home, file.sha256), file.name)
        except FileRefused as refusal:
            found.append(refusal)
    return found


def _remembered(runtime: Runtime, opened: OpenedFile, upload: kept.Upload) -> Corrections:
    if not upload.source_name:
        return Corrections()
    return Corrections(
        tables=recalled_corrections(opened, upload.kind, memories_of(runtime, upload.source_name, upload.kind))
    )


def _table_view(table: TablePreview, file: FilePreview) -> TableView:
    place = (table.table.file, table.table.sheet)
    parts = file.read.parts if file.read else ()
    part = next((each for each in parts if (each.file, each.sheet) == place), None)
    mapping = table.correction.mapping if table.correction else {}
    return TableView(table, part, _columns(table, set(mapping)), table.fault)


def _columns(table: TablePreview, corrected: set[str]) -> tuple[ColumnView, ...]:
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
        ColumnView(name, field, samples(index), proposals, is_known, name in corrected)
        for index, name, field, proposals, is_known in ordered[:MOST_COLUMNS]
        if len(name) <= LONGEST_HEADER
    )


def _is_filled(value: Any) -> bool:
    return value not in (None, "", (), False)
