"""Lists that were published as Word or PDF files are read as tables; what holds no table says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.reading import read_rows
from matchhub.errors import FileRefused
from tests.ingest.documents import write_docx, write_pdf, write_pdf_text

HEADER = ["序号", "企业名称", "统一社会信用代码", "所属镇街"]
WIDTHS = [40, 130, 230, 100]
CODE = "91350582MA2YB4H50K"
TITLE = ["2023年晋江市高新技术企业名单", "截至2023年6月30日"]


def firms(path: Path) -> list[tuple[Any, ...]]:
    rows = [row.record for row in read_rows(path, "enterprises").rows]
    return [(each.name, each.uscc, each.region) for each in rows]  # type: ignore[union-attr]


def test_a_word_file_with_a_table_is_read(tmp_path: Path) -> None:
    rows = [HEADER, ["1", "晋江市甲鞋业有限公司", CODE, "陈埭镇"], ["合计", "1家", "", ""]]
    path = write_docx(tmp_path / "a.docx", ["各有关单位：", *TITLE], rows)
    read = read_rows(path, "enterprises")
    (row,) = read.rows
    record: Any = row.record
    assert (read.format, record.name, record.uscc, row.source.line) == ("docx", "晋江市甲鞋业有限公司", CODE, 5)
    assert (record.categories[0].category, str(read.as_of_on)) == ("high_tech_enterprise", "2023-06-30")
    assert [remark.code for remark in read.remarks] == ["row_left_out_total"]


def test_merged_cells_of_a_word_table_stand_in_each_row(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["1", "甲公司", "", "陈埭镇"],
        ["2", "乙公司", "", ""],
        ["一、青阳街道（1家）", "", "", ""],
        ["3", "丙公司", "", "青阳街道"],
    ]
    path = write_docx(tmp_path / "a.docx", [], rows)
    document = docx.Document(str(path))
    table = document.tables[0]
    table.cell(1, 3).merge(table.cell(2, 3))
    table.cell(3, 0).merge(table.cell(3, 3))
    document.save(str(path))
    assert firms(path) == [("甲公司", None, "陈埭镇"), ("乙公司", None, "陈埭镇"), ("丙公司", None, "青阳街道")]


def test_tracked_changes_count_as_accepted(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", [], [HEADER, ["1", "甲", "", "陈埭镇"]])
    document = docx.Document(str(path))
    place = document.tables[0].cell(1, 1).paragraphs[0]._p
    place.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>公司</w:t></w:r></w:ins>"))
    place.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>集团</w:delText></w:r></w:del>"))
    place.append(parse_xml(f"<w:moveFrom {nsdecls('w')}><w:r><w:t>旧</w:t></w:r></w:moveFrom>"))
    document.save(str(path))
    assert firms(path) == [("甲公司", None, "陈埭镇")]


def test_a_pdf_file_with_a_table_over_several_pages_is_read(tmp_path: Path) -> None:
    pages: Any = [
        [HEADER, ["1", "晋江市甲鞋业\n有限公司", CODE, "陈埭镇"], ["2", "乙公司", "", None]],
        [HEADER, ["3", "丙公司", "", "青阳街道"]],
        [["4", "丁公司", "", "青阳街道"]],
    ]
    read = read_rows(write_pdf(tmp_path / "a.pdf", TITLE, pages, WIDTHS, "- 1 -"), "enterprises")
    rows: list[Any] = [row.record for row in read.rows]
    assert [(each.name, each.uscc, each.region) for each in rows] == [
        ("晋江市甲鞋业有限公司", CODE, "陈埭镇"),
        ("乙公司", None, "陈埭镇"),
        ("丙公司", None, "青阳街道"),
        ("丁公司", None, "青阳街道"),
    ]
    assert {each.categories[0].official_list for each in rows} == {" ".join(TITLE)}
    assert [remark.code for remark in read.remarks] == ["row_left_out_header"]


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_two_tables_of_a_document_are_two(tmp_path: Path, kind: str) -> None:
    first, second = [HEADER, ["1", "甲公司", "", "陈埭镇"]], [[*HEADER, "备注"], ["1", "乙公司", "", "青阳街道", ""]]
    if kind == "docx":
        path = write_docx(tmp_path / "a.docx", [], first, second)
    else:
        path = write_pdf(tmp_path / "a.pdf", [], [first], WIDTHS)
        pages = [first, [[*row, ""] for row in first]]
        path = write_pdf(tmp_path / "a.pdf", [], pages, [40, 130, 200, 80, 40])
    assert [part.sheet for part in read_rows(path, "enterprises").parts] == ["表1", "表2"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: write_pdf_text(folder / "a.pdf", ["关于公布名单的通知", "各有关单位："]), "pdf_without_table"),
        (lambda folder: write_pdf_text(folder / "a.pdf", []), "pdf_scanned"),
        (lambda folder: write_docx(folder / "a.docx", ["关于公布名单的通知"]), "word_without_table"),
    ],
)
def test_a_document_without_table_says_so(tmp_path: Path, make: Any, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_rows(make(tmp_path), "enterprises")
    assert refused.value.code == code
