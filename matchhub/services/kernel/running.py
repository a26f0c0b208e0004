"""Which processes hold an installation open, so that nobody changes its base under them.

Each holds the lock of a file of its own in ``home/running`` for as long as it lives; the system frees the lock of one
that was killed (``kernel.locks``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from matchhub.errors import Conflict
from matchhub.services.kernel.locks import held

_FOLDER = "running"


@contextmanager
def runs_here(home: Path, what: str) -> Iterator[None]:
    """Be known as running (``web``, ``worker``) until the block ends."""
    folder = home / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{what}-{os.getpid()}.lock"
    with held(file):
        yield
    with suppress(OSError):
        file.unlink()


def running(home: Path) -> list[str]:
    """What runs on this home by the locks that are held, e.g. ``["web", "worker"]``; files of the dead are removed."""
    found = set()
    for file in sorted((home / _FOLDER).glob("*.lock")):
        with ExitStack() as free:
            try:
                mine = free.enter_context(held(file, wait=False))
            except OSError:
                mine = False
            if not mine:
                found.add(file.name.split("-")[0])
                continue
        with suppress(OSError):
            file.unlink()
    return sorted(found)


def require_stopped(home: Path) -> None:
    """Raise ``Conflict("still_running")`` (data ``what``) while a web server or a worker holds this home open."""
    if found := running(home):
        raise Conflict("still_running", what=", ".join(found))
