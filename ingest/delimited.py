"""Text tables: csv and its kin, in any delimiter and in the encodings that occur here.

The file is read several times, to be judged and then for its rows, and never held in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from ingest.encodings import encoding_of
from ingest.tables import RawRow, Table, storable
from matchhub.errors import FileRefused

DELIMITERS = (",", "\t", ";", "|", "\x01", "^", "~", "，", "；")
_SAMPLE_ROWS = 40
_LONGEST_FIELD = 4_000_000  # characters; the longest abstracts have some thousands
_LONGEST_RECORD = 2_000  # lines; a lost quotation mark swallows the rest of the file
csv.field_size_limit(_LONGEST_FIELD)


class _Lines:
    """The lines of a stream, counted, with those of the record that is being read."""

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
    """As ``_records``, with a look at each record of several lines: ``FileRefused`` for a quote that never closes."""
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
    """Every record with any text, by the line on which it begins; the file was checked before."""
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
    """Whether a record of several lines is held together by a stray quotation mark: strict reading does not pass."""
    if len(record) > _LONGEST_RECORD:
        return True
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def open_text(path: Path, name: str, recognised: Callable[[list[RawRow]], int]) -> Table:
    """A text file as table. ``recognised`` scores the first rows under each delimiter; the best delimiter wins.

    Raises ``FileRefused`` with ``file_encoding_unknown`` or ``csv_quote_open``.
    """
    encoding = encoding_of(path, name)
    best, delimiter = -1, ","
    for candidate in _occurring(path, encoding):
        sample = _sample(path, name, encoding, candidate)
        columns = max((len(row.cells) for row in sample), default=0)
        points = 1000 * recognised(sample) + (min(columns, 99) if columns > 1 else 0)
        if points > best:
            best, delimiter = points, candidate
    count = sum(1 for _ in _checked_records(path, name, encoding, delimiter))
    return Table(
        file=name,
        rows=partial(_records, path, encoding, delimiter),
        format="csv" if delimiter == "," else "text",
        encoding=encoding,
        row_count=count,
        separator=delimiter,
    )


def _occurring(path: Path, encoding: str) -> list[str]:
    """Delimiters that stand in the beginning of the file; the comma in any case."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        head = stream.read(65_536)
    return [delimiter for delimiter in DELIMITERS if delimiter == "," or delimiter in head]


def _sample(path: Path, name: str, encoding: str, delimiter: str) -> list[RawRow]:
    try:
        return list(islice(_checked_records(path, name, encoding, delimiter), _SAMPLE_ROWS))
    except FileRefused:
        return []
