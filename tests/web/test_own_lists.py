"""The pages of an institution's own list, walked as its officer: the sheet filled in, looked at, written, taken back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from flask import Flask

from matchhub.db.tables import Patent
from matchhub.services.kernel.runtime import Runtime
from tests.domain.factories import number
from tests.services.small_city import PATENTS, City
from tests.web.people import Person

GLUE, RIB = number(1), number(4)


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def college(app: Flask) -> Person:
    return Person(app, "college")


def send(person: Person, content: bytes, name: str = "清单.xlsx") -> str:
    """Send a list; returns where it leads."""
    answer = person.post("/institution/lists", {"files": (BytesIO(content), name)})
    assert answer.status_code == 302, unescape(answer.text)
    return str(answer.location)


def annuity(city: City, title: str) -> date | None:
    with city.unit() as unit:
        return unit.session.get_one(Patent, city.patent(title)).annuity_paid_to_on


def test_the_sheet_that_was_downloaded_is_filled_in_sent_written_and_taken_back(college: Person, city: City) -> None:
    book = openpyxl.load_workbook(BytesIO(college.get("/institution/lists/form.xlsx").data))
    sheet = book.active
    assert sheet is not None
    headers = {str(cell.value): cell.column for row in sheet.iter_rows() for cell in row if cell.value}
    line = next(row for row in sheet.iter_rows() if any(cell.value == GLUE for cell in row))
    sheet.cell(line[0].row, headers["年费已缴至"], "2026-03-01")
    out = BytesIO()
    book.save(out)
    preview = send(college, out.getvalue())
    page = unescape(college.get(preview).text)
    assert "尚未写入任何内容" in page and "更新<strong>1</strong>" in page and "无变化<strong>2</strong>" in page
    assert annuity(city, PATENTS[0][0]) is None
    written = college.post(preview)
    assert written.status_code == 302
    assert annuity(city, PATENTS[0][0]) == date(2026, 3, 1)
    batch = str(written.location)
    assert college.post(f"{batch}/undo", {"note": "写错了"}).status_code == 302
    assert annuity(city, PATENTS[0][0]) is None
    assert "这份清单已经撤销" in unescape(college.get(batch).text)


def test_problems_leave_as_a_workbook_and_another_institution_finds_none_of_it(college: Person, app: Flask) -> None:
    preview = send(college, f"申请号,年费已缴至\n{RIB},2026-03-01\n".encode(), "清单.csv")
    assert "不属于贵单位" in unescape(college.get(preview).text)
    batch = str(college.post(preview).location)
    book = openpyxl.load_workbook(BytesIO(college.get(f"{batch}/problems.xlsx").data))
    assert any(RIB in [cell.value for cell in row] for sheet in book for row in sheet.iter_rows())
    school = Person(app, "school")
    for path in (preview, batch, f"{batch}/problems.xlsx"):
        assert school.get(path).status_code == 404
    assert school.post(f"{batch}/undo", {"note": "试"}).status_code == 404
    assert "清单.csv" not in unescape(school.get("/institution/lists").text)
    assert "清单.csv" in unescape(college.get("/institution/lists").text)


def test_columns_that_nobody_knows_are_said_and_the_list_is_read_anew(college: Person, city: City) -> None:
    columns = send(college, f"编号栏,缴到哪天\n{GLUE},2026-03-01\n".encode(), "清单.csv")
    assert columns.endswith("/columns"), "a header that nobody knows leads to its columns"
    page = unescape(college.get(columns).text)
    names = dict(re.findall(r'name="head-(0-0-\d)" value="([^"]+)"', page))
    assert sorted(names.values()) == ["编号栏", "缴到哪天"]
    meant = {"编号栏": "application_number", "缴到哪天": "annuity_paid_to_on"}
    kept = dict(re.findall(r'<input type="hidden" name="([a-z]+-[\d-]+)" value="([^"]*)"', page))
    form = kept | {f"map-{place}": meant[header] for place, header in names.items()} | {"line-0-0": "1"}
    assert college.post(columns, form | {"line-0-0": "x"}).status_code == 422
    answer = college.post(columns, form)
    assert answer.status_code == 302 and not str(answer.location).endswith("/columns"), unescape(answer.text)
    preview = str(answer.location)
    assert columns in college.get(preview).text, "the columns can be put right from the preview too"
    assert college.post(preview).status_code == 302
    assert annuity(city, PATENTS[0][0]) == date(2026, 3, 1)


def test_a_file_that_is_no_table_is_refused_at_its_field_and_nothing_is_kept(college: Person, city: City) -> None:
    answer = college.post("/institution/lists", {"files": (BytesIO(b"%PDF-1.4 nothing"), "清单.pdf")})
    assert answer.status_code == 422
    assert re.search(r'invalid-feedback[^>]*id="list-files-error"', answer.text)
    kept = [each for each in (city.runtime.home / "uploads").rglob("*") if each.is_file()]
    assert kept == []
