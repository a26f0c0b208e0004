"""Saved searches, orders and exports as people meet them."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import update

from matchhub.db.tables import Patent
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.people import Person


def test_a_search_is_kept_from_its_list_and_removed_again(app: Flask) -> None:
    person = Person(app, "institution")
    assert "保存检索并提醒" in person.get("/patents?q=鞋底&type=invention").text
    assert person.post("/searches/patents/save?q=鞋底&type=invention").status_code == 302
    page = person.get("/searches").text
    assert "“鞋底”" in page and "/patents?q=%E9%9E%8B%E5%BA%95&amp;type=invention" in page
    assert Person(app, "operator").get("/searches/1").status_code == 404
    assert person.get("/searches/1").status_code == 200
    person.post("/searches/1/remove")
    assert "“鞋底”" not in person.get("/searches").text


def test_how_a_question_was_read_stands_on_the_page(app: Flask) -> None:
    person = Person(app)
    for path in ("/patents", "/search"):
        assert "按“A43B”查找（国际专利分类号）" in person.get(f"{path}?q=a43b").text
    assert "查找（" not in person.get("/patents?q=鞋底").text
    assert "保存检索并提醒" not in person.get("/patents?q=鞋底").text  # a visitor has no account to tell


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_the_rows_of_the_list_and_no_formula(app: Flask, runtime: Runtime, form: str) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Patent).values(title="=HYPERLINK(1)鞋底"))
    answer = Person(app, "operator").get(f"/export/patents.{form}?sort=newest")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    if form == "csv":
        head, row = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert head[0] == "名称" and row[0] == "'=HYPERLINK(1)鞋底"
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)鞋底", "s")
    assert Person(app).get(f"/export/patents.{form}").status_code == 302


@pytest.mark.parametrize("path", ["/export/secrets.csv", "/export/patents.exe", "/export/experts.csv"])
def test_what_may_not_be_seen_is_not_exported(app: Flask, path: str) -> None:
    assert Person(app, "institution").get(path).status_code == (403 if "experts" in path else 404)
