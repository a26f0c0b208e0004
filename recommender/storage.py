"""How an index is stored: one file per array, mapped into memory, and a manifest that names each with its size.

Reading checks the manifest, the version and the size of every file, so that a file that was cut off is noticed within
a millisecond without reading it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.records import IndexFault

FORMAT = 3  # 3: scripts, units and invisible characters are made plain
MANIFEST = "manifest.json"
Parts = dict[str, dict[str, int]]
"""Bytes of the file of each array by its name."""


@dataclass(frozen=True)
class StringTable:
    """Many strings as one block of UTF-8 and the end of each (n,): it maps from disk without any decoding."""

    block: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]

    @classmethod
    def of(cls, strings: Sequence[str]) -> StringTable:
        """The table of these strings; lone surrogates are kept as they are."""
        encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
        ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)), dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> str:
        start = int(self.ends[place - 1]) if place else 0
        return bytes(self.block[start : int(self.ends[place])]).decode("utf-8", "surrogatepass")

    def many(self, places: npt.NDArray[np.int64]) -> list[str]:
        """The strings at ``places`` (m,), far cheaper than one by one."""
        ends = self.ends[places]
        starts = np.where(places > 0, self.ends[places - 1], 0)
        block = self.block.data
        return [
            str(block[start:end], "utf-8", "surrogatepass")
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]


def write_arrays(folder: Path, arrays: Mapping[str, npt.NDArray[Any]], facts: Mapping[str, object]) -> None:
    """Write all arrays and the manifest beside ``folder``, then swap the folders.

    A reader sees either the old files or the new ones. ``facts`` go into the manifest and must be plain JSON values.
    """
    fresh = fresh_folder(folder)
    swap_in(fresh, folder, facts, write_parts(fresh, arrays))


def fresh_folder(folder: Path) -> Path:
    """A new empty folder beside ``folder``, whose place it can take."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))


def write_parts(fresh: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> Parts:
    """Write arrays, a file each; what the manifest says of them."""
    parts = {}
    for name, array in arrays.items():
        path = fresh / f"{name}.npy"
        np.save(path, array)
        parts[name] = {"bytes": path.stat().st_size}
    return parts


def swap_in(fresh: Path, folder: Path, facts: Mapping[str, object], parts: Parts) -> None:
    """Write the manifest of what lies in ``fresh``, and let it take the place of ``folder``.

    Every writing has a token of its own, by which two processes know that they opened the same files.
    """
    manifest = {"format": FORMAT, "token": secrets.token_hex(8), **facts, "parts": parts}
    (fresh / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    fresh.chmod(0o755)
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a saved index. Raises IndexFault when it is missing, unreadable or of another format."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise IndexFault("index_missing", MANIFEST) from missing
    except (UnicodeDecodeError, json.JSONDecodeError) as damage:
        raise IndexFault("index_damaged", MANIFEST) from damage
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise IndexFault("index_version", MANIFEST)
    return manifest


def read_arrays(folder: Path, manifest: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Map every array of the manifest, read-only. Raises IndexFault when a file is missing or has another size."""
    arrays = {}
    for name, facts in manifest["parts"].items():
        path = folder / f"{name}.npy"
        if not path.is_file() or path.stat().st_size != facts["bytes"]:
            raise IndexFault("index_damaged", name)
        try:
            # NumPy cannot map a file that holds its header only
            empty = facts["bytes"] <= 128
            loaded = np.load(path, mmap_mode=None if empty else "r", allow_pickle=False)
            # a plain view of the mapping, because every slice of a memmap object costs a microsecond more
            arrays[name] = np.asarray(loaded)
        except ValueError as damage:
            raise IndexFault("index_damaged", name) from damage
    return arrays
