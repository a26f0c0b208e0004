"""The list of own patents: found, filtered, ordered, chosen over pages, exported; many put on offer or declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from matchhub.db.tables import Patent, PatentOffer
from matchhub.domain.records import PatentRecord, Row, Source, StatusClaim
from matchhub.services.demands.confidentiality import set_confidentiality
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.store import refresh_index
from matchhub.services.patents.recorder import PatentRecorder
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, PATENTS, City
from tests.services.verifying import verify
from tests.web.acts import OFFER
from tests.web.people import Person

GLUE, SOLE, SPRAYER, FRAME = (PATENTS[each][0] for each in range(4))
LIST = "/institution/patents"


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def college(app: Flask) -> Person:
    return Person(app, "college")


def enlarge(city: City, many: int) -> None:
    """So many more patents of the college."""
    with city.unit() as unit:
        rows = [
            PatentRecord(
                source=Source("more", at), application_number=number(1000 + at, year=2020), title=f"一种鞋楦定位装置{at:03d}",
                applicants=(COLLEGE,), ipc=("A43D 3/00",), status=StatusClaim("in_force", "granted", "授权"),
            )
            for at in range(many)
        ]  # fmt: skip
        PatentRecorder(unit, None, False).record([Row(row.source, row) for row in rows])
    with city.runtime.unit(write=False) as unit:
        refresh_index(unit)


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/institution/patents/\d+">([^<]+)</a>', unescape(page))


def kept(page: str) -> list[str]:
    found = re.search(r'name="kept"(?: type="hidden")? value="([\d-]*)"', page)
    assert found is not None
    return [each for each in found[1].split("-") if each]


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """The statements that the engine runs inside the block."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    sa.event.listen(runtime.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(runtime.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", {GLUE, SOLE, SPRAYER}),
        ("q=耐磨 湿滑", {SOLE}),
        (f"q={number(1)}", {GLUE}),
        ("symbol=A43D", {SPRAYER}),
        ("validity=dead", {SPRAYER}),
        ("validity=in_force&symbol=C09J", {GLUE}),
        ("fit=fits", {GLUE}),
        ("fit=none&validity=in_force", {SOLE}),
        ("offer=listed", {SOLE}),
        ("offer=neither", {GLUE, SPRAYER}),
        ("validity=nonsense", set()),
    ],
)
def test_each_filter_finds_its_own(college: Person, city: City, asked: str, expected: set[str]) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    college.post("/trade/listings/new", {"number": number(2), "modes": "licence", "maturity": "lab"})
    found = set(titles(college.get(f"{LIST}?{asked}").text))
    assert found == expected


def test_the_order_is_as_asked(college: Person) -> None:
    assert titles(college.get(f"{LIST}?sort=number").text) == [GLUE, SOLE, SPRAYER]
    assert titles(college.get(f"{LIST}?sort=class").text) == [SOLE, SPRAYER, GLUE]


def test_what_is_ticked_goes_along_to_other_pages_and_filters(college: Person, city: City) -> None:
    enlarge(city, 45)
    first = college.get(f"{LIST}?sort=number").text
    shown = re.search(r'name="shown" value="([\d-]+)"', first)
    assert shown is not None
    one, two = shown[1].split("-")[:2]
    second = college.get(f"{LIST}?sort=number&kept=&shown={shown[1]}&tick={one}&tick={two}&page=2").text
    assert sorted(kept(second)) == sorted([one, two]) and "已选 2 件" in second
    filtered = college.get(f"{LIST}?q=没有这样的词&kept={one}-{two}&shown=").text
    assert sorted(kept(filtered)) == sorted([one, two])
    back = college.get(f"{LIST}?sort=number&kept={one}-{two}&shown={shown[1]}&tick={two}").text  # the first unticked
    assert kept(back) == [two]


def test_buttons_choose_a_page_all_that_was_found_and_none(college: Person, city: City) -> None:
    enlarge(city, 45)
    assert len(kept(college.get(f"{LIST}?take=page").text)) == 20
    assert len(kept(college.get(f"{LIST}?take=all&symbol=A43D").text)) == 46
    assert kept(college.get(f"{LIST}?take=none&kept=1-2").text) == []


def test_the_file_holds_what_is_chosen_else_what_was_found_and_never_a_patent_of_others(
    college: Person, city: City
) -> None:
    frame = city.patent(FRAME)
    chosen = college.get(f"{LIST}.csv?kept={city.patent(SOLE)}-{frame}").get_data().decode("utf-8-sig")
    assert SOLE in chosen and GLUE not in chosen and FRAME not in chosen
    found = college.get(f"{LIST}.csv?symbol=A43D").get_data().decode("utf-8-sig")
    assert SPRAYER in found and SOLE not in found
    assert college.get(f"{LIST}.xlsx").data[:2] == b"PK"
    assert college.get(f"{LIST}.exe").status_code == 404


def test_a_page_costs_the_same_number_of_statements_with_434_patents(college: Person, city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    counted: list[dict[str, int]] = []
    for many in (0, 431):
        enlarge(city, many)
        chosen = f"kept={'-'.join(str(each) for each in range(1, 434 if many else 4))}"
        counted.append({})
        for path in (LIST, "/institution/demands", f"/trade/listings/many?{chosen}", f"/trade/offers/many?{chosen}"):
            college.get(path)  # scores are kept between views
            with statements(city.runtime) as seen:
                assert college.get(path).status_code == 200
            counted[-1][path.partition("?")[0]] = len(seen)
    assert counted[0] == counted[1]


def test_the_chosen_are_listed_by_one_form_and_the_page_says_how_each_stands(college: Person, city: City) -> None:
    chosen = f"{city.patent(GLUE)}-{city.patent(SPRAYER)}"
    page = college.get(f"/trade/listings/many?kept={chosen}").text
    assert "挂牌 1 件" in page and "已失效" in page
    sent = {"kept": chosen, "modes": ["licence"], "maturity": "lab"}
    answer = college.post("/trade/listings/many", sent, follow_redirects=True)
    assert "已挂牌 1 件，1 件未能挂牌" in answer.text and "已将这件专利挂牌" in answer.text
    with city.unit() as unit:
        assert unit.session.scalar(sa.select(sa.func.count()).select_from(PatentOffer)) == 1


def test_all_434_that_were_chosen_are_listed_by_one_act(college: Person, city: City) -> None:
    enlarge(city, 431)
    with city.unit() as unit:
        own = sa.select(Patent.id).where(Patent.title.startswith("一种鞋楦定位装置")).order_by(Patent.id)
        chosen = [city.patent(GLUE), city.patent(SOLE), city.patent(SPRAYER), *unit.session.scalars(own)]
    assert len(chosen) == 434
    sent = {"kept": "-".join(map(str, chosen)), "modes": ["licence"], "maturity": "lab"}
    answer = college.post("/trade/listings/many", sent, follow_redirects=True)
    assert answer.status_code == 200 and "已挂牌 433 件，1 件未能挂牌" in answer.text  # one is dead


def test_a_refused_form_keeps_the_choice_and_the_terms(college: Person, city: City) -> None:
    chosen = str(city.patent(GLUE))
    answer = college.post("/trade/listings/many", {"kept": chosen, "maturity": "lab", "note": "可来校考察"})
    assert answer.status_code == 422 and kept(answer.text) == [chosen] and "可来校考察" in answer.text
    terms = {**OFFER, "kept": chosen, "fee_yuan": ""}
    answer = college.post("/trade/offers/many", terms)
    assert answer.status_code == 422 and "鞋底防滑是共性问题" in answer.text and kept(answer.text) == [chosen]


def test_many_are_declared_after_a_check(college: Person, city: City) -> None:
    terms = {**OFFER, "kept": f"{city.patent(GLUE)}-{city.patent(SOLE)}-{city.patent(SPRAYER)}"}
    checked = college.post("/trade/offers/many", {**terms, "act": "check"})
    assert checked.status_code == 200 and "声明 2 件" in checked.text
    done = college.post("/trade/offers/many", terms, follow_redirects=True).text
    assert "已声明 2 件，1 件未能声明" in done
    assert titles(college.get(f"{LIST}?offer=open_licence&sort=number").text) == [GLUE, SOLE]


def test_where_all_chosen_were_declared_their_list_follows_and_no_empty_form(college: Person, city: City) -> None:
    terms = {**OFFER, "kept": f"{city.patent(GLUE)}-{city.patent(SOLE)}"}
    done = college.post("/trade/offers/many", terms)
    assert done.status_code == 302 and done.location == "/trade/records"
    assert "已声明 2 件" in college.get(done.location).text


def test_fitting_demands_are_searched_filtered_and_ordered(college: Person, city: City) -> None:
    for changes in ({}, {"title": "鞋底耐磨不足", "text": "橡胶鞋底在湿滑地面不耐磨,需要防滑耐磨的橡胶鞋底。", "object": "橡胶鞋底",
                         "aim": "提高防滑耐磨性", "targets": "", "technical_field": "橡胶"}):  # fmt: skip
        demand = city.post(**changes)
        with city.unit("operator") as unit:
            verify(unit, demand)

    def found(asked: str) -> list[str]:
        page = college.get(f"/institution/demands?{asked}").text
        return re.findall(r'<a href="/institution/demands/\d+">([^<]+)</a>', page)

    assert set(found("")) == {"运动鞋鞋底开胶", "鞋底耐磨不足"}
    assert found("q=剥离") == ["运动鞋鞋底开胶"] and found("field=橡胶") == ["鞋底耐磨不足"]
    assert found("field=nonsense") == [] and set(found("interest=open")) == set(found(""))
    assert found("interest=told") == []
    assert found("sort=newest") == found("sort=ends_first")


def test_of_a_demand_that_may_not_be_read_the_title_alone_is_searched(college: Person, city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        set_confidentiality(unit, demand, "interest")
    with city.unit("operator") as unit:
        verify(unit, demand)
    assert "运动鞋鞋底开胶" in college.get("/institution/demands?q=开胶").text
    assert "运动鞋鞋底开胶" not in college.get("/institution/demands?q=剥离").text
