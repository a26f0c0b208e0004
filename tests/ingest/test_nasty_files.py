"""Thirty invented files as clerks and vendors really send them: one nastiness each, and all rows are read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.reading import ReadFile, read_rows
from ingest.vendors import vendor_of
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx

NUMBER = "201710601862.3"
Make = Callable[[Path], Path]


def text(content: str, name: str = "x.csv", encoding: str = "utf-8") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode(encoding))
        return folder / name

    return make


def table(*rows: list[Any], name: str = "x.xlsx") -> Make:
    return lambda folder: write_xlsx(folder / name, 表=rows)


def cell(header: str, value: object) -> Make:
    """A workbook with one good row and one more column."""
    return table([*PATENT_HEADER, header], [*PATENT_ROW, value])


def number(written: object) -> Make:
    """A workbook whose application number is written in a special way."""
    return table(PATENT_HEADER, [PATENT_ROW[0], written, *PATENT_ROW[2:]])


def hidden_sheet(folder: Path) -> Path:
    with xlsxwriter.Workbook(str(folder / "x.xlsx")) as workbook:
        for title in ("甲", "旧数据"):
            sheet = workbook.add_worksheet(title)
            sheet.write_row(0, 0, PATENT_HEADER)
            sheet.write_row(1, 0, PATENT_ROW)
        sheet.hide()
    return folder / "x.xlsx"


def day_number(folder: Path) -> Path:
    with xlsxwriter.Workbook(str(folder / "x.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, PATENT_HEADER)
        sheet.write_row(1, 0, PATENT_ROW)
        sheet.write_number(1, 3, 42937)
    return folder / "x.xlsx"


def real_date(folder: Path) -> Path:
    with xlsxwriter.Workbook(str(folder / "x.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, PATENT_HEADER)
        sheet.write_row(1, 0, PATENT_ROW)
        sheet.write_datetime(1, 3, date(2017, 7, 21), workbook.add_format({"num_format": "m/d/yy"}))
    return folder / "x.xlsx"


def kept(name: str) -> Make:
    """A file that nothing here can write, kept beside this module."""
    return lambda folder: Path(shutil.copy(Path(__file__).parent / "nasty" / name, folder / name))


HEAD, ROW = ",".join(PATENT_HEADER), ",".join(PATENT_ROW)
FINE: list[tuple[str, Make]] = [
    ("a hint for spreadsheets above the header", text(f"sep=,\n{HEAD}\n{ROW}\n")),
    ("line ends of old Macs", text(f"{HEAD}\r{ROW}\r")),
    ("no line end at the end", text(f"{HEAD}\n{ROW}")),
    ("blank lines everywhere", text(f"\n\n{HEAD}\n\n\n{ROW}\n\n ,,\n")),
    ("unicode text named xls", text(f"{HEAD}\n{ROW}\n".replace(",", "\t"), "x.xls", "utf-16")),
    ("a csv named xlsx", text(f"{HEAD}\n{ROW}\n", "x.xlsx", "gb18030")),
    ("a workbook named csv", table(PATENT_HEADER, PATENT_ROW, name="x.csv")),
    ("a line break in a header", text(f'"专利\n名称",{HEAD.partition(",")[2]}\n{ROW}\n')),
    ("a delimiter at the end of every line", text(f"{HEAD},,\n{ROW},,\n")),
    ("a row shorter than its header", table([*PATENT_HEADER, "发明人", "地址"], PATENT_ROW)),
    ("an empty column between", table([*PATENT_HEADER[:2], None, *PATENT_HEADER[2:]], [*PATENT_ROW[:2], None, *PATENT_ROW[2:]])),
    ("a column of running numbers", table(["序号", *PATENT_HEADER], [1, *PATENT_ROW])),
    ("a title, a date and a blank row above", table(["专利清单"], ["制表日期:2023-12-31", "单位:件"], [], PATENT_HEADER, PATENT_ROW)),
    ("an empty first sheet", lambda folder: write_xlsx(folder / "x.xlsx", 空=[], 表=[PATENT_HEADER, PATENT_ROW])),
    ("a cover sheet of words", lambda folder: write_xlsx(folder / "x.xlsx", 封面=[["关于专利"], ["说明"]], 表=[PATENT_HEADER, PATENT_ROW])),
    ("a hidden sheet", hidden_sheet),
    ("a total below", table(PATENT_HEADER, PATENT_ROW, ["合计", "1件"])),
    ("a note below", table(PATENT_HEADER, PATENT_ROW, ["注:数据来源于公开资料。"])),
    ("the header once more", table(PATENT_HEADER, PATENT_ROW, PATENT_HEADER)),
    ("a text formula around the number", text(f'{HEAD}\n{ROW.replace("CN201710601862.3", chr(61) + chr(34) + NUMBER + chr(34))}\n')),
    ("an apostrophe before the number", number("'" + NUMBER)),
    ("a tab behind the number", number(NUMBER + "\t")),
    ("soft hyphens in the number", number("CN2017\u00ad1060\u00ad1862.3")),
    ("full width digits", number("２０１７１０６０１８６２．３")),
    ("a numeric cell", number(2017106018623)),
    ("a hyperlink formula", number(f'=HYPERLINK("http://invented.example","{NUMBER}")')),
    ("a day number", day_number),
    ("a date cell in American form", real_date),
    ("two columns of one name", table([*PATENT_HEADER, "申请号"], [*PATENT_ROW, ""])),
    ("a mark of the vendor in a header", table([*PATENT_HEADER[:2], "[标]申请人", *PATENT_HEADER[3:]], PATENT_ROW)),
    ("a cell of emoji and rare characters", cell("备注", "𠮷👟\u200d")),
    ("a workbook of the old binary form (BIFF8), title merged above, a date by its format, total below", kept("old_binary.xls")),
    ("damaged separators of classes", table(PATENT_HEADER, [*PATENT_ROW[:4], "A43B13/14(2006.01)I;??A43B7/00(2006.01)I", PATENT_ROW[5]])),
]  # fmt: skip


@pytest.mark.parametrize("make", [case[1] for case in FINE], ids=[case[0] for case in FINE])
def test_a_nasty_but_honest_file_is_read_whole(tmp_path: Path, make: Make) -> None:
    rows: list[Any] = list(read_rows(make(tmp_path), "patents").rows)
    assert [problem.code for row in rows for problem in row.problems] == []
    assert len(rows) == 1
    record = rows[0].record
    assert (record.title, record.application_number, record.ipc[0]) == ("一种鞋底", NUMBER, "A43B 13/14")
    assert (record.applicants, record.filed_on) == (("晋江某某鞋业有限公司",), date(2017, 7, 21))


def test_there_are_thirty_and_each_has_its_own_reason() -> None:
    assert len({case[0] for case in FINE}) == len(FINE) >= 30


def remarks(read: ReadFile) -> list[tuple[str, str]]:
    list(read.rows)
    return [(remark.code, remark.value) for remark in read.remarks]


def test_the_old_binary_workbook_is_one_and_its_total_is_reported(tmp_path: Path) -> None:
    path = kept("old_binary.xls")(tmp_path)
    assert path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    read = read_rows(path, "patents")
    assert (read.format, read.sheet, read.header_line) == ("xls", "专利", 2)
    assert remarks(read) == [("row_left_out_total", "合计")]


def test_a_hidden_sheet_is_reported_and_can_be_asked_for(tmp_path: Path) -> None:
    assert remarks(read_rows(hidden_sheet(tmp_path), "patents")) == [("sheet_hidden", "旧数据")]
    asked = read_rows(tmp_path / "x.xlsx", "patents", sheet="旧数据")
    assert len(list(asked.rows)) == 1 and asked.remarks == []


def test_a_sheet_of_another_kind_is_reported(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", 专利=[PATENT_HEADER, PATENT_ROW], 封面=[["说明"], ["二"]])
    assert remarks(read_rows(path, "patents")) == [("table_left_out", "封面")]


@pytest.mark.parametrize(
    ("headers", "vendor"),
    [
        (["标题(译)(简体中文)", "当前申请(专利权)人", "公开(公告)号"], "PatSnap"),
        (["标题 (中文)", "摘要（中文）", "申请号"], "incoPat"),
        (["appNumber", "pubNumber", "title"], "CNIPR"),
        (["申请（专利权）人", "公开（公告）号", "发明（设计）人"], "CNIPA"),
        (["item", "filing_id", "authorization_notice_id"], "bulletin"),
        (PATENT_HEADER, ""),
    ],
)
def test_a_vendor_is_known_by_its_headers(headers: list[str], vendor: str) -> None:
    assert vendor_of(headers) == vendor


def test_the_vendor_stands_with_the_table(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [["标题(中文)", "摘要(中文)", "申请号"], ["鞋", "底", NUMBER]])
    assert read_rows(path, "patents").parts[0].vendor == "incoPat"


def test_every_header_word_of_the_facts_has_its_field(shared: Path) -> None:
    import json

    from ingest.columns import read_header
    from ingest.tables import RawRow

    same = {
        "applicant": "applicants", "owner": "owners", "inventor": "inventors", "filing_date": "filed_on",
        "publication_date": "published_on", "grant_date": "granted_on", "expiry_date": "expires_on", "legal_status": "status",
    }  # fmt: skip
    not_of_the_patent = {"agent", "uscc", "transfer", "licence", "pledge"}
    partly = {"address"}
    facts = json.loads((shared / "facts/export_headers.json").read_text(encoding="utf-8"))
    for field, words in facts["synonyms"].items():
        header = read_header(RawRow(1, tuple(words)), "patents")
        if field in not_of_the_patent:
            continue
        meant = {column.field for column in header.columns}
        assert header.unknown == () and meant <= {same.get(field, field)} | ({""} if field in partly else set())
