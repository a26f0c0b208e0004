"""What a holder tells of its patent, walked as its officer and read as a visitor."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from tests.papers import letter, scan
from tests.services.small_city import PATENTS, City
from tests.web.people import Person

SAID = {"gains": "工艺参数一套", "maturity": "pilot", "video_link": "https://v.example.com/1"}


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


def test_words_and_drawings_go_onto_the_page_of_a_patent_that_is_not_on_offer(app: Flask, city: City) -> None:
    page = f"/patents/{city.patent(PATENTS[0][0])}"
    college, visitor = Person(app, "college"), Person(app)
    assert f"{page}/presentation" in college.get(page).text
    assert college.post(f"{page}/presentation", SAID).status_code == 302
    sent = college.post(f"{page}/files", {"caption": "结构图", "file": (BytesIO(scan("图")), "图.png")})
    assert sent.status_code == 302
    shown = college.get(f"{page}/presentation").text
    assert "工艺参数一套" in shown and "结构图" in shown
    picture = re.search(rf'src="({page}/files/\d+/pages/1)"', shown)
    assert picture is not None
    assert visitor.get(picture[1]).status_code == 404 and "工艺参数一套" not in visitor.get(page).text
    college.post(f"{page}/presentation", {**SAID, "shown": "y"})
    told = unescape(visitor.get(page).text)
    assert "工艺参数一套" in told and "中试阶段" in told and 'href="https://v.example.com/1"' not in told
    drawn = visitor.get(picture[1])
    assert drawn.mimetype == "image/png" and "sandbox" in drawn.headers["Content-Security-Policy"]
    removed = picture[1].rsplit("/pages", 1)[0]
    assert college.post(f"{removed}/remove").status_code == 302
    assert visitor.get(picture[1]).status_code == 404


def test_what_is_refused_is_told_at_its_field_as_typed(app: Flask, city: City) -> None:
    page, college = f"/patents/{city.patent(PATENTS[0][0])}", Person(app, "college")
    wrong = college.post(f"{page}/presentation", {**SAID, "video_link": "http://v.example.com/1"})
    assert wrong.status_code == 422 and 'id="tell-video_link-error"' in wrong.text and "工艺参数一套" in wrong.text
    letters = college.post(f"{page}/files", {"caption": "信", "file": (BytesIO(letter("信")), "信.eml")})
    assert letters.status_code == 422 and 'id="file-file-error"' in letters.text
    assert college.post(f"{page}/files", {"caption": "图"}).status_code == 422
