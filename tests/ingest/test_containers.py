"""Traditional characters and Big5 are read; what is no table says what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.guard import recognise
from ingest.reading import read_rows
from matchhub.domain.records import Kind, PatentRecord
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
        (b"[InternetShortcut]\r\nURL=https://x.example\r\n", "file_is_shortcut"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 40, "file_is_shortcut"),
        (b"bplist00" + b"\x01" * 40, "file_is_webarchive"),
        (b"ID3\x03" + b"\x00" * 40, "file_is_video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "file_is_picture"),
        (b"AT&TFORM\x00\x00\x00\x00DJVM", "file_is_picture"),
        (b"From: a@invented.example\r\nTo: b@invented.example\r\nSubject: x\r\n\r\nhello", "file_is_email"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le"), "file_is_word"),
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


def test_a_document_of_another_office_is_told_by_its_type(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(FileRefused, match="file_is_word"):
        recognise(path, "a.odt")


def test_the_temporary_file_of_an_open_workbook_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x05user" + b" " * 50)
    with pytest.raises(FileRefused, match="file_is_lock"):
        recognise(path, "~$名单.xlsx")


@pytest.mark.parametrize("encoding", ["big5", "gb2312", "utf-8"])
def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    words = ("專利名稱", "申請號") if encoding == "big5" else ("专利名称", "申请号")
    cells = "".join(f"<td>{word}</td>" for word in words)
    rows = f"<tr>{cells}</tr><tr><td>鞋底</td><td>201710601862.3</td></tr>"
    path = tmp_path / "a.html"
    path.write_bytes(f'<html><head><meta charset="{encoding}"></head><table>{rows}</table></html>'.encode(encoding))
    (row,) = read_rows(path, "patents").rows
    assert isinstance(row.record, PatentRecord) and row.record.title == "鞋底"


@pytest.mark.parametrize(
    ("kind", "lines", "field", "value"),
    [
        ("offers", ["專利號,專利權人,許可使用費,聲明日期,許可期限", "201710601862.3,甲,免費,2024-01-02,至專利權終止"], "fee_method", "free"),
        ("enterprises", ["企業名稱,統一社會信用代碼,登記狀態", "甲公司,,註銷"], "existence", "struck_off"),
        ("deals", ["專利號,轉讓方,受讓方,簽訂日期,合同金額（萬元）,交易類型", "201710601862.3,甲,乙,2024-01-02,5,轉讓"], "deal_type", "transfer"),
        ("patents", ["申請號,名稱,申請人", "201710601862.3,鞋,晉江甲鞋業有限公司和泉州師範大學"], "applicants", 2),
        ("experts", ["姓名,工作單位,研究領域", "李某,甲大學,高分子", "備註：以上為專家,,"], "organisation", "甲大學"),
    ],
)  # fmt: skip
def test_words_in_traditional_cells_are_understood(
    tmp_path: Path, kind: Kind, lines: list[str], field: str, value: object
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode("big5"))
    (row,) = read_rows(path, kind).rows
    found: Any = getattr(row.record, field)
    assert value in (found, getattr(found, "state", None), len(found) if isinstance(found, tuple) else None)
    assert row.problems == ()


def test_a_csv_file_that_begins_like_a_mail_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Date,From,Subject\n2024-01-01,甲,乙\n", "utf-8")
    assert recognise(path, "a.csv") == "text"
