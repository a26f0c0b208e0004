"""The page of a demand and its form: what to do next first, three patents until more are asked for, nothing lost."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from matchhub.db.tables import Demand, DemandDraft
from matchhub.domain.records import PatentRecord, Row, Source, StatusClaim
from matchhub.services.conversations.interest import offer_patent
from matchhub.services.demands import drafts
from matchhub.services.demands.posting import move_demand
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching import shown
from matchhub.services.matching.store import refresh_index
from matchhub.services.patents.recorder import PatentRecorder
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, PATENTS, City
from tests.web.people import Person
from tests.web.test_enterprise_pages import FORM

GLUE = PATENTS[0][0]


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def shoes(app: Flask) -> Person:
    return Person(app, "shoes")


def next_step(person: Person, demand_id: int) -> str:
    page = person.get(f"/enterprise/demands/{demand_id}").text
    found = re.search(r'<section class="card next-step" id="next">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    assert page.index('id="next"') < page.index('class="matches"' if 'class="matches"' in page else 'id="tests"')
    return unescape(found[1])


def test_what_waits_for_the_firms_word_comes_before_the_patents(shoes: Person, city: City) -> None:
    """One step gone, the next one shows: returned, to be confirmed again, authorised, offers, missing, best patent."""
    key = city.post(targets="", authorised_on=None, authorised_by=None)
    with city.unit("college") as unit:
        unit.session.execute(update(Demand).where(Demand.id == key).values(state="verified"))
    with city.unit("college") as unit:
        offer_patent(unit, city.patent(GLUE), key)
    with city.unit() as unit:
        unit.session.execute(
            update(Demand).where(Demand.id == key).values(state="submitted", valid_until_on=date(2025, 6, 1))
        )
    with city.unit("operator") as unit:
        move_demand(unit, key, "returned", "请补指标")
    assert "请补指标" in next_step(shoes, key) and "修改并重新提交" in next_step(shoes, key)
    with city.unit() as unit:
        unit.session.execute(update(Demand).where(Demand.id == key).values(state="submitted"))
    assert "仍然有效" in next_step(shoes, key)
    shoes.post(f"/enterprise/demands/{key}/reconfirm", {"valid_until_on": "2026-05-01"})
    assert "是本单位的需求" in next_step(shoes, key)
    with city.unit() as unit:
        unit.session.execute(
            update(Demand).where(Demand.id == key).values(authorised_on=date(2025, 6, 2), authorised_by="王小明")
        )
    shoes.post(f"/enterprise/demands/{key}/authorise")
    assert "1 项机构意向等您查看" in next_step(shoes, key)
    shoes.post(f"/enterprise/patents/{city.patent(GLUE)}/contact", {"demand_id": key})
    with city.unit() as unit:
        unit.session.execute(update(Demand).where(Demand.id == key).values(state="submitted"))


def test_a_demand_that_lacks_something_asks_for_it_and_a_whole_one_shows_the_best_patent(
    shoes: Person, city: City
) -> None:
    lacking, whole = (
        city.post(targets=""),
        city.post(title="运动鞋鞋面开胶", text="运动鞋鞋面与鞋底之间总是开胶,想换胶粘剂。"),
    )
    for key in (lacking, whole):
        shoes.post(f"/enterprise/demands/{key}/authorise")
    assert "补充修改" in next_step(shoes, lacking) and "还差" in next_step(shoes, lacking)
    assert "查看最匹配的专利" in next_step(shoes, whole)
    shoes.post(f"/enterprise/demands/{whole}/withdraw")
    assert "需求已撤回或已解决。" in next_step(shoes, whole)


def test_three_patents_show_until_all_are_asked_for(shoes: Person, city: City) -> None:
    with city.unit() as unit:
        rows = [
            PatentRecord(
                Source("more", at), application_number=number(2000 + at, year=2020), title=f"一种鞋底开胶用胶粘剂{at}",
                abstract="鞋底与鞋面胶粘剂,提高剥离强度,避免开胶。", applicants=(COLLEGE,), ipc=("C09J 175/04",),
                status=StatusClaim("in_force", "granted", "授权"),
            )
            for at in range(4)
        ]  # fmt: skip
        PatentRecorder(unit, None, False).record([Row(row.source, row) for row in rows])
    with city.runtime.unit(write=False) as unit:
        refresh_index(unit)
    page = f"/enterprise/demands/{city.post()}"
    few, every = shoes.get(page).text, shoes.get(f"{page}?all=1").text
    assert few.count('<li class="match"') == 3 and f'href="{page}?all=1"' in few
    assert every.count('<li class="match"') > 3 and f'href="{page}">只看前三件' in every
    assert shoes.get(f"{page}?all=yes").text.count('<li class="match"') == 3


def test_nothing_typed_asks_the_matcher_nothing(shoes: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = shown.matches_of_query

    def counted(unit: Any, query: Any, top: int) -> Any:
        asked.append(query.title + query.text)
        return real(unit, query, top)

    monkeypatch.setattr("web.enterprise.demands.matches_of_query", counted)
    known = {"technical_field": "制鞋", "contact_name": "王小明", "negotiable": "y"}  # what the register fills in
    assert shoes.post("/enterprise/demands/draft", known).status_code == 200 and asked == []
    assert shoes.post("/enterprise/demands/draft", {**known, "text": "鞋底开胶"}).status_code == 200 and len(asked) == 1


def test_a_refused_keeping_by_the_button_shows_the_form_as_typed(
    shoes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"object": "户外跑鞋", "text": "雨天脱胶", "budget": "五万左右"}
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 0)
    answer = shoes.post("/enterprise/demands/draft/keep", typed)
    assert answer.status_code == 409 and 'role="alert"' in answer.text
    for words in typed.values():
        assert words in answer.text
    key = re.search(r'name="draft_key" value="([^"]+)"', answer.text)
    assert key is not None
    by_page = shoes.post("/enterprise/demands/draft/keep", typed, headers={"HX-Request": "true"})
    assert by_page.status_code == 200 and "text-danger" in by_page.text


def test_drafts_have_one_form_whatever_leads_to_them(shoes: Person) -> None:
    shoes.post("/enterprise/demands/draft/keep", {"text": "雨天脱胶"})
    assert shoes.get("/trade/drafts/new").location == "/enterprise/demands/new"
    page = shoes.get("/trade/drafts").text
    assert 'href="/enterprise/demands/new?draft=1"' in page and 'href="/enterprise/demands/new"' in page


def test_a_refused_posting_keeps_the_key_of_its_form_and_what_comes_after_the_posting_is_not_kept(
    shoes: Person, city: City
) -> None:
    page = shoes.get("/enterprise/demands/new").text
    key = re.search(r'name="draft_key" value="([^"]+)"', page)
    assert key is not None
    refused = shoes.post("/enterprise/demands", {**FORM, "text": "", "draft_key": key[1]})
    assert refused.status_code == 422 and f'name="draft_key" value="{key[1]}"' in refused.text
    assert shoes.post("/enterprise/demands", {**FORM, "draft_key": key[1]}).status_code == 302
    typed = {"text": FORM["text"], "draft_key": key[1]}
    late = shoes.post("/enterprise/demands/draft/keep", typed, headers={"HX-Request": "true"})
    assert "text-danger" in late.text
    with city.unit() as unit:
        waiting = select(func.count()).select_from(DemandDraft).where(DemandDraft.demand_id.is_(None))
        assert unit.session.execute(waiting).scalar_one() == 0
    assert "未发布的草稿" not in shoes.get("/enterprise/").text
