"""Text tables: csv with any delimiter, in the encodings that occur here.

The file is read several times, first to find its delimiter and to check it, then for its rows. It is never held in
memory as a whole.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from ingest.encodings import BIG5, encoding_of, is_big5
from ingest.guard import MAX_COLUMNS
from ingest.tables import RawRow, Table, storable
from matchhub.errors import FileRefused

_DELIMITERS = (",", "\t", ";", "|", "\x01", "^", "~", "，", "；")
_MARKS = tuple(each.encode() for each in _DELIMITERS)
_SAMPLE_ROWS = 40
_MAX_FIELD_LENGTH = 4_000_000  # characters; the longest abstracts have some thousands
_MAX_RECORD_LINES = 2_000  # a quotation mark that never closes swallows the rest of the file
_MAX_COLUMN_POINTS = 99  # so that columns never outweigh a recognised field
csv.field_size_limit(_MAX_FIELD_LENGTH)


class _Lines:
    """The lines of a stream; ``number`` counts them, and ``record`` holds those read since it was cleared."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.number += 1
        self.record.append(line)
        return line


def _checked_records(path: Path, name: str, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """The rows of ``_records``, with a check of each record that takes several lines.

    Raises ``FileRefused`` ``csv_quote_open`` with the record's first line where a quotation mark never closes.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream)
        try:
            for cells in csv.reader(lines, delimiter=delimiter):
                first = lines.number - len(lines.record) + 1
                if len(lines.record) > 1 and _damaged_quotes(lines.record, delimiter):
                    raise FileRefused("csv_quote_open", file=name, line=first)
                lines.record.clear()
                if (text := "".join(cells)).strip():
                    yield RawRow(first, _storable(cells, text))
        except csv.Error as fault:
            raise FileRefused("csv_quote_open", file=name, line=lines.number - len(lines.record) + 1) from fault


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Every record with any text, with the line on which it begins; of a file that ``_checked_records`` passed."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        first = 1
        for cells in reader:
            if (text := "".join(cells)).strip():
                yield RawRow(first, _storable(cells, text))
            first = reader.line_num + 1


def _storable(cells: list[str], text: str) -> tuple[str, ...]:
    return tuple(map(storable, cells)) if "\0" in text else tuple(cells)


def _damaged_quotes(record: list[str], delimiter: str) -> bool:
    """Whether only a stray quotation mark joins the lines of a record: then strict reading of csv fails."""
    if len(record) > _MAX_RECORD_LINES:
        return True
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _refuse_too_wide(path: Path, name: str) -> None:
    """Refuse a line of more columns than any sheet has before somebody looks for headers among them."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if len(line) > MAX_COLUMNS and (width := max(map(line.count, _MARKS)) + 1) > MAX_COLUMNS:
                raise FileRefused("sheet_too_wide", file=name, columns=width, lines=number)


def open_text(path: Path, name: str, score: Callable[[list[RawRow]], int]) -> Table:
    """A text file as a table, with the delimiter under which the first rows make most sense.

    ``score`` counts the header fields recognised in the first rows. Raises ``FileRefused`` ``sheet_too_wide``,
    ``file_encoding_unknown`` or ``csv_quote_open``.
    """
    _refuse_too_wide(path, name)
    encoding = _encoding(path, name, score)

    def points(delimiter: str) -> int:
        """Recognised fields decide, then the number of columns."""
        sample = _sample(path, name, encoding, delimiter)
        columns = max((len(row.cells) for row in sample), default=0)
        return 1000 * score(sample) + (min(columns, _MAX_COLUMN_POINTS) if columns > 1 else 0)

    delimiter = max(_occurring_delimiters(path, encoding), key=points)
    count = sum(1 for _ in _checked_records(path, name, encoding, delimiter))
    return Table(
        file=name,
        rows=partial(_records, path, encoding, delimiter),
        format="csv" if delimiter == "," else "text",
        encoding=encoding,
        row_count=count,
        separator=delimiter,
    )


def _encoding(path: Path, name: str, score: Callable[[list[RawRow]], int]) -> str:
    """The encoding of a file; Big5 where only under it a header is recognised."""
    refusal: FileRefused | None = None
    try:
        found = encoding_of(path, name)
    except FileRefused as fault:
        found, refusal = "gb18030", fault
    if found == "gb18030":

        def recognised(encoding: str) -> int:
            delimiters = _occurring_delimiters(path, encoding)
            return max(score(_sample(path, name, encoding, each)) for each in delimiters)

        if (refusal or not recognised(found)) and is_big5(path) and recognised(BIG5):
            return BIG5
    if refusal:
        raise refusal
    return found


def _occurring_delimiters(path: Path, encoding: str) -> list[str]:
    """Delimiters that occur at the beginning of the file, in the order of preference; the comma in any case."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        head = stream.read(65_536)
    return [delimiter for delimiter in _DELIMITERS if delimiter == "," or delimiter in head]


def _sample(path: Path, name: str, encoding: str, delimiter: str) -> list[RawRow]:
    """The first rows under a delimiter; none where it leaves a quotation mark open."""
    try:
        return list(islice(_checked_records(path, name, encoding, delimiter), _SAMPLE_ROWS))
    except FileRefused:
        return []
