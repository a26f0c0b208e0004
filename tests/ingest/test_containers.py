"""Traditional characters and Big5 are read; what is no table says what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.guard import recognise
from ingest.reading import read_rows
from matchhub.errors import FileRefused

TABLE = "專利名稱,申請號,專利權人,法律狀態\r\n一種鞋底,201710601862.3,晉江某某鞋業有限公司,專利權維持\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "gb18030", "utf-16"])
def test_traditional_headers_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE.encode(encoding))
    (row,) = read_rows(path, "patents").rows
    record: Any = row.record
    assert (record.title, record.owners, record.status.validity) == ("一種鞋底", ("晉江某某鞋業有限公司",), "in_force")


def test_simplified_gbk_stays_gbk(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("专利名称,申请号,专利权人\r\n一种鞋底,201710601862.3,晋江某某鞋业有限公司\r\n".encode("gbk"))
    read = read_rows(path, "patents")
    record: Any = next(read.rows).record
    assert record.owners == ("晋江某某鞋业有限公司",)


def packed(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x00\x00\x24ftypheic\x00\x00", "file_is_heic"),
        (b"\x00\x00\x00\x20ftypmif1\x00\x00", "file_is_heic"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00", "file_is_video"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00" + b"\x01" * 50, "file_is_access"),
        (b"Received: from a\r\n by b\r\nFrom: x@invented.example\r\nSubject: list\r\n\r\nhello", "file_is_email"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        recognise(path, "a.xlsx")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Index/Document.iwa", "Metadata/Properties.plist"), "file_is_numbers"),
        (("Index.zip", "preview.jpg"), "file_is_numbers"),
        (("OFD.xml", "Doc_0/Document.xml"), "file_is_ofd"),
    ],
)
def test_containers_of_other_programs_get_their_own_sentence(tmp_path: Path, names: tuple[str, ...], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        recognise(packed(tmp_path / "a.numbers", *names), "a.numbers")
    assert refused.value.code == code


def test_a_csv_file_that_begins_like_a_mail_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,From,Subject\n2024-01-01,甲,乙\n", "utf-8")
    assert recognise(path, "a.csv") == "text"
