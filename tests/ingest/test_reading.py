"""The way in: header found, columns understood, one row out for each row in, wrong files refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.reading import read_rows
from matchhub.domain.records import KINDS, Kind
from matchhub.errors import FileRefused
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx


def refusal(path: Path, kind: Kind | None = None, **options: Any) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_rows(path, kind, **options)
    return caught.value


def rows_of(path: Path, kind: Kind | None = None, **options: Any) -> list[Any]:
    """Rows of a file; untyped, because each kind has its own record."""
    return list(read_rows(path, kind, **options).rows)


def records(path: Path, kind: Kind | None = None, **options: Any) -> list[Any]:
    return [row.record for row in rows_of(path, kind, **options)]


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
    def test_the_encoding_is_found(self, tmp_path: Path, encoding: str) -> None:
        path = write_csv(tmp_path / "t.csv", [PATENT_HEADER, PATENT_ROW], encoding)
        read = read_rows(path, "patents")
        assert [getattr(row.record, "title", None) for row in read.rows] == ["一种鞋底"]
        assert read.row_count == 1

    @pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "；", "^"])
    def test_the_delimiter_is_found(self, tmp_path: Path, delimiter: str) -> None:
        path = write_csv(tmp_path / "t.txt", [PATENT_HEADER, PATENT_ROW], delimiter=delimiter)
        assert records(path, "patents")[0].applicants == ("晋江某某鞋业有限公司",)

    def test_quoted_line_breaks_stay_in_their_cell_and_lines_are_counted(self, tmp_path: Path) -> None:
        first = [*PATENT_ROW[:5], "第一行\n第二行,含逗号\n第三行"]
        path = write_csv(tmp_path / "t.csv", [PATENT_HEADER, first, PATENT_ROW], newline="\n")
        rows = rows_of(path, "patents")
        assert rows[0].record.abstract == "第一行\n第二行,含逗号\n第三行"
        assert [row.source.line for row in rows] == [2, 5]

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_quotation_mark_that_never_closes_is_refused_with_its_line(self, tmp_path: Path, times: int) -> None:
        path = tmp_path / "t.csv"
        path.write_text(",".join(PATENT_HEADER) + '\n一种鞋底,"CN201710601862.3,甲\n乙,丙\n' * times, encoding="utf-8")
        found = refusal(path, "patents")
        assert found.code == "csv_quote_open" and found.data["line"] == 2

    def test_blank_rows_are_no_rows(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "t.csv", [[], PATENT_HEADER, ["", " "], PATENT_ROW, [], []])
        read = read_rows(path, "patents")
        assert (read.row_count, len(list(read.rows))) == (1, 1)

    def test_a_row_with_damaged_bytes_is_refused_and_the_others_are_read(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "t.csv", [PATENT_HEADER, PATENT_ROW] + [PATENT_ROW] * 50)
        content = path.read_bytes()
        place = content.index("耐磨".encode())
        path.write_bytes(content[:place] + b"\xff" + content[place + 1 :])
        rows = rows_of(path, "patents")
        assert [problem.code for problem in rows[0].problems] == ["cell_damaged"] and rows[0].record is None
        assert all(row.record for row in rows[1:]) and len(rows) == 51


class TestHeader:
    def test_title_rows_above_the_header_are_passed_over(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "t.xlsx", 专利=[["晋江市专利清单(2023年)"], ["制表:某某", None], PATENT_HEADER, PATENT_ROW]
        )
        read = read_rows(path, "patents")
        assert (read.header_line, read.sheet, read.format) == (3, "专利", "xlsx")
        assert [row.source.line for row in read.rows] == [4]

    def test_a_person_may_correct_the_header_row_and_the_meaning_of_columns(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "t.csv", [["甲栏", "乙栏"], ["一种鞋底", "201710601862.3"]])
        assert refusal(path, "patents").code == "file_no_header"
        read = read_rows(path, "patents", header_line=1, mapping={"甲栏": "title", "乙栏": "application_number"})
        assert [getattr(row.record, "title", None) for row in read.rows] == ["一种鞋底"]

    def test_unknown_headers_come_with_proposals(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "t.csv", [[*PATENT_HEADER, "发明人姓名列表", "天气"], [*PATENT_ROW, "甲", "晴"]])
        unknown = read_rows(path, "patents").unknown_columns
        assert [column.header for column in unknown] == ["发明人姓名列表", "天气"]
        assert unknown[0].proposals[0][0] == "inventors" and unknown[1].proposals == ()

    def test_two_header_rows_are_read_as_one(self, tmp_path: Path) -> None:
        upper = ["转让方", "受让方", "专利号", "合同", None, None]
        lower = [None, None, None, "合同编号", "签订日期", "成交金额(万元)"]
        row = ["甲大学", "乙鞋业有限公司", "201710601862.3", "HT-1", "2023-08-01", 20]
        record = records(write_xlsx(tmp_path / "t.xlsx", 交易=[upper, lower, row]), "deals")[0]
        assert (record.contract_number, record.signed_on, record.amount_yuan) == ("HT-1", date(2023, 8, 1), 200_000)

    def test_decorations_of_headers_do_not_matter(self, tmp_path: Path) -> None:
        header = ["*专利 名称(必填)", "申\u00ad请号：", "［标］申请人", "申请日\n"]
        record = records(write_csv(tmp_path / "t.csv", [header, PATENT_ROW[:4]]), "patents")[0]
        assert (record.title, record.filed_on) == ("一种鞋底", date(2017, 7, 21))

    def test_of_two_columns_with_one_meaning_the_better_word_wins_and_the_other_fills_gaps(
        self, tmp_path: Path
    ) -> None:
        header = ["名称", "发明名称", "申请号", "申请日"]
        rows = [["甲", "乙", "201710601862.3", ""], ["甲", "", "201710117081.7", ""]]
        assert [record.title for record in records(write_csv(tmp_path / "t.csv", [header, *rows]), "patents")] == [
            "乙",
            "甲",
        ]


class TestRowsThatAreNoData:
    def test_totals_notes_and_repeated_headers_are_reported_and_left_out(self, tmp_path: Path) -> None:
        total = ["合计", None, None, None, None, "1件"]
        note = ["注:以上数据截至2023年底。"]
        path = write_xlsx(tmp_path / "t.xlsx", 表=[PATENT_HEADER, PATENT_ROW, PATENT_HEADER, PATENT_ROW, total, note])
        read = read_rows(path, "patents")
        assert len(list(read.rows)) == 2
        assert [(remark.code, remark.line) for remark in read.remarks] == [
            ("row_left_out_header", 3), ("row_left_out_total", 5), ("row_left_out_note", 6),
        ]  # fmt: skip

    def test_a_firm_whose_name_begins_like_a_total_is_data(self, tmp_path: Path) -> None:
        path = write_csv(
            tmp_path / "t.csv", [["企业名称", "地址", "备注"], ["合计科技有限公司", "", ""], ["总计", "", "2"]]
        )
        read = read_rows(path, "enterprises")
        assert [getattr(row.record, "name", None) for row in read.rows] == ["合计科技有限公司"] and len(
            read.remarks
        ) == 1

    def test_a_row_longer_than_its_header_is_held_for_a_person(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "t.csv", [PATENT_HEADER, [*PATENT_ROW, "多出来"]])
        row = rows_of(path, "patents")[0]
        assert [(problem.code, problem.severity) for problem in row.problems] == [("row_too_long", "review")]


class TestSheets:
    def test_all_sheets_with_the_same_kind_of_header_are_read(self, tmp_path: Path) -> None:
        other = [*PATENT_ROW[:1], "201710117081.7", *PATENT_ROW[2:]]
        path = write_xlsx(
            tmp_path / "t.xlsx", 封面=[["晋江市知识产权"]], 一=[PATENT_HEADER, PATENT_ROW], 二=[PATENT_HEADER, other]
        )
        rows = rows_of(path, "patents")
        assert [(row.source.sheet, row.source.line) for row in rows] == [("一", 2), ("二", 2)]

    def test_one_sheet_can_be_asked_for(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "t.xlsx", 一=[PATENT_HEADER, PATENT_ROW], 二=[PATENT_HEADER, PATENT_ROW])
        assert {row.source.sheet for row in read_rows(path, "patents", sheet="二").rows} == {"二"}
        assert refusal(path, "patents", sheet="三").code == "sheet_missing"

    def test_cells_merged_downwards_stand_in_each_row(self, tmp_path: Path) -> None:
        import xlsxwriter

        path = tmp_path / "t.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet()
            for column, header in enumerate(["需求单位", "需求名称", "技术指标"]):
                sheet.write(0, column, header)
            sheet.merge_range("A2:A3", "某某鞋业有限公司")
            sheet.write("B2", "鞋底耐磨")
            sheet.write("B3", "鞋面防水")
        assert [record.enterprise_name for record in records(path, "demands")] == ["某某鞋业有限公司"] * 2

    def test_a_table_that_begins_in_the_middle_of_a_sheet_keeps_its_lines(self, tmp_path: Path) -> None:
        path = write_xlsx(
            tmp_path / "t.xlsx", 表=[[], [None] * 9, [None, None, *PATENT_HEADER], [None, None, *PATENT_ROW]]
        )
        row = rows_of(path, "patents")[0]
        assert (row.source.line, row.record.title) == (4, "一种鞋底")


class TestKind:
    def test_the_kind_is_known_by_the_header_when_none_is_asked_for(self, tmp_path: Path) -> None:
        assert read_rows(write_csv(tmp_path / "t.csv", [PATENT_HEADER, PATENT_ROW])).kind == "patents"

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "patents"])
    def test_patents_are_refused_as_any_other_kind_which_is_named(self, tmp_path: Path, kind) -> None:
        found = refusal(write_csv(tmp_path / "t.csv", [PATENT_HEADER, PATENT_ROW]), kind)
        assert (found.code, found.data["looks_like"]) == ("file_looks_like_patents", "patents")

    def test_a_header_without_what_the_kind_needs_names_what_was_found(self, tmp_path: Path) -> None:
        found = refusal(write_csv(tmp_path / "t.csv", [["专利名称", "申请人", "摘要"], ["甲", "乙", "丙"]]), "patents")
        assert found.code == "file_columns_missing" and found.data["found"] == "专利名称、申请人、摘要"

    @pytest.mark.parametrize("kind", [*KINDS, None])
    def test_a_table_without_known_words_has_no_header(self, tmp_path: Path, kind) -> None:
        assert refusal(write_csv(tmp_path / "t.csv", [["甲", "乙"], ["1", "2"]]), kind).code == "file_no_header"


def test_the_name_shown_is_the_one_people_know(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "upload-1.tmp", [PATENT_HEADER, PATENT_ROW])
    read = read_rows(path, "patents", name="专利清单.csv")
    assert read.file == "专利清单.csv" and next(read.rows).source.file == "专利清单.csv"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.csv").code == "file_missing"


def test_every_row_carries_its_cells_as_written(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [[*PATENT_HEADER, "天气"], [*PATENT_ROW, " 晴 "]])
    raw = dict(rows_of(path, "patents")[0].source.raw)
    assert raw["申请号"] == "CN201710601862.3" and raw["天气"] == " 晴 "


def test_hidden_and_filtered_rows_are_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("封面 & 说明").write_row(0, 0, ["说明"])
        sheet = workbook.add_worksheet("名单 <一>")
        for at, row in enumerate([["企业名称", "注册地址"], *([f"晋江市第{n}鞋厂", "晋江"] for n in range(5))]):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
    read = read_rows(path, "enterprises")
    assert len(list(read.rows)) == 5
    told = [(each.code, each.sheet, each.count) for each in read.remarks if each.code == "rows_hidden"]
    assert told == [("rows_hidden", "名单 <一>", 2)]


def test_rows_with_only_a_name_are_counted(tmp_path: Path) -> None:
    rows = [["企业名称", "注册地址"], ["晋江市甲鞋厂", "晋江"], ["晋江市乙鞋厂", ""], ["晋江市丙鞋厂", ""]]
    read = read_rows(write_csv(tmp_path / "a.csv", rows), "enterprises")
    assert len(list(read.rows)) == 3
    assert [(each.code, each.count) for each in read.remarks] == [("rows_with_only_a_name", 2)]
