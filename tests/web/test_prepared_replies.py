"""Prepared replies of a thread: chosen by a link, they stand in the message's field to be changed, and are sent so."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask import Flask

from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.messages import read_thread
from matchhub.services.kernel.runtime import Runtime
from matchhub.wording import sentence
from tests.services.small_city import PATENTS, City
from tests.web.people import Person
from web.trade.threads import REPLIES

CASES = [
    (side, key, code)
    for side, found in (("college", REPLIES["holder"]), ("shoes", REPLIES["enterprise"]))
    for key, code in found.items()
]


class Page(HTMLParser):
    """The words of the message's field, and all addresses that are linked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.written: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._inside = tag == "textarea" and (named.get("name") or "").endswith("text")
        if tag == "a":
            self.links.append(named.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.written.append(data)

    @property
    def text(self) -> str:
        return "".join(self.written).strip()


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def thread(city: City) -> int:
    number = city.own_demand("shoes")
    with city.unit("shoes") as unit:
        return express_interest(unit, city.patent(PATENTS[0][0]), number).thread_id


@pytest.mark.parametrize(("who", "key", "code"), CASES)
def test_a_prepared_reply_is_filled_in_and_sent_as_changed(
    app: Flask, city: City, thread: int, who: str, key: str, code: str
) -> None:
    person, place = Person(app, who), f"/trade/threads/{thread}"
    fresh = Page(person.get(place).text)
    assert fresh.text == ""
    (link,) = [each for each in fresh.links if f"reply={key}" in each]
    filled = Page(person.get(link).text)
    assert filled.text == sentence(code, "zh")
    with city.unit(who) as unit:
        assert read_thread(unit, thread).messages == (), "choosing one sends nothing"
    assert person.post(f"{place}/messages", {"text": f"{filled.text}请于周五前答复。"}).status_code == 302
    with city.unit(who) as unit:
        (said,) = read_thread(unit, thread).messages
    assert said.text == f"{sentence(code, 'zh')}请于周五前答复。"


def test_an_unknown_reply_fills_in_nothing(app: Flask, thread: int) -> None:
    assert Page(Person(app, "college").get(f"/trade/threads/{thread}?reply=reply_can_supply").text).text == ""


def test_a_side_is_offered_its_own_replies_alone(app: Flask, thread: int) -> None:
    for who, side in (("college", "holder"), ("shoes", "enterprise")):
        links = Page(Person(app, who).get(f"/trade/threads/{thread}").text).links
        assert [key for key in REPLIES[side] if any(f"reply={key}" in each for each in links)] == list(REPLIES[side])
        other = next(each for name, each in REPLIES.items() if name != side)
        assert not [key for key in other if any(f"reply={key}#" in each for each in links)]
