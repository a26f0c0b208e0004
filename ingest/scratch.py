"""A folder for what reading a file leaves behind, gone as soon as nobody can read from it any more."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.tables import RawRow


class Scratch:
    """A temporary folder that lives as long as this object, which the readers of its files hold."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="matchhub-read-"))
        weakref.finalize(self, shutil.rmtree, str(self.folder), ignore_errors=True)

    def keeping(self, rows: Callable[[], Iterator[RawRow]]) -> Callable[[], Iterator[RawRow]]:
        """The same rows, whose reader and whose iterator hold the folder."""

        def kept() -> Iterator[RawRow]:
            holder = self
            yield from rows()
            del holder

        return kept
