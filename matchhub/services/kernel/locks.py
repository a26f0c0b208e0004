"""Locks between processes, as files in the home, on every system the platform runs on.

The system frees a lock when its holder dies (``flock`` on Unix, ``LockFileEx`` on Windows). Where a system has neither,
filelock keeps a file with the holder's process number instead, and takes it over when that process is gone
(``docs/decisions/0023-locks.md``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout, has_fcntl, lock_descriptor, unlock_descriptor

_AGAIN_SECONDS = 0.001  # one who waits asks again instead of being woken; filelock's own 0.05 is long for a write
HAS_SYSTEM_LOCKS = has_fcntl or sys.platform == "win32"


@contextmanager
def held(file: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of this file for the block; without ``wait`` it gives false at once when another one holds it."""
    if not HAS_SYSTEM_LOCKS:
        with _held_by_a_file(file, wait) as mine:
            yield mine
        return
    with file.open("a") as handle:
        mine = lock_descriptor(handle.fileno(), blocking=wait, poll_interval=_AGAIN_SECONDS)
        try:
            yield mine
        finally:
            if mine:
                unlock_descriptor(handle.fileno())  # closing alone frees it on Windows only some time later


@contextmanager
def held_in_turn(file: Path) -> Iterator[None]:
    """Hold the lock of this file for the block; whoever frees it cannot take it again before one who waits.

    Those who wait sleep between two questions, so whoever frees a lock would be the first to take it again, and they
    would starve. Therefore one of them stands at a second file next to the lock, and the one who freed it goes behind.
    """
    with ExitStack() as turn:
        turn.enter_context(held(file.with_suffix(".next")))
        with held(file):
            turn.close()
            yield


@contextmanager
def _held_by_a_file(file: Path, wait: bool) -> Iterator[bool]:
    lock = FileLock(file, poll_interval=_AGAIN_SECONDS)
    try:
        lock.acquire(blocking=wait)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
