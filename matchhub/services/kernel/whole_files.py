"""Files that are known to hold the bytes of their digest, so that a page need not read all of them each time.

What was read stays known while the file's stamp (number, size, moments of writing and of change) is the same. A stamp
younger than ``_SETTLED`` is not kept: a second write within the clock's grain would bear the same one. Damage that
leaves no stamp, a disk that forgets, is found by the night's reading of every file, which asks nothing here.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

_SETTLED = 2 * 10**9  # nanoseconds
_MOST = 200_000
Stamp = tuple[int, ...]
_known: dict[tuple[str, str], Stamp] = {}


def is_whole(file: Path, digest: str) -> bool:
    """Whether a file is there and holds the bytes of this SHA-256 (hex)."""
    key = str(file), digest
    try:
        stamp = _stamp(file)
        if _known.get(key) == stamp:
            return True
        whole = hashlib.sha256(file.read_bytes()).hexdigest() == digest
        settled = time.time_ns() - max(stamp[2:]) > _SETTLED and _stamp(file) == stamp
    except OSError:
        return False
    if whole and settled:
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = stamp
    return whole


def _stamp(file: Path) -> Stamp:
    told = os.stat(file)
    return told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns
