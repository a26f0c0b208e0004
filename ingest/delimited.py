"""Text tables: csv and its kin, in any delimiter and in the encodings that occur here.

The encoding is decided on the whole file (mark, then UTF-8, then GB18030): statistical guessing got 3 of 7 GBK samples
wrong. The file is read twice, once to be judged and once for its rows, and never held in memory.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from ingest.tables import RawRow, Table
from matchhub.errors import FileRefused

DELIMITERS = (",", "\t", ";", "|", "\x01", "^", "~", "，", "；")
REPLACEMENT = "\ufffd"
_BLOCK = 1 << 20
_SAMPLE_ROWS = 40
_LONGEST_FIELD = 4_000_000  # characters; the longest abstracts have some thousands
_LONGEST_RECORD = 2_000  # lines; a lost quotation mark swallows the rest of the file
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

csv.field_size_limit(_LONGEST_FIELD)


def _damage(path: Path, encoding: str) -> tuple[int, int]:
    """How many characters cannot be decoded, and how many there are."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    bad = total = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            text = decoder.decode(block)
            bad += text.count(REPLACEMENT)
            total += len(text)
    bad += decoder.decode(b"", final=True).count(REPLACEMENT)
    return bad, total


def encoding_of(path: Path, name: str) -> tuple[str, bool]:
    """Encoding of a text file, and whether some bytes are damaged (at most one character in 200).

    Raises ``FileRefused`` ``file_encoding_unknown`` when no encoding fits.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return marked, _damage(path, marked)[0] > 0
    candidates = ["utf-16-le", "utf-16-be"] if b"\x00" in head else ["utf-8", "gb18030"]
    if candidates[0] == "utf-16-le" and head[0::2].count(b"\x00") > head[1::2].count(b"\x00"):
        candidates.reverse()
    counts = []
    for encoding in candidates:
        bad, total = _damage(path, encoding)
        if not bad:
            return encoding, False
        counts.append((bad, encoding, total))
    bad, encoding, total = min(counts)
    if bad * 200 > total:
        raise FileRefused("file_encoding_unknown", file=name)
    return encoding, True


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


def _records(path: Path, name: str, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Every record with any text, by the line on which it begins; ``FileRefused`` for a quote that never closes."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for cells in reader:
                first = lines.number - len(lines.record) + 1
                if len(lines.record) > 1 and _open_quote(lines.record, delimiter):
                    raise FileRefused("csv_quote_open", file=name, line=first)
                lines.record.clear()
                if any(cell and not cell.isspace() for cell in cells):
                    yield RawRow(first, tuple(cells))
        except csv.Error as fault:
            raise FileRefused("csv_quote_open", file=name, line=lines.number - len(lines.record) + 1) from fault


def _open_quote(record: list[str], delimiter: str) -> bool:
    """Whether a record of several lines ended only because the file did."""
    if len(record) > _LONGEST_RECORD:
        return True
    if record[-1].rstrip().endswith('"') or '"' in record[-1]:
        return False
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def open_text(path: Path, name: str, recognised: Callable[[list[RawRow]], int]) -> Table:
    """A text file as table. ``recognised`` scores the first rows under each delimiter; the best delimiter wins.

    Raises ``FileRefused`` with ``file_encoding_unknown`` or ``csv_quote_open``.
    """
    encoding, _ = encoding_of(path, name)
    best, delimiter = -1, ","
    for candidate in DELIMITERS:
        sample = _sample(path, name, encoding, candidate)
        columns = max((len(row.cells) for row in sample), default=0)
        points = 1000 * recognised(sample) + (min(columns, 99) if columns > 1 else 0)
        if points > best:
            best, delimiter = points, candidate
    count = sum(1 for _ in _records(path, name, encoding, delimiter))
    return Table(
        file=name,
        rows=lambda: _records(path, name, encoding, delimiter),
        format="csv" if delimiter == "," else "text",
        encoding=encoding,
        row_count=count,
        separator=delimiter,
    )


def _sample(path: Path, name: str, encoding: str, delimiter: str) -> list[RawRow]:
    try:
        return list(islice(_records(path, name, encoding, delimiter), _SAMPLE_ROWS))
    except FileRefused:
        return []
