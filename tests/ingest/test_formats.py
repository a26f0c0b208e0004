"""Every format an operator gets, read to the same record."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_rows
from matchhub.errors import FileRefused
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx

NUMBER = "201710601862.3"
OTHER = "201710117081.7"


def records(path: Path, **options: Any) -> list[Any]:
    return [row.record for row in read_rows(path, "patents", **options).rows]


def numbers(path: Path, **options: Any) -> list[str]:
    return [record.application_number for record in records(path, **options)]


def test_an_html_table_saved_as_xls_is_read(tmp_path: Path) -> None:
    cells = "".join(f"<td>{cell}</td>" for cell in PATENT_ROW)
    heads = "".join(f"<th>{cell}</th>" for cell in PATENT_HEADER)
    page = f"<html><meta charset=gbk><table><tr><td colspan=6>专利清单</td></tr><tr>{heads}</tr><tr>{cells}</tr></table></html>"
    path = tmp_path / "导出.xls"
    path.write_bytes(page.encode("gb18030"))
    read = read_rows(path, "patents")
    assert [getattr(row.record, "title", "") for row in read.rows] == ["一种鞋底"]
    assert (read.format, read.header_line) == ("html", 2)


def test_cells_of_html_that_span_rows_stand_in_each(tmp_path: Path) -> None:
    page = (
        "<table><tr><th>申请人</th><th>申请号</th><th>专利名称</th></tr>"
        f"<tr><td rowspan=2>甲<br>公司</td><td>{NUMBER}</td><td>鞋</td></tr><tr><td>{OTHER}</td><td>伞</td></tr></table>"
    )
    path = tmp_path / "t.html"
    path.write_text(page, encoding="utf-8")
    found = records(path)
    assert [(record.applicants, record.title) for record in found] == [(("甲", "公司"), "鞋"), (("甲", "公司"), "伞")]


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"code": 0, "data": {"list": rows, "total": 2}}])
def test_json_lists_are_read(tmp_path: Path, wrap: Any) -> None:
    rows = [
        {"标题": "鞋", "申请号": NUMBER, "申请人": ["甲公司", "乙公司"]},
        {"标题": "伞", "申请号": OTHER, "摘要": None},
    ]
    path = tmp_path / "t.json"
    path.write_text(json.dumps(wrap(rows), ensure_ascii=False), encoding="utf-8")
    found = records(path)
    assert [record.application_number for record in found] == [NUMBER, OTHER]
    assert found[0].applicants == ("甲公司", "乙公司")


def test_a_json_record_of_blanks_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    rows = [{"title": "鞋", "application_number": NUMBER}, {"title": " ", "application_number": None}, {}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    read = read_rows(path, "patents")
    assert (read.row_count, len(list(read.rows)), read.remarks) == (1, 1, [])


@pytest.mark.parametrize("odd", ["\0", "\ud83d"])
def test_what_no_database_takes_is_reported_as_damage(tmp_path: Path, odd: str) -> None:
    """The zero character and half a character, in a cell and in a header; whole characters of two halves stay."""
    path = tmp_path / "t.jsonl"
    rows = [
        {"title": "鞋👟", "application_number": NUMBER, f"备注{odd}": ""},
        {"title": f"伞{odd}", "application_number": OTHER},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    read = read_rows(path, "patents")
    good, bad = read.rows
    assert getattr(good.record, "title", "") == "鞋👟"
    assert ([problem.code for problem in bad.problems], bad.record) == (["cell_damaged"], None)
    assert [column.header for column in read.unknown_columns] == ["备注\ufffd"]


def test_a_zero_character_in_a_text_file_is_reported_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"名称,申请号\r\n鞋\0底,{NUMBER}\r\n伞,{OTHER}\r\n".encode())
    bad, good = read_rows(path, "patents").rows
    assert ([problem.code for problem in bad.problems], bad.record) == (["cell_damaged"], None)
    assert "\0" not in repr(bad.source.raw) and good.record is not None


def test_json_lines_are_read_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    lines = [json.dumps({"title": "鞋", "application_number": number}) for number in (NUMBER, OTHER)]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    assert [row.source.line for row in read_rows(path, "patents").rows] == [1, 3]
    path.write_text(lines[0] + "\n{broken", encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        read_rows(path, "patents")
    assert (caught.value.code, caught.value.data["line"]) == ("json_damaged", 2)


ST36 = """<?xml version="1.0" encoding="UTF-8"?>
<cn-patent-document lang="zh" country="CN"><cn-bibliographic-data>
<cn-publication-reference><document-id><country>CN</country><doc-number>109996757</doc-number><kind>A</kind>
<date>20190709</date></document-id></cn-publication-reference>
<publication-reference><document-id><country>CN</country><doc-number>109996757</doc-number><kind>A</kind>
<date>20190709</date></document-id></publication-reference>
<application-reference><document-id><country>CN</country><doc-number>201710601862.3</doc-number>
<date>20170721</date></document-id></application-reference>
<classifications-ipcr><classification-ipcr><section>A</section><class>43</class><subclass>B</subclass>
<main-group>13</main-group><subgroup>14</subgroup></classification-ipcr></classifications-ipcr>
<invention-title lang="zh">一种鞋底</invention-title>
<parties><applicants><applicant sequence="1"><addressbook><name>甲公司</name></addressbook></applicant>
<applicant sequence="2"><addressbook><name>乙大学</name></addressbook></applicant></applicants>
<inventors><inventor><addressbook><last-name>张</last-name><first-name>三</first-name></addressbook></inventor></inventors>
</parties></cn-bibliographic-data><abstract><p>一种耐磨的鞋底。</p></abstract></cn-patent-document>"""

ST96 = """<?xml version="1.0" encoding="UTF-8"?>
<b:PatentDocumentAndRelated xmlns:b="urn:invented:business" xmlns:base="urn:invented:base">
<b:BibliographicData>
<b:PublicationReference dataFormat="standard"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>
<base:DocNumber>000000000109996757</base:DocNumber><base:Kind>A</base:Kind><base:Date>20190709</base:Date></base:DocumentID>
</b:PublicationReference>
<b:PublicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>
<base:DocNumber>109996757</base:DocNumber><base:Kind>A</base:Kind><base:Date>20190709</base:Date></base:DocumentID>
</b:PublicationReference>
<b:ApplicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>
<base:DocNumber>201710601862.3</base:DocNumber><base:Date>20170721</base:Date></base:DocumentID></b:ApplicationReference>
<b:ClassificationIPCRDetails><b:ClassificationIPCR><base:Text>A43B 13/14</base:Text></b:ClassificationIPCR></b:ClassificationIPCRDetails>
<b:InventionTitle>一种鞋底</b:InventionTitle>
<b:Parties><b:ApplicantDetails><b:Applicant><base:AddressBook><base:Name>甲公司</base:Name></base:AddressBook></b:Applicant>
<b:Applicant><base:AddressBook><base:Name>乙大学</base:Name></base:AddressBook></b:Applicant></b:ApplicantDetails>
<b:InventorDetails><b:Inventor><base:AddressBook><base:Name>张三</base:Name></base:AddressBook></b:Inventor></b:InventorDetails>
</b:Parties></b:BibliographicData><b:Abstract><base:Paragraphs>一种耐磨的鞋底。</base:Paragraphs></b:Abstract>
</b:PatentDocumentAndRelated>"""


@pytest.mark.parametrize("text", [ST36, ST96], ids=["ST.36", "ST.96"])
def test_patent_documents_in_xml_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.xml"
    path.write_text(text, encoding="utf-8")
    (record,) = records(path)
    assert (record.application_number, record.publication_number) == (NUMBER, "CN109996757A")
    assert (record.title, record.abstract) == ("一种鞋底", "一种耐磨的鞋底。")
    assert (record.applicants, record.inventors, record.ipc) == (("甲公司", "乙大学"), ("张三",), ("A43B 13/14",))
    assert (str(record.filed_on), str(record.published_on)) == ("2017-07-21", "2019-07-09")


def test_many_patent_documents_in_one_file_are_many_rows(tmp_path: Path) -> None:
    one = ST36.partition("?>")[2]
    path = tmp_path / "t.xml"
    path.write_text(f"<documents>{one}{one.replace(NUMBER, OTHER)}</documents>", encoding="utf-8")
    assert numbers(path) == [NUMBER, OTHER]


def test_plain_records_in_xml_are_read(tmp_path: Path) -> None:
    rows = "".join(f"<row><专利名称>鞋</专利名称><申请号>{number}</申请号></row>" for number in (NUMBER, OTHER))
    path = tmp_path / "t.xml"
    path.write_text(f"<rows>{rows}</rows>", encoding="utf-8")
    assert numbers(path) == [NUMBER, OTHER]


def test_a_spreadsheet_saved_as_xml_is_read(tmp_path: Path) -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"

    def row(cells: list[str]) -> str:
        return "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells) + "</Row>"

    path = tmp_path / "t.xls"
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="甲"><Table>'
        f"{row(PATENT_HEADER)}{row(PATENT_ROW)}</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    read = read_rows(path, "patents")
    assert read.sheet == "甲" and len(list(read.rows)) == 1


def ods_content(rows: list[list[str]]) -> str:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    return (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="甲">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def test_an_ods_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ods_content([PATENT_HEADER, PATENT_ROW]))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    assert numbers(path) == [NUMBER]


class TestZip:
    def make(self, tmp_path: Path, members: dict[str, bytes]) -> Path:
        path = tmp_path / "包.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return path

    def test_every_table_inside_is_read_and_what_is_none_is_reported(self, tmp_path: Path) -> None:
        first = write_csv(tmp_path / "a.csv", [PATENT_HEADER, PATENT_ROW], "gb18030").read_bytes()
        second = write_xlsx(tmp_path / "b.xlsx", 表=[PATENT_HEADER, ["伞", OTHER]]).read_bytes()
        members = {"一/甲.csv": first, "乙.xlsx": second, "照片.jpg": b"\xff\xd8\xff\xe0 photo", "__MACOSX/x": b"x"}
        read = read_rows(self.make(tmp_path, members), "patents")
        rows: list[Any] = list(read.rows)
        assert [(row.source.file, row.record.application_number) for row in rows] == [
            ("包.zip/一/甲.csv", NUMBER),
            ("包.zip/乙.xlsx", OTHER),
        ]
        assert [(remark.code, remark.value) for remark in read.remarks] == [("table_left_out", "包.zip/照片.jpg")]

    def test_one_member_alone_speaks_for_itself(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused) as caught:
            read_rows(self.make(tmp_path, {"x.pdf": b"%PDF-1.7 ..."}), "patents")
        assert caught.value.code == "file_damaged"

    @pytest.mark.parametrize("members", [{"空/": b""}, {"a.jpg": b"\xff\xd8\xff\xe0", "b.pdf": b"%PDF-1"}])
    def test_without_tables_it_is_refused(self, tmp_path: Path, members: dict[str, bytes]) -> None:
        with pytest.raises(FileRefused) as caught:
            read_rows(self.make(tmp_path, members), "patents")
        assert caught.value.code == "zip_nothing_inside"

    def test_an_archive_inside_an_archive_is_not_opened(self, tmp_path: Path) -> None:
        inner = self.make(tmp_path, {"a.csv": b"x"}).read_bytes()
        with pytest.raises(FileRefused) as caught:
            read_rows(self.make(tmp_path, {"inner.zip": inner}), "patents")
        assert caught.value.code == "zip_in_zip"

    def test_chinese_names_without_the_utf8_flag_are_readable(self, tmp_path: Path) -> None:
        path = self.make(
            tmp_path, {"xxxx.csv": write_csv(tmp_path / "a.csv", [PATENT_HEADER, PATENT_ROW]).read_bytes()}
        )
        path.write_bytes(path.read_bytes().replace(b"xxxx.csv", "专利".encode("gb18030") + b".csv"))
        assert next(read_rows(path, "patents").rows).source.file == "包.zip/专利.csv"
