"""What every reader hands on, whatever the format: tables of rows of cells, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.encodings import REPLACEMENT


class NumberCell(str):
    """The text of a numeric spreadsheet cell: such a cell loses a trailing ``.0`` and may be a day number."""

    __slots__ = ()


def storable(cell: str) -> str:
    """The cell with ``REPLACEMENT`` for the zero character and for halves of characters, which no database takes."""
    text = str(cell).replace("\0", REPLACEMENT)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # whole pairs become one character


class RawRow(NamedTuple):
    """1-based ``line`` of the file or sheet where the row begins, and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one whole text file. ``rows`` may be called again; each call reads from the start.

    ``header`` is set by formats whose fields carry names themselves (JSON, XML): then all rows are data.
    ``row_count`` counts rows with any text in them, when the reader knows it.
    """

    file: str
    rows: Callable[[], Iterator[RawRow]]
    format: str
    sheet: str = ""
    encoding: str = ""
    row_count: int | None = None
    header: tuple[str, ...] | None = field(default=None)
    separator: str = ""
    hidden: bool = False  # a sheet that its author hid is read only when asked for by name
