"""The worksheet of a sample: printed, handed out as a workbook, filled in and read back as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from matchhub.db.tables import SampledFinding, SampledRecord
from tests.services.desk_base import Base, patent
from tests.web.people import Person

SHEET = "/bureau/samples/1/sheet"
POSITION, SAMPLE, RECORD, FINDING, NOTE = "A", "B", "C", "H", "I"


@pytest.fixture
def reviewer(base: Base, desk_app: Flask) -> Person:
    base.take("patents", *[patent(serial) for serial in range(1, 6)])
    base.later()
    person = Person(desk_app, "reviewer")
    person.post("/bureau/thresholds/patents/sample", {})
    return person


def filled(reviewer: Person, change: Callable[[Any], None] | None = None) -> bytes:
    """The worksheet with every record found right, and one thing changed."""
    book = openpyxl.load_workbook(BytesIO(reviewer.get(f"{SHEET}.xlsx").data))
    sheet = book.worksheets[0]
    for line in range(2, 7):
        sheet[f"{FINDING}{line}"] = "属实"
    if change:
        change(sheet)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def send(reviewer: Person, content: bytes, name: str = "核查表.xlsx") -> Any:
    return reviewer.post(SHEET, {"file": (BytesIO(content), name)})


def written(base: Base) -> int:
    with base.runtime.unit(write=False) as unit:
        chosen = select(func.count()).select_from(SampledRecord).where(SampledRecord.finding.is_not(None))
        return unit.session.execute(chosen).scalar_one()


def put(cell: str, value: object) -> Callable[[Any], None]:
    return lambda sheet: sheet.__setitem__(cell, value)


def told(answer: Any) -> str:
    listed = re.search(r'id="sheet-faults">(.*?)</ul>', answer.text, re.S)
    return re.sub(r"<[^>]+>", "", listed[1]) if listed else ""


def test_a_filled_sheet_is_written_down_and_a_second_time_changes_nothing(base: Base, reviewer: Person) -> None:
    def one_wrong(sheet: Any) -> None:
        sheet[f"{FINDING}3"], sheet[f"{NOTE}3"], sheet[f"{FINDING}6"] = "不实", "登记簿上已失效", None

    content = filled(reviewer, one_wrong)
    assert send(reviewer, content).location == "/bureau/samples/1"
    page = reviewer.get("/bureau/samples/1").text
    assert "记下 4 条结果，还有 1 行未填" in page and "登记簿上已失效" in page
    assert "已核 4 条，属实 3 条" in page and written(base) == 4
    send(reviewer, content)
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(SampledFinding)).scalar_one() == 4


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        (f"{FINDING}4", "大概属实", "第 4 行“核查结果”：“大概属实”不是核查结果"),
        (f"{FINDING}4", "查无", "第 4 行“说明”：不实或查无的记录"),
        (f"{FINDING}4", '=IF(1,"属实","")', "第 4 行“核查结果”：单元格 H4 是公式"),
        (f"{RECORD}4", 999, "第 4 行“记录编号”：记录“999”不在本次抽样中"),
        (f"{RECORD}4", "一号", "第 4 行“记录编号”：记录“一号”不在本次抽样中"),
        (f"{POSITION}4", 9, "第 4 行“记录编号”：记录“"),
        (f"{SAMPLE}4", "2-0123456789ab", "第 4 行“抽样编号”：“2-0123456789ab”不是本次抽样的编号"),
        ("D4", "另一件好专利", "第 4 行“名称”：“另一件好专利”与该编号的记录不符"),
        ("E4", "2020100099999", "与该编号的记录不符"),
        (f"{NOTE}4", "长" * 256, "第 4 行“说明”：说明超过 255 个字"),
        (f"{NOTE}7", "多出一行", "第 7 行“抽样编号”："),
    ],
)
def test_one_wrong_place_is_told_by_row_and_column_and_nothing_is_written(
    base: Base, reviewer: Person, cell: str, value: object, sentence: str
) -> None:
    answer = send(reviewer, filled(reviewer, put(cell, value)))
    assert answer.status_code == 422 and sentence in told(answer)
    assert written(base) == 0


def test_the_log_tells_of_findings_and_leads_to_the_sample(reviewer: Person) -> None:
    send(reviewer, filled(reviewer))
    page = reviewer.get("/bureau/log")
    assert page.status_code == 200 and 'href="/bureau/samples/1"' in page.text


@pytest.mark.parametrize("spelt", ["%s", "0%s"])
def test_a_note_without_a_finding_and_a_row_twice_are_told(base: Base, reviewer: Person, spelt: str) -> None:
    def half(sheet: Any) -> None:
        sheet[f"{FINDING}5"], sheet[f"{NOTE}5"] = None, "看过"
        for column in "ABC":
            sheet[f"{column}7"] = sheet[f"{column}2"].value
        sheet[f"{RECORD}7"] = spelt % sheet[f"{RECORD}2"].value
        sheet[f"{FINDING}7"] = "属实"

    answer = told(send(reviewer, filled(reviewer, half)))
    assert "第 5 行“核查结果”：有说明但未填核查结果" in answer and "出现了两次" in answer
    assert written(base) == 0


def test_what_the_sheet_cannot_know_refuses_the_whole_of_it_too(base: Base, reviewer: Person) -> None:
    """A record that changed after it was drawn needs a note; the rows before it are not written either."""
    with base.runtime.unit(write=False) as unit:
        last = unit.session.execute(select(SampledRecord.record_id).where(SampledRecord.position == 5)).scalar_one()
    base.clock.forward(timedelta(minutes=1))
    base.take("patents", patent(last, title="改过的题目"))
    answer = send(reviewer, filled(reviewer))
    assert answer.status_code == 422 and "第 6 行“说明”：该记录在抽中后有改动" in told(answer)
    assert written(base) == 0
    assert send(reviewer, filled(reviewer, put(f"{NOTE}6", "与原件相符"))).status_code == 302 and written(base) == 5


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.xlsx"), (b"not a workbook", "a.xlsx"), ("记录编号,核查结果\n1,属实\n".encode(), "a.csv")],
)
def test_what_is_no_worksheet_is_refused(base: Base, reviewer: Person, content: bytes, name: str) -> None:
    assert send(reviewer, content, name).status_code == 422
    assert written(base) == 0


def test_a_sheet_with_other_columns_is_refused(base: Base, reviewer: Person) -> None:
    answer = send(reviewer, filled(reviewer, put(f"{FINDING}1", "结论")))
    assert answer.status_code == 422 and "表中缺少核查表的列" in answer.text


def test_the_printed_sheet_has_seed_rows_and_room_to_sign(reviewer: Person) -> None:
    page = reviewer.get(SHEET).text
    assert page.count("□属实") == 5 and "核查人" in page and "国家知识产权局" in page


def test_a_closed_sample_takes_no_sheet(base: Base, reviewer: Person) -> None:
    content = filled(reviewer)
    send(reviewer, content)
    reviewer.post("/bureau/samples/1/close", {"note": ""})
    assert send(reviewer, content).status_code == 409


@pytest.mark.parametrize("who", ["operator", "auditor"])
def test_only_the_bureau_sends_a_sheet(base: Base, reviewer: Person, desk_app: Flask, who: str) -> None:
    content = filled(reviewer)
    assert send(Person(desk_app, who), content).status_code == 403
    assert written(base) == 0
