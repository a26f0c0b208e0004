"""Two states of the base compared on a page and as a workbook; what cannot be read is told at its field."""

from __future__ import annotations

import io

import openpyxl
from flask import Flask

from tests.services.desk_base import Base, patent
from tests.web.people import Person


def test_two_moments_are_compared_narrowed_and_taken_along(desk_app: Flask, base: Base) -> None:
    base.take("patents", patent(1, title=None), patent(2))
    base.later()
    base.take("patents", patent(1, title="一种鞋底"), patent(3))
    auditor = Person(desk_app, "auditor")
    assert "/bureau/compare" in auditor.get("/bureau/thresholds/patents").text
    address = "known_at_a=2024-03-04T12:00&goal=patents"
    page = auditor.get(f"/bureau/compare?{address}").text
    assert "消除：" in page and page.count("完成了一次导入") == 2
    assert page.count("新计入</span>") == 2
    assert auditor.get(f"/bureau/compare?{address}&way=left").text.count("没有记录的认定发生变化") == 1
    book = openpyxl.load_workbook(io.BytesIO(auditor.get(f"/bureau/compare.xlsx?{address}").data))
    about, rows = book.worksheets
    assert [row[1:3] for row in rows.iter_rows(min_row=2, values_only=True)] == [
        (1, "一种鞋底"), (3, "一种防滑耐磨鞋底及其制备方法之3"),
    ]  # fmt: skip
    assert ("本表行数", 2) in [row[:2] for row in about.iter_rows(values_only=True)]
    assert any(row[1:3] == (1, 3) for row in about.iter_rows(values_only=True))

    later = auditor.get("/bureau/compare?as_of_b=2024-03-06")
    assert later.status_code == 422 and 'id="as_of_b-error"' in later.text and "还没有到" in later.text
    assert auditor.get("/bureau/compare.xlsx?as_of_b=2024-03-06").status_code == 422
    wrong = auditor.get("/bureau/compare?as_of_a=2024-13-40&known_at_b=gestern")
    assert wrong.status_code == 422 and 'id="as_of_a-error"' in wrong.text and 'value="gestern"' in wrong.text
    assert auditor.get("/bureau/compare.xlsx?as_of_a=2024-13-40").status_code == 422
