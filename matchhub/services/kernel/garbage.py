"""Python's search for cyclic garbage, paused or made rare while much is made that is all kept.

The search walks every object that is alive. While a count, a plan or a chunk of an import makes many objects without
any cycle, it finds nothing and costs a quarter to a third of the time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BETWEEN = 200_000  # new objects between two searches
_lock = threading.Lock()
_rare_blocks = 0  # running in this process
_usual = (0, 0, 0)


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """No search inside the block; afterwards as before."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


@contextmanager
def garbage_collection_rare() -> Iterator[None]:
    """Search rarely until the block ends; of blocks that overlap in several threads, until the last one ends."""
    global _rare_blocks, _usual
    with _lock:
        if not _rare_blocks:
            _usual = gc.get_threshold()
            gc.set_threshold(max(_usual[0], _BETWEEN) if _usual[0] else 0, *_usual[1:])  # 0: switched off by somebody
        _rare_blocks += 1
    try:
        yield
    finally:
        with _lock:
            _rare_blocks -= 1
            if not _rare_blocks:
                gc.set_threshold(*_usual)
