"""The preview of a file: what is read, what is not and why, and what a person's correction changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.header_search import resembled_kind
from ingest.previews import headers_under, preview_file
from ingest.reading import open_file, read_rows
from matchhub.domain.corrections import TableCorrection
from matchhub.errors import FileRefused
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx

STRANGE = ["叫法", "编号牌", "谁的"]
STRANGE_ROW = ["一种鞋底", "CN201710601862.3", "晋江某某鞋业有限公司"]
MEANT = {"叫法": "title", "编号牌": "application_number", "谁的": "applicants"}


def book(folder: Path) -> Path:
    return write_xlsx(
        folder / "甲.xlsx",
        好=[PATENT_HEADER, PATENT_ROW],
        封面=[["说明"], ["请勿外传"]],
        怪=[["某表"], STRANGE, STRANGE_ROW],
    )


def test_a_file_is_shown_table_by_table_with_what_is_not_read_and_why(tmp_path: Path) -> None:
    preview = preview_file(open_file(book(tmp_path)), "patents")
    assert [(table.table.sheet, table.read, table.fault is None) for table in preview.tables] == [
        ("好", True, True), ("封面", False, False), ("怪", False, False),
    ]  # fmt: skip
    assert preview.fault is None and preview.read is not None and len(preview.read.parts) == 1


def test_a_table_without_known_words_shows_its_likeliest_header_row(tmp_path: Path) -> None:
    strange = preview_file(open_file(book(tmp_path)), "patents").tables[2]
    assert strange.header is not None and strange.header.line == 2
    assert [column.header for column in strange.header.unknown] == STRANGE
    assert [row.line for row in strange.lines] == [1, 2, 3]


def test_a_correction_of_a_table_makes_it_readable(tmp_path: Path) -> None:
    correction = TableCorrection("甲.xlsx", "怪", True, 2, MEANT)
    preview = preview_file(open_file(book(tmp_path)), "patents", [correction])
    assert preview.read is not None and [part.sheet for part in preview.read.parts] == ["好", "怪"]
    assert [row.record.title for row in preview.read.rows if row.record] == ["一种鞋底", "一种鞋底"]  # type: ignore[union-attr]


def test_a_correction_may_leave_a_table_out(tmp_path: Path) -> None:
    corrections = [TableCorrection("甲.xlsx", "怪", True, 2, MEANT), TableCorrection("甲.xlsx", "好", False)]
    assert {row.source.sheet for row in read_rows(book(tmp_path), "patents", corrections=corrections).rows} == {"怪"}


def test_a_table_that_a_person_asked_for_is_never_passed_over(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="file_no_header"):
        read_rows(book(tmp_path), "patents", corrections=[TableCorrection("甲.xlsx", "封面")])


def test_when_every_table_was_left_out_nothing_is_read(tmp_path: Path) -> None:
    corrections = [TableCorrection("甲.csv", "", False)]
    with pytest.raises(FileRefused, match="file_empty"):
        read_rows(write_csv(tmp_path / "甲.csv", [PATENT_HEADER, PATENT_ROW]), "patents", corrections=corrections)


def test_a_row_named_as_header_is_shown_even_when_it_says_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "甲.csv", [["1", "2", "3"], STRANGE, STRANGE_ROW])
    preview = preview_file(open_file(path), "patents", [TableCorrection("甲.csv", "", True, 1)])
    header = preview.tables[0].header
    assert preview.fault is not None and header is not None
    assert (header.line, [column.header for column in header.unknown]) == (1, ["1", "2", "3"])


def test_the_kind_a_refused_file_speaks_for_is_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "甲.csv", [PATENT_HEADER, PATENT_ROW])
    assert resembled_kind(preview_file(open_file(path), "enterprises").fault) == "patents"
    assert resembled_kind(preview_file(open_file(path), "patents").fault) == ""


def test_headers_under_a_correction_are_those_of_the_row_it_names(tmp_path: Path) -> None:
    table = open_file(book(tmp_path)).tables[2]
    assert headers_under(table, "patents", TableCorrection("甲.xlsx", "怪", True, 2, MEANT)) == STRANGE
    assert headers_under(table, "patents", TableCorrection("甲.xlsx", "怪")) == []
