"""Wrong, broken and hostile files: each refused by its own code, before any row, without a traceback (P10)."""

from __future__ import annotations

import os
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import delimited, guard, isolation
from ingest.reading import read_rows
from matchhub import process_limits
from matchhub.errors import FileRefused
from matchhub.wording import LANGUAGES, refusal_sentence
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx
from tests.machine import cases

SHEET = "xl/worksheets/sheet1.xml"


def rezipped(source: Path, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> Path:
    """The same archive with its parts changed, and some added."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()} | (more or {})
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return source


def unchanged(name: str, content: bytes) -> bytes:
    return content


def workbook(folder: Path) -> Path:
    return write_xlsx(folder / "x.xlsx", 表=[PATENT_HEADER, PATENT_ROW])


def plain(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "x.csv"
        path.write_bytes(content)
        return path

    return make


def zipped(**members: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name.replace("__", "/"), content)
        return path

    return make


def bomb(folder: Path) -> Path:
    huge = b"<sheetData>" + b" " * (guard.RATIO_FLOOR + 1)
    return rezipped(workbook(folder), lambda name, content: content + huge if name == SHEET else content)


def lying_bomb(folder: Path) -> Path:
    """A part that says it is small and is not."""
    path = rezipped(workbook(folder), lambda name, content: content + b" " * 3_000_000 if name == SHEET else content)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(SHEET)
    place = content.index(struct.pack("<L", entry.file_size), content.rindex(SHEET.encode()) - 30)
    content[place : place + 4] = struct.pack("<L", 1000)
    path.write_bytes(bytes(content))
    return path


def many_entries(folder: Path) -> Path:
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(guard.MAX_ENTRIES + 1):
            archive.writestr(f"{number}.csv", "")
    return path


def far_cell(folder: Path) -> Path:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return rezipped(workbook(folder), lambda name, content: content.replace(b"</sheetData>", far))


def with_dtd(folder: Path) -> Path:
    entity = b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>'
    return rezipped(
        workbook(folder), lambda name, content: content.replace(b"?>", entity, 1) if name == SHEET else content
    )


def with_macro(folder: Path) -> Path:
    return rezipped(workbook(folder), unchanged, {"xl/vbaProject.bin": b"macro"})


def cut_short(folder: Path) -> Path:
    path = workbook(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def broken_part(folder: Path) -> Path:
    return rezipped(workbook(folder), lambda name, content: content[: len(content) // 2] if name == SHEET else content)


def encrypted(folder: Path) -> Path:
    path = folder / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"))
    return path


def old_word(folder: Path) -> Path:
    path = folder / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le"))
    return path


def old_damaged(folder: Path) -> Path:
    path = folder / "x.xls"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "Workbook".encode("utf-16-le") + b"\x00" * 400
    )
    return path


BILLION_LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rows><row><x>&b;</x></row></rows>"""
)
OUTSIDE_ENTITY = b"""<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/hostname"><rows><row><x>y</x></row></rows>"""
DEEP_XML = b"<?xml version='1.0'?>" + b"<a>" * 100_000
DEEP_JSON = b"[" * 200_000 + b"{"
WIDE = "," * 300_000

REFUSED: list[tuple[str, Callable[[Path], Path], set[str]]] = [
    ("nothing at all", plain(b""), {"file_empty"}),
    ("only blanks", plain(b" \r\n\t\n"), {"file_empty"}),
    ("only zeros", plain(b"\x00" * 500), {"file_empty"}),
    ("only a byte order mark", plain(b"\xef\xbb\xbf"), {"file_empty"}),
    ("a photo", plain(b"\xff\xd8\xff\xe0\x00\x10JFIF" + os.urandom(3000)), {"file_is_picture"}),
    ("a png named csv", plain(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50), {"file_is_picture"}),
    ("a pdf without pages", plain(b"%PDF-1.7\n..."), {"file_damaged"}),
    ("a rar archive", plain(b"Rar!\x1a\x07\x00..."), {"file_is_archive"}),
    ("a gzip file", plain(b"\x1f\x8b\x08\x00..."), {"file_is_archive"}),
    ("a program", plain(b"MZ\x90\x00\x03\x00\x00\x00"), {"file_is_program"}),
    ("a database", plain(b"SQLite format 3\x00" + b"\x00" * 90), {"file_is_program"}),
    ("random bytes", plain(random.Random(7).randbytes(5000)), {"file_binary"}),
    (
        "text in a foreign encoding",
        plain("größe,äöü,éèê\n".encode("latin-1") * 30),
        {"file_encoding_unknown", "file_no_header"},
    ),
    ("a letter", plain("尊敬的领导:您好。".encode()), {"file_no_header"}),
    ("a table without header", plain("一种鞋底,2017106018623,甲\n".encode() * 9), {"file_no_header"}),
    ("a header of blanks", plain(b",,,,\n,,,\n"), {"file_no_header", "file_empty"}),
    ("three hundred thousand columns", plain(WIDE.encode()), {"sheet_too_wide"}),
    ("a rich text", plain(b"{\\rtf1\\ansi"), {"file_is_word"}),
    ("a zip bomb", bomb, {"zip_bomb"}),
    ("a part that lies about its size", lying_bomb, {"zip_bomb", "file_damaged"}),
    ("too many entries", many_entries, {"zip_too_many_entries"}),
    ("a path outside the archive", zipped(**{"..__..__evil.csv": b"a,b"}), {"zip_path"}),
    ("an absolute path", zipped(**{"__etc__evil.csv": b"a,b"}), {"zip_path"}),
    ("a far cell", far_cell, {"sheet_too_wide"}),
    ("entities in a sheet", with_dtd, {"file_has_dtd"}),
    ("a macro", with_macro, {"file_has_macros"}),
    ("a workbook cut short", cut_short, {"file_damaged"}),
    ("a sheet cut short", broken_part, {"file_damaged", "file_empty", "file_no_header"}),
    ("a text document", zipped(**{"word__document.xml": b"<x/>"}), {"file_damaged"}),
    ("a protected workbook", encrypted, {"file_encrypted"}),
    ("an old text document", old_word, {"file_is_word"}),
    ("an old workbook without content", old_damaged, {"file_damaged"}),
    ("a billion laughs", plain(BILLION_LAUGHS), {"file_has_dtd"}),
    ("an outside entity", plain(OUTSIDE_ENTITY), {"file_has_dtd"}),
    ("xml without end", plain(DEEP_XML), {"file_damaged", "file_too_costly"}),
    ("json without end", plain(DEEP_JSON), {"json_damaged", "file_damaged", "file_too_costly", "file_no_header"}),
    ("html without table", plain(b"<html><body>404</body></html>"), {"file_no_header"}),
    ("a word page in html", plain("<html><table><tr><td>您好</td></tr></table>".encode()), {"file_no_header"}),
]


@pytest.mark.parametrize(("make", "allowed"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_wrong_file_is_refused_by_name_with_a_sentence(
    tmp_path: Path, make: Callable[[Path], Path], allowed: set[str]
) -> None:
    path = make(tmp_path)
    with pytest.raises(FileRefused) as caught:
        read_rows(path, "patents")
    assert caught.value.code in allowed
    for language in LANGUAGES:
        assert path.name in refusal_sentence(caught.value, language)


def test_a_wrong_dimension_does_not_hide_rows(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", 表=[PATENT_HEADER, *[PATENT_ROW] * 500])

    def lie(name: str, content: bytes) -> bytes:
        return content.replace(b'<dimension ref="A1:F501"/>', b'<dimension ref="A1:F2"/>')

    assert len(list(read_rows(rezipped(path, lie), "patents").rows)) == 500


class TestLimits:
    def test_a_parser_that_takes_too_long_costs_only_itself(self, tmp_path: Path, monkeypatch) -> None:
        path = write_xlsx(tmp_path / "x.xlsx", 表=[PATENT_HEADER, PATENT_ROW])
        monkeypatch.setattr(isolation, "limits_for", lambda size: (0, 2_000_000_000))
        with pytest.raises(FileRefused) as caught:
            read_rows(path, "patents")
        assert caught.value.code == "file_too_costly"

    def test_a_parser_that_takes_too_much_memory_costs_only_itself(self, tmp_path: Path, monkeypatch) -> None:
        texts = [random.Random(number).randbytes(8_000).hex() for number in range(600)]
        path = write_xlsx(tmp_path / "x.xlsx", 表=[PATENT_HEADER, *[[*PATENT_ROW[:5], text] for text in texts]])
        monkeypatch.setattr(isolation, "limits_for", lambda size: (20, 45_000_000))
        with pytest.raises(FileRefused) as caught:
            read_rows(path, "patents")
        assert caught.value.code == "file_too_costly"

    def test_limits_grow_with_the_file(self) -> None:
        assert process_limits.limits_for(0) == (process_limits.SECONDS, process_limits.MEMORY_BYTES)
        assert process_limits.limits_for(100_000_000) == (170, 2_200_000_000)

    @pytest.mark.parametrize(("extra", "refused"), [(-1, False), (0, False), (1, True)])
    def test_a_file_may_have_exactly_the_largest_size(
        self, tmp_path: Path, monkeypatch, extra: int, refused: bool
    ) -> None:
        path = write_csv(tmp_path / "x.csv", [PATENT_HEADER, PATENT_ROW])
        monkeypatch.setattr(guard, "MAX_BYTES", path.stat().st_size - extra)
        if refused:
            with pytest.raises(FileRefused) as caught:
                read_rows(path, "patents")
            assert caught.value.code == "file_too_large"
        else:
            assert len(list(read_rows(path, "patents").rows)) == 1


def damaged(content: bytes, random_: random.Random) -> bytes:
    """One of the ways in which files get damaged."""
    start = random_.randrange(len(content))
    length = random_.choice((1, 2, 7, 50, 400))
    way = random_.randrange(6)
    if way == 0:
        return content[:start]
    if way == 1:
        return content[:start] + content[start + length :]
    if way == 2:
        return content[:start] + random_.randbytes(length) + content[start + length :]
    if way == 3:
        return (
            content[:start] + random_.choice((b'"', b",", b"\n", b"\x00", b";", b"\xff\xfe", b"PK")) + content[start:]
        )
    if way == 4:
        return content[:start] + content[start : start + length] * 3 + content[start + length :]
    return random_.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b"PK\x03\x04", b"<?xml", b"{")) + content


def test_a_damaged_real_file_is_refused_or_read_and_never_breaks(shared: Path, tmp_path: Path) -> None:
    """Each case: a real file's beginning, damaged; reading ends in a refusal or in rows, each with record or reason."""
    random_ = random.Random(20230711)
    folder = shared / "data"
    texts = [folder / "patents/a01/A01J.csv", folder / "enterprises/quanzhou_register.csv",
             *sorted((folder / "patents/bulletin_2019").glob("*.csv"))]  # fmt: skip
    beginnings = [path.read_bytes()[:6_000].rpartition(b"\n")[0] for path in texts]
    beginnings.append(workbook(tmp_path).read_bytes())
    endings = {"refused": 0, "read": 0}
    for number in range(cases(500, 20_000)):
        is_workbook = number % 25 == 0  # each costs a parser process
        path = tmp_path / "damaged.csv"
        path.write_bytes(damaged(beginnings[-1] if is_workbook else random_.choice(beginnings[:-1]), random_))
        try:
            rows = list(read_rows(path).rows)
        except FileRefused as refusal:
            endings["refused"] += 1
            assert refusal_sentence(refusal)
            continue
        endings["read"] += 1
        assert all(row.record or any(problem.severity == "error" for problem in row.problems) for row in rows)
    assert min(endings.values()) > 0


@pytest.mark.parametrize(("columns", "refused"), [(16_384, False), (16_385, True), (300_000, True)])
def test_a_line_of_more_columns_than_any_sheet_has_is_refused_before_it_is_read(
    tmp_path: Path, columns: int, refused: bool
) -> None:
    file = tmp_path / "wide.csv"
    file.write_text("企业名称" + "," * (columns - 1) + "\n晋江市某某鞋业有限公司\n", "utf-8")
    looked: list[object] = []

    def note(rows: object) -> bool:
        looked.append(rows)
        return False

    try:
        delimited.open_text(file, file.name, note)
        assert not refused and looked
    except FileRefused as told:
        assert refused and not looked and (told.code, told.data["columns"]) == ("sheet_too_wide", columns)
