"""What may be kept as evidence is decided by its bytes: kinds on the list pass, hostile files are refused with a reason."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from matchhub.errors import Refusal
from matchhub.services.evidence import pictures
from matchhub.services.evidence.content import DOCX, EML, HEIC, JPEG, OFD, PDF, PNG, XLSX, media_type_of
from matchhub.services.evidence.pictures import draw_page, look_at
from tests.papers import container, letter, saved, scan, slip

PICTURE = slip("one")
DOCUMENT = container(word__document_xml="<w:document/>")
HIDDEN_PAGE = b"%PDF-1.4\n<html><script>alert(1)</script></html>"


def bomb() -> bytes:
    return container(word__document_xml=b"\0" * 60_000_000)


def huge() -> bytes:
    """A picture of a hundred million pixels, in a few kilobytes."""
    made = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (saved(PICTURE, "PDF"), PDF),
        (saved(PICTURE, "JPEG"), JPEG),
        (saved(PICTURE), PNG),
        (saved(PICTURE, "HEIF"), HEIC),
        (DOCUMENT, DOCX),
        (container(xl__workbook_xml="<workbook/>"), XLSX),
        (container(OFD_xml="<OFD/>", Doc__0__Document_xml="<Document/>"), OFD),
        (letter("见附件"), EML),
    ],
    ids=["pdf", "jpg", "png", "heic", "docx", "xlsx", "ofd", "eml"],
)
def test_the_kinds_on_the_list_are_kept_whatever_they_are_called(content: bytes, kind: str) -> None:
    assert media_type_of(content) == kind
    look = look_at(content)
    shown = kind in (PDF, JPEG, PNG, HEIC)
    assert (look.media_type, look.pages, look.picture_hash is not None) == (kind, int(shown), shown)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "evidence_size"),
        (b"%PDF-" + b"x" * 20 * 1024 * 1024, "evidence_size"),
        (b"<!DOCTYPE html><html><body>\xe5\x90\x88\xe5\x90\x8c</body></html>", "evidence_is_page"),
        (b"\xef\xbb\xbf  <svg xmlns='x' onload='alert(1)'/>", "evidence_is_page"),
        (b"MZ" + b"\0" * 200, "evidence_is_program"),
        (b"\x7fELF" + b"\0" * 200, "evidence_is_program"),
        (b"#!/bin/sh\nrm -r x\n", "evidence_is_program"),
        (container(a_txt="x"), "evidence_type"),
        (b"Rar!\x1a\x07\x00" + b"\0" * 100, "evidence_type"),
        (b"plain words", "evidence_type"),
        (bomb(), "evidence_packed"),
        (container(word__document_xml="<w/>", word__vbaProject_bin="x"), "evidence_packed"),
        (container(word__document_xml="<w/>", word__embeddings__run_exe="MZ"), "evidence_packed"),
        (DOCUMENT[: len(DOCUMENT) // 2], "evidence_unreadable"),
        (HIDDEN_PAGE, "evidence_two_in_one"),
        (saved(PICTURE) + DOCUMENT, "evidence_two_in_one"),
        (saved(PICTURE, "PDF") + DOCUMENT, "evidence_two_in_one"),
    ],
    ids=[
        "empty",
        "too large",
        "html",
        "svg",
        "windows program",
        "linux program",
        "script",
        "zip",
        "rar",
        "text",
        "zip bomb",
        "macros",
        "program inside",
        "cut document",
        "page in pdf",
        "zip in png",
        "zip in pdf",
    ],
)
def test_a_hostile_file_is_refused_before_anything_is_decoded(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        media_type_of(content)
    assert refused.value.code == code


def test_a_locked_document_is_refused() -> None:
    locked = bytearray(DOCUMENT)
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(Refusal, match="evidence_packed"):
        media_type_of(bytes(locked))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (saved(PICTURE, "HEIF")[:3000], "evidence_unreadable"),
        (scan("cut")[:2000], "evidence_unreadable"),
        (b"%PDF-1.7\nnothing behind it", "evidence_unreadable"),
        (huge(), "evidence_pixels"),
    ],
    ids=["cut heic", "cut png", "no pdf", "a hundred million pixels"],
)
def test_a_picture_that_cannot_be_shown_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        look_at(content)
    assert refused.value.code == code


def test_after_a_process_that_died_the_next_file_is_looked_at_all_the_same() -> None:
    look_at(scan("before"))
    process = pictures._PROCESS.process
    assert process is not None
    process.kill()
    process.wait()
    assert look_at(scan("after")).pages == 1


def test_a_process_that_ends_over_a_file_refuses_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes too long is killed; here at once."""
    monkeypatch.setattr(pictures, "_SECONDS", 0)
    with pytest.raises(Refusal, match="evidence_too_costly"):
        look_at(saved(slip("slow").resize((4000, 3000)), "PNG"))


def test_what_is_shown_is_drawn_anew_and_carries_nothing_of_the_file() -> None:
    marked = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    PICTURE.save(marked, "JPEG", exif=exif)
    drawn = draw_page(marked.getvalue(), JPEG, 1)
    assert b"where it was taken" in marked.getvalue() and b"where it was taken" not in drawn
    with Image.open(io.BytesIO(drawn)) as shown:
        assert (shown.format, shown.size) == ("PNG", PICTURE.size)


@pytest.mark.parametrize("page", [0, 2])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(Refusal, match="evidence_page_missing"):
        draw_page(saved(PICTURE, "PDF"), PDF, page)


def test_a_large_scan_is_shown_small() -> None:
    with Image.open(io.BytesIO(draw_page(saved(PICTURE.resize((4200, 2970)), "JPEG"), JPEG, 1))) as shown:
        assert max(shown.size) == 1600


def test_a_png_with_a_bomb_of_text_is_no_way_in() -> None:
    """Compressed text inside a picture is never unpacked without end."""
    sound = scan("text")
    data = b"Comment\0\0" + zlib.compress(b"A" * 50_000_000)
    chunk = len(data).to_bytes(4, "big") + b"zTXt" + data + zlib.crc32(b"zTXt" + data).to_bytes(4, "big")
    with pytest.raises(Refusal, match="evidence_unreadable"):
        look_at(sound[:33] + chunk + sound[33:])
