"""What a file is and whether it may be opened, decided by its bytes before any parser sees it.

Every refusal is a ``FileRefused`` with its own code; every limit stands here with its reason.
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

Format = Literal["text", "xlsx", "ods", "xls", "zip", "xml", "html", "mhtml", "json", "docx", "pdf"]

MAX_BYTES = 300_000_000  # a million rows of patents with abstracts
MAX_ENTRIES = 2_000  # workbooks have tens of parts
MAX_UNPACKED = 1_500_000_000  # bytes of all entries together
MAX_RATIO = 400  # honest sheets are compressed to a fifth or a fortieth, zip bombs to a thousandth
RATIO_FLOOR = 20_000_000  # bytes; smaller entries do no harm however well they are compressed
MAX_CELLS = 40_000_000  # area from A1 to the farthest cell, which a reader allocates as a whole
MAX_COLUMNS, MAX_ROWS = 16_384, 1_048_576  # of a sheet, by the format

_BLOCK = 1 << 20
_TAIL = 64  # bytes; longer than any text searched for in a part
_SIZE_TOLERANCE = 1_024  # bytes that a part may hold beyond the size stated

_PICTURES = (
    b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM\x00", b"II*\x00", b"MM\x00*", b"RIFF", b"8BPS", b"<svg", b"AT&TFORM",
    b"\x00\x00\x00\x0cjP  ",
)  # fmt: skip
_PHONE_PICTURES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_OPEN_TEXT = re.compile(rb"application/vnd\.oasis\.opendocument\.(?:text|presentation|graphics)")
_SHORTCUTS = (b"[InternetShortcut]", b"L\x00\x00\x00\x01\x14\x02\x00")
_ACCESS = (b"Standard Jet DB", b"Standard ACE DB")
_EMAIL_FIELD = (
    rb"(?:To|Cc|Reply-To|Content-Type|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|X-[A-Za-z-]+|Date|From"
    rb"|Subject): "
)
_EMAIL = re.compile(rb"(?:" + _EMAIL_FIELD + rb"[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
# A page that a browser saved whole is a mail of its parts.
_SAVED_PAGE = re.compile(
    rb"\A(?:[A-Z][A-Za-z-]+: [^\n]*\n(?:[ \t][^\n]*\n)*)*(?:Snapshot-Content-Location:|From: <?Saved by )"
    rb"|\A(?:[A-Z][A-Za-z-]+: [^\n]*\n)*Content-Type: multipart/related;[^\n]*\n?\s*type=\"text/html"
)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"SQLite format 3")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
_HTML_STARTS = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<div")
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL_COLUMN = re.compile(rb'<c r="([A-Z]{1,7})[0-9]')
_HIDDEN_ROW = re.compile(rb'<row [^>]{0,400}?\bhidden="(?:1|true)"')
_CELL_FAR = re.compile(rb'r="[A-Z]{0,7}([0-9]{6,})"')


def recognise(path: Path, name: str) -> Format:
    """Format of a file, by its first bytes and the directory of a container; ``name`` is the one that people know.

    Raises ``FileRefused`` for what cannot hold a table or is hostile: ``file_empty``, ``file_too_large``,
    ``file_is_picture``, ``file_is_heic``, ``file_is_video``, ``file_is_access``, ``file_is_email``, ``file_is_lock``,
    ``file_is_shortcut``, ``file_is_webarchive``, ``file_is_archive``, ``file_is_program``, ``file_is_word``,
    ``file_binary``, ``file_encrypted``, ``file_has_macros``, and the codes of ``_examine_zip``.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileRefused("file_too_large", file=name, megabytes=size // 1_000_000, limit=MAX_BYTES // 1_000_000)
    with path.open("rb") as stream:
        head = stream.read(8192)
    if Path(name).name.startswith("~$"):
        raise FileRefused("file_is_lock", file=name)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FileRefused("file_empty", file=name)
    _refuse_other_types(head, name)
    if head.lstrip().startswith(b"%PDF"):
        return "pdf"
    if _SAVED_PAGE.search(head):
        return "mhtml"
    if head.startswith(b"PK"):
        return _examine_zip(path, name)
    if head.startswith(_OLE):
        return _examine_ole(path, name)
    return _text_format(head, name)


def _refuse_other_types(head: bytes, name: str) -> None:
    """Refuse pictures, archives other than zip, programs, mails and RTF by their signatures."""
    for code, marks in (("file_is_picture", _PICTURES), ("file_is_archive", _ARCHIVES), ("file_is_program", _PROGRAMS)):
        if head.startswith(marks) and b"," not in head[:3]:  # a csv file may begin with MZ,
            raise FileRefused(code, file=name)
    if head.startswith(_SHORTCUTS):
        raise FileRefused("file_is_shortcut", file=name)
    if head.startswith(b"bplist"):
        raise FileRefused("file_is_webarchive", file=name)
    if head.startswith((b"ID3", b"OggS", b"fLaC")) or head[4:8] == b"moov":
        raise FileRefused("file_is_video", file=name)
    if head[4:8] == b"ftyp":
        raise FileRefused("file_is_heic" if head[8:12] in _PHONE_PICTURES else "file_is_video", file=name)
    if head[4:19] in _ACCESS:
        raise FileRefused("file_is_access", file=name)
    if _EMAIL.match(head) and not _SAVED_PAGE.search(head):
        raise FileRefused("file_is_email", file=name)
    if head.lstrip().startswith(b"{\\rtf"):
        raise FileRefused("file_is_word", file=name)


def _text_format(head: bytes, name: str) -> Format:
    """Format of a file of characters: xml, html, json, or plain text."""
    if not marked_encoding(head) and _is_binary(head):
        raise FileRefused("file_binary", file=name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    low = start[:2048].replace(b"\x00", b"").lstrip(b"\xff\xfe").lower()
    is_xml = low.startswith(b"<?xml")
    if not is_xml and (low.startswith(_HTML_STARTS) or b"<table" in low):
        return "html"
    if is_xml or re.match(rb"<[a-z_:!]", low):
        return "html" if b"<html" in low else "xml"
    return "json" if re.match(rb'^(?:\[\s*[\[{]|\{\s*["}])', low) else "text"


def _is_binary(head: bytes) -> bool:
    """Whether more than one byte in 200 is a control character; not for UTF-16, whose characters hold such bytes."""
    if unmarked_utf16(head):
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 26) for byte in head)
    return controls > len(head) // 200 + 1


def _examine_ole(path: Path, name: str) -> Format:
    """Format of an old Office file by the names of its streams; only a workbook without macros passes."""
    content = path.read_bytes()

    def has(part: str) -> bool:
        return part.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise FileRefused("file_encrypted", file=name)
    if has("WordDocument") or has("PowerPoint Document"):
        raise FileRefused("file_is_word", file=name)
    if has("__substg1.0_"):
        raise FileRefused("file_is_email", file=name)
    if has("_VBA_PROJECT"):
        raise FileRefused("file_has_macros", file=name)
    if not (has("Workbook") or has("Book")):
        raise FileRefused("file_binary", file=name)
    return "xls"


def _examine_zip(path: Path, name: str) -> Format:
    """Format of a zip container, after a check of its directory: xlsx, ods or a plain archive.

    Raises ``FileRefused`` ``file_damaged``, ``file_empty``, ``zip_too_many_entries``, ``zip_bomb``, ``zip_path``,
    ``file_encrypted``, ``file_has_macros``, ``file_is_word``, ``file_is_numbers``, ``file_is_ofd``. ``examine_parts``
    checks the contents.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _examine_entries(archive.infolist(), name)
            names = {entry.lower() for entry in archive.namelist()}
            if "mimetype" in names and _OPEN_TEXT.match(archive.read("mimetype")):
                raise FileRefused("file_is_word", file=name)
            return _container(names, name)
    except _ZIP_FAULTS as fault:
        raise FileRefused("file_damaged", file=name) from fault


def _examine_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused("zip_too_many_entries", file=name, entries=len(entries), limit=MAX_ENTRIES)
    if not entries:
        raise FileRefused("file_empty", file=name)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED or any(map(_is_swollen, entries)) or _overlap(entries):
        raise FileRefused("zip_bomb", file=name, megabytes=total // 1_000_000)
    for entry in entries:
        if _leaves_folder(entry.filename):
            raise FileRefused("zip_path", file=name, entry=entry.filename)
        if entry.flag_bits & 1:
            raise FileRefused("file_encrypted", file=name)


def _is_swollen(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry unpacks to far more than any honest one of its compressed size."""
    return entry.file_size > RATIO_FLOOR and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether entries share compressed bytes, by which a small bomb unpacks the same bytes many times."""
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    return any(e.header_offset + e.compress_size > following.header_offset for e, following in pairwise(placed))


def _leaves_folder(filename: str) -> bool:
    """Whether an entry's name is absolute, names a drive or climbs to a parent folder."""
    plain = filename.replace("\\", "/")
    return ".." in plain.split("/") or plain.startswith("/") or re.match(r"^[A-Za-z]:", plain) is not None


def _container(names: set[str], name: str) -> Format:
    """Format of a container by the lower-case names of its entries."""
    if any(entry.endswith("vbaproject.bin") for entry in names):
        raise FileRefused("file_has_macros", file=name)
    if any(entry.startswith("index/") and entry.endswith(".iwa") for entry in names) or "index.zip" in names:
        raise FileRefused("file_is_numbers", file=name)
    if "ofd.xml" in names:
        raise FileRefused("file_is_ofd", file=name)
    if "word/document.xml" in names:
        return "docx"
    if any(entry.startswith("ppt/") for entry in names):
        raise FileRefused("file_is_word", file=name)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    return "ods" if "content.xml" in names and "mimetype" in names else "zip"


def examine_parts(path: Path, name: str) -> dict[str, int]:
    """Check every XML part of a workbook before it is parsed; returns the hidden rows of each sheet by its part's name.

    No part may define entities, and no sheet may reach so far that reading it would allocate gigabytes. Raises
    ``FileRefused`` ``file_has_dtd``, ``sheet_too_wide``, ``zip_bomb`` or ``file_damaged``.
    """
    hidden: dict[str, int] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                low = entry.filename.lower()
                if low.endswith((".xml", ".rels")):
                    with archive.open(entry) as stream:
                        rows = _examine_part(stream, name, low.startswith("xl/worksheets/"), entry.file_size)
                    if rows:
                        hidden[entry.filename] = rows
    except _ZIP_FAULTS as fault:
        raise FileRefused("file_damaged", file=name) from fault
    return hidden


def _examine_part(stream: IO[bytes], name: str, is_sheet: bool, size: int) -> int:
    """Read one part in blocks and count its hidden rows; ``size`` is the number of bytes that the directory states."""
    seen, far, columns, tail, hidden = 0, 0, set[bytes](), b"", 0
    while block := stream.read(_BLOCK):
        seen += len(block)
        if seen > size + _SIZE_TOLERANCE:
            raise FileRefused("zip_bomb", file=name, megabytes=seen // 1_000_000)
        text = tail + block  # what is searched for may lie across the border of two blocks
        if _DTD.search(text):
            raise FileRefused("file_has_dtd", file=name)
        if is_sheet:
            columns.update(_CELL_COLUMN.findall(text))
            far = max([far, *map(int, _CELL_FAR.findall(text))])
            hidden += sum(found.end() > len(tail) for found in _HIDDEN_ROW.finditer(text))
        tail = block[-_TAIL:]
    width = max((_column_number(letters) for letters in columns), default=0)
    if width * far > MAX_CELLS or width > MAX_COLUMNS or far > MAX_ROWS:
        raise FileRefused("sheet_too_wide", file=name, columns=width, lines=far)
    return hidden


def _column_number(letters: bytes) -> int:
    """1-based number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
