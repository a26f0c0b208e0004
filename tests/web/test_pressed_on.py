"""A refused button is answered on the page it was pressed on, under the status of the refusal."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.journey.deal_city import DealCity, town
from tests.services.small_city import built_city, city
from tests.web.people import Person

__all__ = ["built_city", "city", "town"]

AT = "http://localhost"


@pytest.fixture
def people(town: DealCity) -> dict[str, Person]:
    return {who: town.at(who) for who in ("shoes", "college")}


def press(people: dict[str, Person], who: str = "shoes", **headers: str) -> TestResponse:
    """Ask for contact about a patent that has left the base meanwhile."""
    return people[who].post("/enterprise/patents/99/contact", headers=headers)


def notice_of(answer: TestResponse) -> str:
    found = re.search(r'class="alert alert-danger.*?<div>(.*?)</div>', answer.text, re.S)
    return found[1] if found else ""


def test_the_reason_stands_on_the_page_with_the_status(people: dict[str, Person]) -> None:
    plain = press(people)
    answer = press(people, Referer=f"{AT}/enterprise/inbox?page=1")
    page = people["shoes"].get("/enterprise/inbox")
    assert plain.status_code == answer.status_code == 404
    assert 'id="fault"' in plain.text and 'id="fault"' not in answer.text
    told = re.search(r'class="fault-sentence">(.*?)</p>', plain.text)
    assert told is not None and notice_of(answer) == told[1]
    title = re.search(r"<title>.*?</title>", page.text, re.S)
    assert title is not None and title[0] in answer.text
    assert notice_of(page) == ""  # told once, on that page


@pytest.mark.parametrize(
    "headers",
    [{"Referer": "http://elsewhere.example/enterprise/inbox"}, {"Referer": f"{AT}/static/app.css"}, {"Referer": f"{AT}/nowhere"},
     {"Referer": f"{AT}/operator/"}, {"Referer": "\\["}, {"Referer": "http://[/"},
     {"HX-Request": "true", "Referer": f"{AT}/enterprise/inbox"}],
)  # fmt: skip
def test_who_names_no_page_it_may_see_gets_the_plain_answer(people: dict[str, Person], headers: dict[str, str]) -> None:
    answer = press(people, **headers)
    assert answer.status_code == 404
    assert 'id="fault"' in answer.text or "<html" not in answer.text  # a part of a page has its own place for it


def test_what_somebody_may_not_do_is_answered_plainly(people: dict[str, Person]) -> None:
    answer = press(people, "college", Referer=f"{AT}/institution/")
    assert answer.status_code == 403 and 'id="fault"' in answer.text
