"""Zip files of tables: each member is written to a place of its own, checked and opened like any other file."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingest.scratch import Scratch
from ingest.tables import Table
from matchhub.errors import FileRefused

_BLOCK = 1 << 20
_IGNORED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def member_name(entry: zipfile.ZipInfo) -> str:
    """Name of a member; names written without the UTF-8 flag by Chinese systems are GB18030."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def open_archive(
    path: Path, name: str, open_member: Callable[[Path, str], list[Table]]
) -> tuple[list[Table], list[FileRefused]]:
    """Tables of all members, and the refusals of those that hold none.

    Members are shown as ``archive/member``. Raises ``FileRefused`` ``zip_nothing_inside`` when no member is a file, and
    the member's own refusal when there is only one.
    """
    scratch = Scratch()
    tables: list[Table] = []
    refused: list[FileRefused] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for number, entry in enumerate(archive.infolist()):
                shown = member_name(entry)
                if entry.is_dir() or shown.lower().startswith(_IGNORED) or shown.lower().endswith(_IGNORED):
                    continue
                member = scratch.folder / f"{number}{Path(shown).suffix[:8]}"
                _unpack(archive, entry, member)
                try:
                    opened = open_member(member, f"{name}/{shown}")
                    tables += [replace(table, rows=scratch.keeping(table.rows)) for table in opened]
                except FileRefused as refusal:
                    refused.append(refusal)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as fault:
        raise FileRefused("file_damaged", file=name) from fault
    if not tables:
        raise refused[0] if len(refused) == 1 else FileRefused("zip_nothing_inside", file=name)
    return tables, refused


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Write one member; ``zipfile`` reads no byte more than the directory entry, which was checked, promises."""
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _BLOCK)
