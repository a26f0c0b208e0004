"""The links of a letter: a tap opens a page that asks, one more tap records, and the page says what happens next."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import PushAnswer
from matchhub.services.pushes.delivery import Outgoing
from tests.services.small_city import City
from tests.web.people import Person
from web.units import EXTENSION


@pytest.fixture
def message(made_app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    """A letter that was just sent."""
    monkeypatch.setitem(made_app.extensions, EXTENSION, city.runtime)
    city.post()
    city.match()
    city.plan()
    return city.claim().outgoing[0]


@pytest.fixture
def visitor(made_app: Flask, message: Outgoing) -> Person:
    return Person(made_app)


def path(message: Outgoing, code: str, item: int = 0) -> str:
    page = message.link.partition("/p/")[2]
    return f"/p/{page}?item={item or message.items[0].item_id}&answer={code}"


def answers(city: City) -> list[str]:
    with city.runtime.unit(write=False) as unit:
        return list(unit.session.execute(select(PushAnswer.code).order_by(PushAnswer.id)).scalars())


def test_a_look_at_an_answer_asks_and_records_nothing(visitor: Person, message: Outgoing, city: City) -> None:
    body = visitor.get(path(message, "contact")).get_data(as_text=True)
    assert "您选择了“有意对接”" in body and "确认这个答复" in body
    visitor.client.head(path(message, "contact"))
    assert answers(city) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("contact", "通知权利人"),
        ("fits", "相近的专利"),
        ("not_my_field", "不再推荐给贵单位"),
        ("too_expensive", "调整给贵单位的推荐"),
    ],
)
def test_one_tap_records_and_the_page_says_what_happens_next(
    visitor: Person, message: Outgoing, city: City, code: str, words: str
) -> None:
    page = message.link.partition("/p/")[2]
    visitor.get(path(message, code))
    told = visitor.post(f"/p/{page}/items/{message.items[0].item_id}/answer", {"code": code}, follow_redirects=True)
    body = told.get_data(as_text=True)
    assert answers(city) == [code]
    assert "接下来：" in body and words in body
    assert "确认这个答复" not in visitor.get(path(message, code)).get_data(as_text=True), "given already"


@pytest.mark.parametrize(("code", "item"), [("buy_now", 0), ("contact", 999), ("<script>", 0)])
def test_a_link_that_names_no_answer_of_this_letter_asks_nothing(
    visitor: Person, message: Outgoing, code: str, item: int
) -> None:
    answer = visitor.get(path(message, code, item))
    assert answer.status_code == 200 and "确认这个答复" not in answer.get_data(as_text=True)
