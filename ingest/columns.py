"""A row read as the header of a table: its columns and the field that each one means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ingest.categories import category_of
from ingest.tables import RawRow
from ingest.vocabulary import is_header_word, plain_header, vocabularies
from matchhub.domain.records import Kind

# A category's name in such a cell belongs to the title of an official list; as a column's header it stands alone.
_HEADLINE = re.compile(r"名单|公示|公告|通知|关于|[\d〔]{4}年|.{20}")
_SHORT_WORD = 2  # characters: a lower header such as 起, 止 or 名称 means little without the group's word above it


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a known meaning: 0-based ``index``, header as written, field ("" when ignored).

    ``rank`` 0 is the best header word of the field; where several columns mean one field, the lowest rank comes first.
    """

    index: int
    header: str
    field: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column whose header is in no vocabulary, with the fields that it resembles, best first.

    A proposal is (field, known word, similarity 0..100); ``examples`` are cells below it.
    """

    index: int
    header: str
    proposals: tuple[tuple[str, str, float], ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """A row read as header for one kind; ``line`` is its 1-based row, ``depth`` the number of rows that it takes."""

    kind: Kind
    line: int
    columns: tuple[Column, ...]
    unknown: tuple[UnknownColumn, ...] = ()
    depth: int = 1
    fields: frozenset[str] = frozenset()

    @property
    def score(self) -> int:
        """Number of fields that the columns mean."""
        return len(self.fields)

    @property
    def texts(self) -> list[str]:
        """Every header as written: the known ones from left to right, then the unknown ones."""
        return [column.header for column in self.columns] + [column.header for column in self.unknown]


def read_header(row: RawRow, kind: Kind, corrected: Mapping[str, str] | None = None, depth: int = 1) -> Header:
    """Read one row as the header of a table of ``kind``; ``corrected`` (header as written -> field) goes first."""
    read = [_column(index, cell, kind, corrected or {}) for index, cell in enumerate(row.cells) if cell.strip()]
    columns = tuple(column for column in read if isinstance(column, Column))
    unknown = tuple(column for column in read if isinstance(column, UnknownColumn))
    fields = frozenset(column.field for column in columns if column.field)
    return Header(kind, row.line, columns, unknown, depth, fields)


def _column(index: int, header: str, kind: Kind, corrected: Mapping[str, str]) -> Column | UnknownColumn:
    if header in corrected:
        return Column(index, header, corrected[header])
    if meaning := vocabularies()[kind].meaning_of(header):
        return Column(index, header, *meaning)
    if kind == "enterprises" and not _HEADLINE.search(header) and (category := category_of(header)):
        return Column(index, header, f"category:{category}")
    return UnknownColumn(index, header)


def joined_header(upper: RawRow, lower: RawRow) -> RawRow:
    """Two header rows as one, where the upper row holds words that stand over groups of columns."""
    width = max(len(upper.cells), len(lower.cells))
    cells, group = [], ""
    words = Counter(plain_header(cell) for cell in lower.cells if cell.strip())
    for index in range(width):
        above, below = _cell(upper, index), _cell(lower, index)
        # The group's word stands in its first column only; a column that is empty in both rows ends the group.
        group = above or (group if below else "")
        cells.append(_joined_word(group, below, words[plain_header(below)] > 1) if below else above)
    return RawRow(upper.line, tuple(cells))


def _cell(row: RawRow, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _joined_word(group: str, below: str, repeated: bool) -> str:
    """The lower word, with the group's word before it where that says more.

    So where the lower word alone means little (有效期 + 起), where it stands under several groups, or where both are a
    known word together (受让方 + 统一社会信用代码).
    """
    if not group or group == below:
        return below
    is_word = is_header_word(group + below)
    return group + below if is_word or repeated or len(plain_header(below)) <= _SHORT_WORD else below


def has_required(header: Header) -> bool:
    """Whether the columns suffice for a table of the header's kind."""
    return all(group & header.fields for group in vocabularies()[header.kind].required)


def kind_weight(header: Header) -> int:
    """How much a header speaks for its kind: 4 for each subject word, 2 for each tell-tale field, 1 for each field.

    Where required fields are missing, 3 for each field that proves the kind.
    """
    vocabulary = vocabularies()[header.kind]
    subjects = sum(plain_header(column.header) in vocabulary.subject for column in header.columns)
    proven = 0 if has_required(header) else len(header.fields & vocabulary.proof)
    return 4 * subjects + 2 * len(header.fields & vocabulary.tell_tale) + len(header.fields) + 3 * proven


def speaks_for_kind(header: Header) -> bool:
    """Whether a header speaks for its kind: it has what the kind requires, or fields that prove it."""
    proven = header.fields & vocabularies()[header.kind].proof
    return has_required(header) or (bool(proven) and header.score > 1)


def with_proposals(header: Header) -> Header:
    """The header with likely fields for each unknown column; only a person may accept one."""
    vocabulary = vocabularies()[header.kind]
    unknown = tuple(
        UnknownColumn(column.index, column.header, vocabulary.proposals_for(column.header)) for column in header.unknown
    )
    return replace(header, unknown=unknown)


def columns_by_field(columns: Iterable[Column]) -> dict[str, list[Column]]:
    """Columns of each field, best header word first, then from left to right; ignored columns are left out."""
    grouped: dict[str, list[Column]] = {}
    for column in sorted(columns, key=lambda column: (column.rank, column.index)):
        if column.field:
            grouped.setdefault(column.field, []).append(column)
    return grouped
