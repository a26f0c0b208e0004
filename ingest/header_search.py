"""Finds the header of a table: which of its first rows it is, and which kind of table it speaks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from ingest.columns import (
    Header,
    has_required,
    joined_header,
    kind_weight,
    read_header,
    speaks_for_kind,
    with_proposals,
)
from ingest.tables import RawRow, Table
from ingest.vocabulary import all_header_words, holds_any, plain_header
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import KINDS, Kind
from matchhub.errors import FileRefused

_SEARCHED_ROWS = 40  # above a header stand only a few titles and notes
_MAX_WORD_LENGTH = 60  # characters; a longer cell is data
_OTHER_KIND_MARGIN = 4  # how much more another kind must weigh before the kind asked for is refused
_MAX_DEPTH = 3  # rows of a header: groups, their parts, and what these hold
_MIN_FIELDS = 2  # a row with one known word may be anything
_RESEMBLES = "file_looks_like_"  # codes of refusals that name another kind
_NUMBER = re.compile(r"[\d.,:/\-\s]+X?")


def first_rows(table: Table) -> list[RawRow]:
    """The rows among which the header is searched; a format that names its fields has those names as row 0."""
    if table.header is not None:
        return [RawRow(0, table.header)]
    return list(islice(table.rows(), _SEARCHED_ROWS))


def could_be_header(row: RawRow) -> bool:
    """Whether a row has the form of a header, known words or not: several words and no data."""
    return _filled(row) > 1 and not _is_data(row)


def _filled(row: RawRow) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _is_data(row: RawRow) -> bool:
    """A header holds words; a row with a long text, or with numbers in more than a third of its cells, is data."""
    filled = [cell for cell in row.cells if cell.strip()]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
    return any(len(cell) > _MAX_WORD_LENGTH for cell in filled) or numbers * 3 > len(filled)


def _candidates(
    rows: Sequence[RawRow], line: int | None = None, corrected: Mapping[str, str] | None = None
) -> list[tuple[RawRow, int]]:
    """Rows that may be the header of any kind, from the top: (row, depth).

    Depth 1 is a row alone, more a row joined with those below. A row of data, or one without any known word, is none,
    unless a person named it by its 1-based ``line``; then only that row is returned. Headers in ``corrected`` count as
    known.
    """
    if line is not None:
        return [found for at, row in enumerate(rows) if row.line == line for found in _alone_and_joined(rows[at:])]
    candidates = (found for at, row in enumerate(rows) if not _is_data(row) for found in _alone_and_joined(rows[at:]))
    known = all_header_words() | {plain_header(header) for header in corrected or ()}
    return [(row, depth) for row, depth in candidates if holds_any(row.cells, known)]


def _alone_and_joined(rows: Sequence[RawRow]) -> list[tuple[RawRow, int]]:
    """The first row as a header, and joined with the one or two rows below where these can be its lower part.

    A title has one cell and is no upper part, and a lower part holds words as the upper does.
    """
    joined = rows[0]
    found = [(joined, 1)]
    for below in rows[1:_MAX_DEPTH] if _filled(joined) > 1 else ():
        if below.line != joined.line + len(found) or _is_data(below):
            break
        joined = joined_header(joined, below)
        found.append((joined, len(found) + 1))
    return found


def find_header(
    rows: Sequence[RawRow], kind: Kind, line: int | None = None, corrected: Mapping[str, str] | None = None
) -> Header | None:
    """The best header of ``kind`` among the first rows, or of the row ``line``; None when no word is known."""
    return _best_header(_candidates(rows, line, corrected), kind, corrected)


def _best_header(
    candidates: Sequence[tuple[RawRow, int]], kind: Kind, corrected: Mapping[str, str] | None = None
) -> Header | None:
    """The candidate with the most fields of ``kind``, else the shallower, upper one; None for none."""
    read = (read_header(row, kind, corrected, depth) for row, depth in candidates)
    best = max(read, key=lambda header: (header.score, -header.depth), default=None)
    return best if best and best.score else None


def _likely_kind(rows: Sequence[RawRow], corrected: Mapping[str, str] | None = None) -> Header | None:
    """The header of the kind that the rows speak for most; None when they speak for none."""
    candidates = _candidates(rows, None, corrected)
    read = (_best_header(candidates, kind, corrected) for kind in KINDS)
    found = [header for header in read if header and speaks_for_kind(header)]
    return max(found, key=kind_weight, default=None)


def recognised_fields(rows: Sequence[RawRow]) -> int:
    """How many fields the best header among the rows has; the right delimiter of a text file gives the most."""
    best = _likely_kind(rows)
    if best and has_required(best):
        return best.score + 1  # of two with as many fields, the one with all that its kind requires wins
    candidates = _candidates(rows)
    return max((header.score for kind in KINDS if (header := _best_header(candidates, kind))), default=0)


def header_of(table: Table, kind: Kind | None, correction: TableCorrection, shown: str) -> Header:
    """The header of one table, with proposals for its unknown columns.

    ``kind`` None takes the kind that the rows speak for. Raises ``FileRefused`` for the file called ``shown``:
    ``file_no_header``, ``file_looks_like_<kind>`` when the rows speak for another kind, ``file_columns_missing``.
    """
    rows, line, corrected = first_rows(table), correction.header_line, correction.mapping
    likely = _likely_kind(rows, corrected)
    if kind is None:
        if likely is None:
            raise FileRefused("file_no_header", file=shown, sheet=table.sheet)
        kind = likely.kind
    header = find_header(rows, kind, line, corrected)
    if likely and line is None and not corrected:  # what a person says of the header is not doubted
        _refuse_other_kind(likely, header, kind, shown)
    suffices = header is not None and has_required(header)
    if header is None or (header.score < _MIN_FIELDS and not suffices):
        raise FileRefused("file_no_header", file=shown, sheet=table.sheet)
    if not suffices:
        raise FileRefused("file_columns_missing", file=shown, kind=kind, found="、".join(header.texts)[:200])
    return with_proposals(header)


def _refuse_other_kind(likely: Header, header: Header | None, kind: Kind, shown: str) -> None:
    """Refuse a table that speaks for another kind, clearly or without having the columns of the kind asked for."""
    if likely.kind == kind:
        return
    margin = kind_weight(likely) - (kind_weight(header) if header else 0)
    if header is None or not has_required(header) or margin >= _OTHER_KIND_MARGIN:
        raise FileRefused(f"file_looks_like_{likely.kind}", file=shown, kind=kind, looks_like=likely.kind)


def resembled_kind(refusal: FileRefused | None) -> str:
    """The other kind that a file was refused for, or ""."""
    return refusal.code.removeprefix(_RESEMBLES) if refusal and refusal.code.startswith(_RESEMBLES) else ""


def headers_of(
    tables: Sequence[Table], kind: Kind | None, given: Sequence[TableCorrection | None], for_file: TableCorrection
) -> list[tuple[Table, Header]]:
    """The tables that have a header of the file's kind, each with it.

    ``given`` holds the correction of each table, None where ``for_file`` applies. Tables without header (covers, notes)
    are left out when another one has a header. A corrected table is never left out: its refusal is raised. Without any
    header the most telling refusal is raised, one that names another kind.
    """
    found: list[tuple[Table, Header]] = []
    refusals: list[FileRefused] = []
    for table, correction in zip(tables, given, strict=True):
        try:
            found.append((table, header_of(table, kind, correction or for_file, for_file.file)))
        except FileRefused as refusal:
            if correction is not None:
                raise
            refusals.append(refusal)
    if not found:
        raise min(refusals, key=lambda refusal: not resembled_kind(refusal))
    main = kind or max((header for _, header in found), key=kind_weight).kind
    return [(table, header) for table, header in found if header.kind == main]
