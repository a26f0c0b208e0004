"""The page of relations between parties: entered, found, taken back; what is refused is told at its field and kept."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from matchhub.services.parties.relations import relate_parties
from tests.services.desk_base import Base, code, firm
from tests.web.people import Person

COLLEGE = "晋水理工学院"
PAGE = "/trade/relations"
SAID = {"left": COLLEGE, "right": code(1), "relation": "shareholder", "evidence": "2023年年报"}


@pytest.fixture
def operator(base: Base, desk_app: Flask) -> Person:
    base.take("enterprises", firm(1))
    return Person(desk_app, "operator")


@pytest.mark.parametrize("who", ["operator", "reviewer"])
def test_a_relation_is_entered_and_stands_in_the_list(operator: Person, desk_app: Flask, who: str) -> None:
    person = Person(desk_app, who)
    assert "没有登记的关联关系" in person.get(PAGE).text
    answer = person.post(PAGE, SAID, follow_redirects=True)
    assert "关联关系已登记" in answer.text
    assert re.search(r"晋水理工学院.*库中没有.*/bureau/records/enterprises/1.*持股或控股", answer.text, re.S)
    assert "2023年年报" in answer.text
    assert "此前已登记" in person.post(PAGE, SAID, follow_redirects=True).text
    person.get("/account/language/en")
    assert "shareholding or control" in person.get(PAGE).text


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"left": ""}, "left", "请填写此项"),
        ({"right": "91350582MA00000019"}, "right", "校验"),
        ({"right": f" {COLLEGE} "}, "right", "两方是同一个企业"),
        ({"evidence": " "}, "evidence", "请填写此项"),
        ({"relation": "cousin"}, "relation", ""),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_nothing_typed_is_lost(
    operator: Person, changes: dict[str, str], field: str, says: str
) -> None:
    typed = {**SAID, **changes}
    answer = operator.post(PAGE, typed)
    assert answer.status_code == 422
    told = re.search(rf'id="{field}-error">(.*?)</div></div>', answer.text, re.S)
    assert told and says in told[1]
    for name in {"left", "right", "evidence"} - {field}:
        assert html.escape(typed[name]) in answer.text


def withdraw(person: Person, relation: int, reason: str, query: str = "") -> str:
    data = {f"r{relation}-reason": reason}
    return person.post(f"{PAGE}/{relation}/withdraw{query}", data, follow_redirects=True).text


def test_a_relation_is_taken_back_with_a_reason(operator: Person) -> None:
    operator.post(PAGE, SAID)
    refused = withdraw(operator, 1, " ")
    assert re.search(r'<details class="mt-1" open>.*id="r1-reason-error"', refused, re.S)
    page = withdraw(operator, 1, "登记错误")
    assert "关联关系已撤回" in page and "登记错误" in page and "已撤回" in page
    assert "r1-reason" not in page


def test_the_operator_is_told_that_the_bureau_s_word_is_not_its_own(
    operator: Person, base: Base, desk_app: Flask
) -> None:
    with base.runtime.unit(base.people["reviewer"]) as unit:
        relate_parties(unit, COLLEGE, code(1), "shareholder", "年报")
    assert "r1-reason" not in operator.get(PAGE).text
    assert "其他单位登记" in withdraw(operator, 1, "登记错误")
    assert "关联关系已撤回" in withdraw(Person(desk_app, "reviewer"), 1, "已核实")


def test_a_refused_reason_is_told_on_the_page_of_the_list_it_was_typed_on(operator: Person, base: Base) -> None:
    with base.runtime.unit(base.people["operator"]) as unit:
        for serial in range(1, 23):
            relate_parties(unit, f"第{serial}企业", code(1), "shareholder", "年报")
    page = operator.get(f"{PAGE}?page=2").text
    assert 'action="/trade/relations/1/withdraw?page=2"' in page
    assert 'id="r1-reason-error"' in withdraw(operator, 1, "x", "?page=2")


def test_relations_are_searched_by_name(operator: Person) -> None:
    operator.post(PAGE, SAID)
    assert "2023年年报" in operator.get(f"{PAGE}?q=理工").text
    assert "2023年年报" not in operator.get(f"{PAGE}?q=别的").text


def test_a_relation_that_is_not_there_is_not_found(operator: Person) -> None:
    assert operator.post(f"{PAGE}/7/withdraw", {"r7-reason": "登记错误"}).status_code == 404
