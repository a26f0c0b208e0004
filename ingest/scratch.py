"""A temporary folder for the files that reading leaves behind, removed as soon as nobody can read from it any more."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.tables import RawRow

Rows = Callable[[], Iterator[RawRow]]


class ScratchFolder:
    """A temporary folder at ``path`` that exists as long as this object; ``keep_for`` ties it to the rows in it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="matchhub-read-"))
        weakref.finalize(self, shutil.rmtree, str(self.path), ignore_errors=True)

    def keep_for(self, rows: Rows) -> Rows:
        """The same rows; whoever holds the result or an iterator over it keeps the folder."""
        return _RowsInFolder(self, rows)


class _RowsInFolder:
    """Rows and the folder that they are read from.

    Pickled for another process, only the rows travel: the sending process keeps the folder meanwhile, and the receiving
    one must not remove it.
    """

    def __init__(self, folder: ScratchFolder, rows: Rows) -> None:
        self._folder, self._rows = folder, rows

    def __call__(self) -> Iterator[RawRow]:
        folder = self._folder  # held by the running generator, even when this object is gone
        yield from self._rows()
        del folder

    def __reduce__(self) -> tuple[Any, ...]:
        return _rows_alone, (self._rows,)


def _rows_alone(rows: Rows) -> Rows:
    return rows
