"""A folder for what reading a file leaves behind, gone as soon as nobody can read from it any more."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ingest.tables import RawRow

Rows = Callable[[], Iterator[RawRow]]


class Scratch:
    """A temporary folder that lives as long as this object, which the readers of its files hold."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="matchhub-read-"))
        weakref.finalize(self, shutil.rmtree, str(self.folder), ignore_errors=True)

    def keeping(self, rows: Rows) -> Rows:
        """The same rows, whose reader and whose iterator hold the folder."""
        return _Kept(self, rows)


class _Kept:
    """Rows and the folder they are read from. Another process gets the rows alone: who sent them holds the folder."""

    def __init__(self, scratch: Scratch, rows: Rows) -> None:
        self._scratch, self._rows = scratch, rows

    def __call__(self) -> Iterator[RawRow]:
        holder = self._scratch
        yield from self._rows()
        del holder

    def __reduce__(self) -> tuple[Any, ...]:
        return _alone, (self._rows,)


def _alone(rows: Rows) -> Rows:
    return rows
