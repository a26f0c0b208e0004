"""A trial beside the base: on SQLite one unit that writes keeps all others waiting, even when it is rolled back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from matchhub.db.engine import make_engine
from matchhub.services.kernel.faults import StorageFull
from matchhub.services.kernel.runtime import Runtime


@contextmanager
def apart(runtime: Runtime, folder: Path) -> Iterator[Runtime]:
    """A runtime whose units nobody else waits for: over a copy of an SQLite base in ``folder``, gone afterwards.

    What a killed process left in ``folder`` is removed first. On PostgreSQL it is ``runtime`` itself, since writers
    there do not wait for each other. Raises ``StorageFull`` where the copy does not fit on the disk.
    """
    url = make_url(runtime.settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield runtime
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        place = folder / "matchhub.db"
        _copy(Path(url.database), place)
        engine = make_engine(f"sqlite:///{place}")
        try:
            yield Runtime(replace(runtime.settings, home=folder), engine, runtime.clock)
        finally:
            engine.dispose()
    finally:
        shutil.rmtree(folder)


def _copy(source: Path, place: Path) -> None:
    """A consistent copy, also while somebody writes; it holds up no writer."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(place)
    try:
        reading.backup(writing)
    except sqlite3.OperationalError as fault:
        raise StorageFull from fault
    finally:
        writing.close()
        reading.close()
