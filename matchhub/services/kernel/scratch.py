"""Folders for files that are needed for a while: inside the home, and swept by whoever comes next after a kill.

What people hand in is unpacked there, so it stays where only the home's user may read. Each folder has a lock that its
process holds; the system frees the lock of one that was killed (``kernel.locks``).
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from matchhub.services.kernel.locks import held

_FOLDER, _LOCK = "scratch", ".lock"


@contextmanager
def scratch_folder(home: Path) -> Iterator[Path]:
    """An empty folder below ``home``, gone when the block ends or, after a kill, when the next one is made.

    Raises ``OSError`` where the home cannot be written.
    """
    below = home / _FOLDER
    below.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = below / f"{os.getpid()}-{secrets.token_hex(4)}"
    with ExitStack() as mine:
        with held(below / "turn"):  # nobody sweeps between the making of a folder and its lock
            _sweep(below)
            mine.enter_context(held(own.with_suffix(_LOCK)))
            own.mkdir(mode=0o700)
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)
    with suppress(OSError):
        own.with_suffix(_LOCK).unlink()


@contextmanager
def scratch_of_process(home: Path) -> Iterator[None]:
    """Until the block ends, temporary files of this process and of those that it starts lie below ``home``.

    Where there is no room for a folder they lie where the system puts them: reading must go on.
    """
    with ExitStack() as stack:
        try:
            folder = str(stack.enter_context(scratch_folder(home)))
        except OSError:
            yield
            return
        before, said = tempfile.tempdir, os.environ.get("TMPDIR")
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        try:
            yield
        finally:
            tempfile.tempdir = before
            del os.environ["TMPDIR"]
            if said is not None:
                os.environ["TMPDIR"] = said


def _sweep(below: Path) -> None:
    """Remove the folders whose process is gone."""
    for folder in [each for each in below.iterdir() if each.is_dir()]:
        with held(folder.with_suffix(_LOCK), wait=False) as free:
            if free:
                shutil.rmtree(folder, ignore_errors=True)
    for lock in below.glob(f"*{_LOCK}"):
        if not lock.with_suffix("").exists():
            with suppress(OSError):
                lock.unlink()
