"""What a file is by its bytes, before anything decodes it: pdf, jpg, png, heic, docx, xlsx, ofd or eml, else refused.

Its name does not matter, and nothing of it is unpacked here: signatures and the directory of a container suffice.
"""

from __future__ import annotations

import io
import re
import zipfile

import filetype

from matchhub.errors import Refusal

MOST_BYTES = 20 * 1024 * 1024
_MOST_ENTRIES, _MOST_UNPACKED, _MOST_RATIO = 2_000, 200 * 1024**2, 200  # honest documents pack to a tenth
_RATIO_FLOOR = 1024**2  # bytes; smaller entries do no harm however well they are packed

PDF, JPEG, PNG, HEIC, EML = "application/pdf", "image/jpeg", "image/png", "image/heic", "message/rfc822"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, OFD = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet", "application/ofd"
PICTURES = (JPEG, PNG, HEIC)
VIEWABLE = (PDF, *PICTURES)
# The part that each kind of container must hold.
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
_SUFFIXES = {
    PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), HEIC: (".heic", ".heif"), EML: (".eml",), DOCX: (".docx",),
    XLSX: (".xlsx",), OFD: (".ofd",),
}  # fmt: skip
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_PROGRAM_NAMES = (".exe", ".dll", ".com", ".bat", ".cmd", ".js", ".vbs", ".scr", ".jar", ".ps1", ".html", ".htm")
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|meta|table|div)\b", re.IGNORECASE)
_MAIL_FIELD = rb"(?:Received|Return-Path|Delivered-To|MIME-Version|Message-ID|X-[A-Za-z-]+|Date|From|To|Subject): "
_MAIL = re.compile(rb"(?:" + _MAIL_FIELD + rb"[^\n]*\n(?:[ \t][^\n]*\n)*){2}", re.IGNORECASE)
_HEAD = 4096


def media_type_of(content: bytes) -> str:
    """The media type of a file that may be kept as evidence.

    Raises ``Refusal``: ``evidence_size`` (empty or beyond 20 MB), ``evidence_is_program``, ``evidence_is_page`` (html),
    ``evidence_two_in_one`` (one file that is also another), ``evidence_packed`` (a container packed too tight, locked
    or with programs in it), ``evidence_type`` (anything else that is not on the list).
    """
    if not content or len(content) > MOST_BYTES:
        raise Refusal("evidence_size", megabytes=MOST_BYTES // 1024**2)
    if content.startswith(_PROGRAMS):
        raise Refusal("evidence_is_program")
    if content.startswith(b"PK"):
        return _container_type(content)
    found = filetype.guess_mime(content)
    if found in VIEWABLE and (found != PDF or content.startswith(b"%PDF-")):
        return _only(found, content)
    head = content[:_HEAD]
    if found is None and b"\x00" not in head and _MAIL.match(head.replace(b"\r\n", b"\n")):
        return EML  # its text may be a page; as a message it is downloaded only, under a message's name
    if _MARKUP.search(head):
        raise Refusal("evidence_is_page")
    raise Refusal("evidence_type")


def named_by_content(name: str, media_type: str) -> str:
    """The name of a file with an ending that fits its content, so that no program opens it as something else."""
    suffixes = _SUFFIXES.get(media_type, ())
    return name if not suffixes or name.lower().endswith(suffixes) else f"{name}{suffixes[0]}"


def _only(found: str, content: bytes) -> str:
    """``found``, where the file is not at the same time a page or a container that another program would open."""
    if zipfile.is_zipfile(io.BytesIO(content)) or _MARKUP.search(content[:_HEAD]):
        raise Refusal("evidence_two_in_one")
    return found


def _container_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Refusal("evidence_unreadable") from fault
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    if kind is None or (kind != OFD and "[Content_Types].xml" not in names):
        raise Refusal("evidence_type")
    if any(_is_risky(entry) for entry in entries) or len(entries) > _MOST_ENTRIES:
        raise Refusal("evidence_packed")
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Refusal("evidence_packed")
    return kind


def _is_risky(entry: zipfile.ZipInfo) -> bool:
    """Locked, packed too tight to be honest, a macro or a program."""
    name = entry.filename.lower()
    tight = entry.file_size > _RATIO_FLOOR and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)
    return bool(entry.flag_bits & 1) or tight or name.endswith(("vbaproject.bin", *_PROGRAM_NAMES))
