"""The bureau's statistics on the page: numbers open their rows, and leave as a workbook and as csv."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask import Flask

from tests.web.people import Person

_CELL = re.compile(r'href="(/bureau/statistics/rows\?[^"]+)">([\d,]+)</a>')
_TOTAL = re.compile(r'<span class="text-secondary">共 ([\d,]+) 条</span>')


def test_every_number_of_the_page_opens_as_many_rows(app: Flask) -> None:
    auditor = Person(app, "auditor")
    page = auditor.get("/bureau/statistics?basis=all")
    cells = {(address.replace("&amp;", "&"), number) for address, number in _CELL.findall(page.text)}
    assert len(cells) >= 4
    for address, number in cells:
        shown = auditor.get(address).text
        found = _TOTAL.search(shown)
        assert found is not None and found[1] == number, address
        assert 'id="f-of"' not in shown, "what a cell adds up is no filter beside those of its address"


def test_the_rows_of_an_agency_name_it(app: Flask) -> None:
    page = Person(app, "auditor").get("/bureau/statistics/rows?of=brought&agency=1").text
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert "机构" in heading or "事务所" in heading or "公司" in heading, heading


def test_the_tables_leave_as_a_workbook_and_the_matrix_as_csv(app: Flask) -> None:
    reviewer = Person(app, "reviewer")
    book = openpyxl.load_workbook(io.BytesIO(reviewer.get("/bureau/statistics?basis=all&as=xlsx").data))
    assert book.sheetnames == ["产业", "产业与分类", "需求转化", "持有人回应", "服务机构"]
    last = [cell.value for cell in list(book["产业"].rows)[-1]]
    assert last[:3] == ["合计", 2, 1]
    lines = reviewer.get("/bureau/statistics?basis=all&as=csv").data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("产业,分类,需求,库内专利") and len(lines) > 1
    assert reviewer.get("/bureau/statistics?as=exe").status_code == 404


def test_a_day_that_is_none_is_refused_with_a_sentence_and_an_odd_basis_is_the_usual_one(app: Flask) -> None:
    reviewer = Person(app, "reviewer")
    assert reviewer.get("/bureau/statistics?since=soon").status_code == 422
    assert '<option value="strict" selected' in reviewer.get("/bureau/statistics?basis=odd").text
    assert reviewer.get("/bureau/statistics/rows?of=nothing").status_code == 200


@pytest.mark.parametrize("agency", ["²", "x", "9" * 30, "-1"])
def test_an_agency_that_is_none_is_no_fault(app: Flask, agency: str) -> None:
    assert Person(app, "reviewer").get(f"/bureau/statistics/rows?measure=deals&agency={agency}").status_code < 500


@pytest.mark.parametrize("odd", ["goal=x", "endpoint=x", "_scheme=x", "_anchor=x"])
def test_odd_names_in_the_address_of_a_number_are_no_fault(app: Flask, odd: str) -> None:
    page = Person(app, "reviewer").get(f"/bureau/thresholds/patents?{odd}")
    assert page.status_code == 200 and "rows.xlsx" in page.text
