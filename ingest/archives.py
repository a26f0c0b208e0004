"""Zip files of tables: each member is unpacked into a scratch folder, checked and opened like any other file."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.scratch import ScratchFolder
from ingest.tables import Table
from matchhub.errors import FileRefused

_BLOCK = 1 << 20
_IGNORED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # what operating systems add to an archive
_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError)

OpenMember = Callable[[Path, str], list[Table]]


def _member_name(entry: zipfile.ZipInfo) -> str:
    """Name of a member; Chinese systems write it in GB18030 when they do not set the UTF-8 flag."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")  # zipfile decoded it as cp437
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def open_archive(path: Path, name: str, open_member: OpenMember) -> tuple[list[Table], list[FileRefused]]:
    """Tables of all members, and the refusals of those that hold none.

    ``open_member`` takes a member's path and its name as shown, ``archive/member``. Raises ``FileRefused``
    ``zip_nothing_inside`` when there is no table, the member's own refusal when only one was refused, and
    ``file_damaged``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            tables, refused = _open_members(archive, name, open_member)
    except _FAULTS as fault:
        raise FileRefused("file_damaged", file=name) from fault
    if not tables:
        raise refused[0] if len(refused) == 1 else FileRefused("zip_nothing_inside", file=name)
    return tables, refused


def _open_members(
    archive: zipfile.ZipFile, name: str, open_member: OpenMember
) -> tuple[list[Table], list[FileRefused]]:
    scratch = ScratchFolder()
    tables: list[Table] = []
    refused: list[FileRefused] = []
    for number, entry in enumerate(archive.infolist()):
        member = _member_name(entry)
        if _is_ignored(entry, member):
            continue
        unpacked = scratch.path / f"{number}{Path(member).suffix[:8]}"
        _unpack(archive, entry, unpacked)
        try:
            opened = open_member(unpacked, f"{name}/{member}")
        except FileRefused as refusal:
            refused.append(refusal)
        else:
            tables += [replace(table, rows=scratch.keep_for(table.rows)) for table in opened]
    return tables, refused


def _is_ignored(entry: zipfile.ZipInfo, member: str) -> bool:
    low = member.lower()
    return entry.is_dir() or low.startswith(_IGNORED) or low.endswith(_IGNORED)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Write one member. ``zipfile`` reads no more bytes than the directory entry states, and guard checked that."""
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _BLOCK)
