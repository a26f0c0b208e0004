"""The institution's pages: own patents, demands that fit them, interest; never a firm, never contact data."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import PlatformEvent
from matchhub.services.kernel.runtime import Runtime
from tests.services.small_city import COLLEGE, City
from tests.services.verifying import verify
from tests.web.people import Person

GLUE, FRAME = "一种鞋底用水性聚氨酯胶粘剂", "一种抗风伞骨"
SECRETS = ("恒步", "王小明", "000-12345678", "wang@shoes.example")


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def college(app: Flask) -> Person:
    return Person(app, "college")


@pytest.fixture
def demand(city: City) -> int:
    """A verified demand about glue."""
    found = city.post()
    with city.unit("operator") as unit:
        verify(unit, found)
    return found


def test_the_desk_shows_own_patents_and_the_demands_that_fit(college: Person, demand: int) -> None:
    page = college.get("/institution/").text
    assert COLLEGE in page and "运动鞋鞋底开胶" in page and FRAME not in page


def test_an_institution_without_patents_is_told_why(app: Flask, city: City) -> None:
    from matchhub.db.tables import LinkedName, Organisation

    with city.unit() as unit:
        row = unit.session.execute(select(Organisation).where(Organisation.name == COLLEGE)).scalar_one()
        row.name, row.name_key = "新的大学", "新的大学"
        link = unit.session.execute(select(LinkedName).where(LinkedName.name == COLLEGE)).scalar_one()
        link.name_key = "新的大学"
    assert "库中没有以“新的大学”为权利人的专利" in Person(app, "college").get("/institution/").text


def test_each_own_patent_has_a_page_with_its_demands_and_reasons(college: Person, city: City, demand: int) -> None:
    assert GLUE in college.get("/institution/patents").text
    page = college.get(f"/institution/patents/{city.patent(GLUE)}").text
    assert "运动鞋鞋底开胶" in page and "为什么匹配" in page and "推荐此专利" in page
    assert college.get(f"/institution/patents/{city.patent(FRAME)}").status_code == 404


def test_no_page_names_the_firm_or_its_contact(college: Person, city: City, demand: int) -> None:
    for path in ("", "patents", "demands", f"demands/{demand}", f"patents/{city.patent(GLUE)}"):
        page = college.get(f"/institution/{path}")
        assert page.status_code == 200
        assert [secret for secret in SECRETS if secret in page.text] == [], path


def test_a_demand_that_nobody_verified_is_not_there(college: Person, city: City) -> None:
    found = city.post()
    assert college.get(f"/institution/demands/{found}").status_code == 404
    assert "运动鞋鞋底开胶" not in college.get("/institution/demands").text


def test_interest_is_told_once_and_shown_to_the_enterprise(
    app: Flask, college: Person, city: City, demand: int
) -> None:
    address, glue = f"/institution/demands/{demand}/interest", city.patent(GLUE)
    opened = college.post(address, {"patent_id": glue}, follow_redirects=True).text
    assert "对接已建立" in opened and "为什么匹配" in opened
    assert "进入对接" in college.get(f"/institution/demands/{demand}").text
    assert "已经就这条需求表达过意向" in college.post(address, {"patent_id": glue}, follow_redirects=True).text
    with city.runtime.unit(write=False) as unit:
        events = [(row.event, row.demand_id) for row in unit.session.execute(select(PlatformEvent)).scalars()]
    assert events == [("interest", demand)]
    page = Person(app, "shoes").get(f"/enterprise/demands/{demand}").text
    assert COLLEGE in page and "机构意向" in page


@pytest.mark.parametrize("patent", ["foreign", "0", "x", "99999999999"])
def test_interest_with_a_patent_of_somebody_else_is_refused(
    college: Person, city: City, demand: int, patent: str
) -> None:
    chosen = str(city.patent(FRAME)) if patent == "foreign" else patent
    assert college.post(f"/institution/demands/{demand}/interest", {"patent_id": chosen}).status_code == 404


def test_an_enterprise_that_wants_contact_shows_on_the_desk_without_its_name(
    app: Flask, college: Person, city: City, demand: int
) -> None:
    Person(app, "shoes").post(f"/enterprise/patents/{city.patent(GLUE)}/contact", {"demand_id": demand})
    page = college.get("/institution/").text
    assert "企业对接意向" in page and not any(secret in page for secret in SECRETS)
