"""The numbers of the law as dated packs, named by their keys: in ``packs`` of the home or shipped with the package.

``load_pack`` reads and checks one; a successor measure or another city's is a new file, not code (``docs/packs.md``).
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from matchhub.domain.rules import RulePack
from matchhub.policy.files import FOLDER, PackFile, PackInvalid, files_of, pack_chain, pack_keys, shelves, written
from matchhub.policy.reading import faults_of, pack_of

__all__ = ["PackInvalid", "check_pack", "load_pack", "pack_chain", "pack_keys", "pack_text", "read_pack"]

_FRESH = 2_000_000_000  # nanoseconds


def load_pack(key: str, home: Path | None = None) -> RulePack:
    """The rule pack ``key``, checked, with the SHA-256 of what is written as ``digest``; read anew when that changed.

    Raises ``SettingInvalid`` with code ``policy_unknown`` (no such pack; data ``known``), or ``PackInvalid``.
    """
    stamps = _stamps(home)
    # A clock of the disk ticks in milliseconds: a file may be written twice under one stamp, so a fresh one is read.
    if any(time.time_ns() - changed < _FRESH for _, changed, _ in stamps):
        return read_pack(key, files_of(key, home), home)
    return _loaded(key, home, stamps)


def pack_text(key: str, home: Path | None = None) -> str:
    """What the pack ``key`` says, as it is written; below it what it takes from another pack."""
    return written(key, files_of(key, home), home).text


def read_pack(key: str, said: bytes | tuple[PackFile, ...], home: Path | None = None) -> RulePack:
    """The pack written in one file or in several; ``PackInvalid`` (data ``file``, ``line``, ``where``) when wrong."""
    files = (PackFile(f"{key}.toml", said),) if isinstance(said, bytes) else said
    return _pack(key, _digest(key, files, home), files, home)


def check_pack(path: Path) -> tuple[PackInvalid, ...]:
    """Every fault of a file or folder, one per table at a time; other packs are looked for beside it and shipped."""
    key = path.name.removesuffix(".toml")
    if path.is_dir():
        names = sorted(path.glob("*.toml"))
        files = tuple(PackFile(f"{key}/{each.name}", each.read_bytes()) for each in names)
    else:
        files = (PackFile(path.name, path.read_bytes()),)
    beside = path.resolve().parent
    home = beside.parent if beside.name == "packs" else None
    try:
        said = written(key, files, home)
    except PackInvalid as fault:
        return (fault,)
    return tuple(said.refusal(key, fault) for fault in faults_of(key, said.raw))


@lru_cache(maxsize=32)
def _loaded(key: str, home: Path | None, stamps: tuple[tuple[str, int, int], ...]) -> RulePack:
    return read_pack(key, files_of(key, home), home)


def _stamps(home: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Path, moment of change and size of every file that a pack may be made of."""
    found = []
    for path in _files(home):
        with suppress(FileNotFoundError):
            stat = os.stat(path)
            found.append((path, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


# Every unit of work asks for its pack: to go through the folders each time took longer than some pages' statements.
_listed: dict[Path | None, tuple[dict[str, int | None], tuple[str, ...]]] = {}


def _files(home: Path | None) -> tuple[str, ...]:
    """Paths of the files, sorted; the folders are gone through again when one of them changed, came or went."""
    kept = _listed.get(home)
    if kept is not None and all(_changed(folder) == at for folder, at in kept[0].items()):
        return kept[1]
    folders: dict[str, int | None] = {str(home / FOLDER): None} if home is not None else {}
    paths = []
    for shelf in shelves(home):
        for place, _, names in os.walk(str(shelf)):
            folders[place] = _changed(place)
            paths += [os.path.join(place, name) for name in names if name.endswith(".toml")]
    newest = max((at for at in folders.values() if at is not None), default=0)
    if time.time_ns() - newest >= _FRESH:  # within one tick of the disk's clock a folder may change twice
        _listed[home] = (folders, tuple(sorted(paths)))
    return tuple(sorted(paths))


def _changed(folder: str) -> int | None:
    try:
        return os.stat(folder).st_mtime_ns
    except FileNotFoundError:
        return None


@lru_cache(maxsize=32)
def _pack(key: str, digest: str, files: tuple[PackFile, ...], home: Path | None) -> RulePack:
    said = written(key, files, home)
    pack, faults = pack_of(key, said.raw, said.digest)
    if pack is None:
        raise said.refusal(key, faults[0])
    return pack


def _digest(key: str, files: tuple[PackFile, ...], home: Path | None) -> str:
    """Of everything the pack is made of: one that it takes tables from may change while its own file does not."""
    if not any(b"extends" in file.content for file in files):
        return ""
    return written(key, files, home).digest
