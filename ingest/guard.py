"""What a file really is, and whether it may be opened: decided on its bytes, before any parser sees it.

Every refusal is a ``FileRefused`` with its own code; limits stand here as numbers with their reason.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from typing import IO, Literal

from ingest.encodings import marked_encoding, unmarked_utf16
from matchhub.errors import FileRefused

Format = Literal["text", "xlsx", "ods", "xls", "zip", "xml", "html", "json"]

MAX_BYTES = 300_000_000  # a million rows of patents with abstracts
MAX_ENTRIES = 2_000  # workbooks have tens of parts
MAX_UNPACKED = 1_500_000_000
MAX_RATIO = 400  # honest sheets shrink 5 to 40 times; bombs 1000
RATIO_FLOOR = 20_000_000  # small parts may be as repetitive as they like
MAX_CELLS = 40_000_000  # area from A1 to the farthest cell, which a reader allocates whole

_PICTURES = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM\x00", b"II*\x00", b"MM\x00*", b"RIFF", b"8BPS",
    b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x1cftyp", b"\x00\x00\x00\x20ftyp",
)  # fmt: skip
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"SQLite format 3")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL_COLUMN = re.compile(rb'<c r="([A-Z]{1,7})[0-9]')
_CELL_FAR = re.compile(rb'r="[A-Z]{0,7}([0-9]{6,})"')


def recognise(path: Path, name: str) -> Format:
    """Format of a file by its first bytes; raises ``FileRefused`` for what can hold no table.

    ``name`` is shown to people. Codes: ``file_empty``, ``file_too_large``, ``file_is_picture``, ``file_is_pdf``,
    ``file_is_archive``, ``file_is_program``, ``file_is_word``, ``file_binary``, and those of ``examine_zip``.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileRefused("file_too_large", file=name, megabytes=size // 1_000_000, limit=MAX_BYTES // 1_000_000)
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FileRefused("file_empty", file=name)
    _refuse_foreign(head, name)
    if head.startswith(b"PK"):
        return examine_zip(path, name)
    if head.startswith(_OLE):
        return _examine_ole(path, name)
    return _text_format(head, name)


def _refuse_foreign(head: bytes, name: str) -> None:
    for code, marks in (("file_is_picture", _PICTURES), ("file_is_archive", _ARCHIVES), ("file_is_program", _PROGRAMS)):
        if head.startswith(marks) and b"," not in head[:3]:
            raise FileRefused(code, file=name)
    if head.lstrip().startswith(b"%PDF"):
        raise FileRefused("file_is_pdf", file=name)
    if head.lstrip().startswith(b"{\\rtf"):
        raise FileRefused("file_is_word", file=name)


def _text_format(head: bytes, name: str) -> Format:
    if not marked_encoding(head) and _binary(head):
        raise FileRefused("file_binary", file=name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    low = start[:2048].replace(b"\x00", b"").lstrip(b"\xff\xfe").lower()
    if low.startswith(b"<?xml"):
        return "html" if b"<html" in low else "xml"
    if low.startswith((b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<div")) or b"<table" in low:
        return "html"
    if re.match(rb"<[a-z_:!]", low):
        return "html" if b"<html" in low else "xml"
    if re.match(rb'^(?:\[\s*[\[{]|\{\s*["}])', low):
        return "json"
    return "text"


def _binary(head: bytes) -> bool:
    """Control characters that no text has, unless they are halves of UTF-16 characters."""
    if unmarked_utf16(head):
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 26) for byte in head)
    return controls > len(head) // 200 + 1


def _examine_ole(path: Path, name: str) -> Format:
    """Old Office files: a workbook passes, an encrypted or a text document does not."""
    content = path.read_bytes()

    def has(part: str) -> bool:
        return part.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise FileRefused("file_encrypted", file=name)
    if has("WordDocument"):
        raise FileRefused("file_is_word", file=name)
    if has("_VBA_PROJECT"):
        raise FileRefused("file_has_macros", file=name)
    if not (has("Workbook") or has("Book")):
        raise FileRefused("file_binary", file=name)
    return "xls"


def examine_zip(path: Path, name: str) -> Format:
    """What a zip container holds, after its directory was checked: xlsx, ods or a plain archive.

    Codes: ``file_damaged``, ``zip_too_many_entries``, ``zip_bomb``, ``zip_path``, ``file_encrypted``,
    ``file_has_macros``, ``file_is_word``. The parts themselves are examined by ``examine_parts``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _examine_entries(archive.infolist(), name)
            return _container({entry.lower() for entry in archive.namelist()}, name)
    except _ZIP_FAULTS as fault:
        raise FileRefused("file_damaged", file=name) from fault


def _examine_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused("zip_too_many_entries", file=name, entries=len(entries), limit=MAX_ENTRIES)
    if not entries:
        raise FileRefused("file_empty", file=name)
    total = sum(entry.file_size for entry in entries)
    swollen = any(e.file_size > RATIO_FLOOR and e.file_size > MAX_RATIO * max(e.compress_size, 1) for e in entries)
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    overlap = any(e.header_offset + e.compress_size > following.header_offset for e, following in pairwise(placed))
    if total > MAX_UNPACKED or swollen or overlap:
        raise FileRefused("zip_bomb", file=name, megabytes=total // 1_000_000)
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", entry.filename):
            raise FileRefused("zip_path", file=name, entry=entry.filename)
        if entry.flag_bits & 1:
            raise FileRefused("file_encrypted", file=name)


def _container(names: set[str], name: str) -> Format:
    if any(entry.endswith("vbaproject.bin") for entry in names):
        raise FileRefused("file_has_macros", file=name)
    if "word/document.xml" in names or any(entry.startswith("ppt/") for entry in names):
        raise FileRefused("file_is_word", file=name)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    return "ods" if "content.xml" in names and "mimetype" in names else "zip"


def examine_parts(path: Path, name: str) -> None:
    """Read every XML part of a workbook once: no part may define entities, and no sheet may reach so far that reading
    it would allocate gigabytes. Codes: ``file_has_dtd``, ``sheet_too_wide``, ``zip_bomb``, ``file_damaged``."""
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                low = entry.filename.lower()
                if low.endswith((".xml", ".rels")):
                    with archive.open(entry) as stream:
                        _examine_part(stream, name, low.startswith("xl/worksheets/"), entry.file_size)
    except _ZIP_FAULTS as fault:
        raise FileRefused("file_damaged", file=name) from fault


def _examine_part(stream: IO[bytes], name: str, is_sheet: bool, size: int) -> None:
    seen, far, columns, tail = 0, 0, set[bytes](), b""
    while block := stream.read(1 << 20):
        seen += len(block)
        if seen > size + 1024:
            raise FileRefused("zip_bomb", file=name, megabytes=seen // 1_000_000)
        text = tail + block
        if _DTD.search(text):
            raise FileRefused("file_has_dtd", file=name)
        if is_sheet:
            columns.update(_CELL_COLUMN.findall(text))
            far = max([far, *map(int, _CELL_FAR.findall(text))])
        tail = block[-64:]
    width = max((_column_number(letters) for letters in columns), default=0)
    if width * far > MAX_CELLS or width > 16_384 or far > 1_048_576:
        raise FileRefused("sheet_too_wide", file=name, columns=width, lines=far)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
