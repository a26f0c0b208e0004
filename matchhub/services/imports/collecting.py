"""Python's search for cyclic garbage, made rare while a file is recorded.

A chunk makes some sixty thousand objects that live until it is written and then die without any cycle; to look through
them, and through everything else again and again, took a third of the time of an import.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BETWEEN = 200_000  # new objects between two searches
_lock = threading.Lock()
_imports = 0  # running in this process
_usual = (0, 0, 0)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search rarely until the block ends; of blocks that overlap in several threads, until the last one ends."""
    global _imports, _usual
    with _lock:
        if not _imports:
            _usual = gc.get_threshold()
            gc.set_threshold(max(_usual[0], _BETWEEN) if _usual[0] else 0, *_usual[1:])  # 0: switched off by somebody
        _imports += 1
    try:
        yield
    finally:
        with _lock:
            _imports -= 1
            if not _imports:
                gc.set_threshold(*_usual)
