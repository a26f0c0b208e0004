"""Files that the database speaks of: on the disk, not only with the system, before the transaction naming them ends.

A power cut otherwise leaves a base that knows a piece of evidence whose bytes were never written.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

_PART = ".part"


def write_durably(place: Path, content: bytes) -> None:
    """Write a file whole or not at all: what is there after a power cut is the old file or the new one.

    What a full disk left of it is removed before the ``OSError`` goes on.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}{_PART}")  # two may write the same at once
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def synced(file: Path) -> Path:
    """The file itself, once its bytes are on the disk."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
    return file


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; Windows keeps them by itself and opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_no_leftover(file: Path) -> bool:
    """Whether it is a file that was written to its end."""
    return file.is_file() and file.suffix != _PART
