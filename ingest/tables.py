"""What the reader of every format returns: tables of rows of cells, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.encodings import REPLACEMENT

_TITLE_ROWS = 4  # the first line above a table names the document, the last ones the table
# Formats whose rows were laid out for readers: each is shown and confirmed before it is written.
DOCUMENT_FORMATS = ("docx", "pdf")


class NumberCell(str):
    """The text of a numeric spreadsheet cell: it has lost a trailing ``.0`` and may be a day number."""

    __slots__ = ()


def storable(cell: str) -> str:
    """The cell with ``REPLACEMENT`` for zero characters and halves of surrogate pairs, which no database takes."""
    text = str(cell).replace("\0", REPLACEMENT)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins whole pairs


class RawRow(NamedTuple):
    """A row as written: the 1-based ``line`` of the file or sheet on which it begins, and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one whole text file. Each call of ``rows`` reads from the start.

    ``file`` is the name that people know, ``archive/member`` inside a zip file. ``header`` is set by formats that name
    their fields (JSON, XML): then all rows are data. ``row_count`` counts rows with any text, when the reader knows it.
    """

    file: str
    rows: Callable[[], Iterator[RawRow]]
    format: str
    sheet: str = ""
    encoding: str = ""
    row_count: int | None = None
    header: tuple[str, ...] | None = None
    separator: str = ""  # delimiter of a text file
    date_1904: bool = False  # day numbers of its numeric cells count from 1904
    hidden: bool = False  # a hidden sheet is read only when a person asks for it
    hidden_rows: int = 0  # rows that its program does not show (hidden, or left out by a filter); they are read


def title_rows(above: Sequence[str]) -> list[RawRow]:
    """Lines of text above a table of a document as rows of one cell: the first and the last ones."""
    kept = above if len(above) <= _TITLE_ROWS else [above[0], *above[1 - _TITLE_ROWS :]]
    return [RawRow(line, (text,)) for line, text in enumerate(kept, start=1)]
