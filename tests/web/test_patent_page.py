"""A patent's page: the buttons that its reader may press, the registers it leads to, the sheet to be shown around."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.db.tables import PatentHolder
from matchhub.services.kernel.runtime import Runtime
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, PATENTS, City
from tests.web.acts import OFFER
from tests.web.people import Person

GLUE, FRAME = PATENTS[0][0], PATENTS[3][0]


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


def test_the_holder_finds_what_can_be_done_with_its_own_patent_and_nothing_of_it_on_another_s(
    app: Flask, city: City
) -> None:
    college = Person(app, "college")
    own, other = (college.get(f"/patents/{city.patent(title)}").text for title in (GLUE, FRAME))
    acts = (
        f"/trade/listings/new?number={number(1)}",
        f"/trade/offers/new?number={number(1)}",
        f"{city.patent(GLUE)}/firms",
    )
    assert [act for act in acts if act not in own] == []
    assert "/trade/listings/new" not in other and "/trade/offers/new" not in other and "/firms" not in other
    assert "/enterprise/patents/" not in own, "nobody asks himself for contact"


def test_what_was_done_already_is_offered_no_more(app: Flask, city: City) -> None:
    college = Person(app, "college")
    college.post("/trade/listings/new", {"number": number(1), "modes": "licence", "maturity": "lab"})
    college.post("/trade/offers/new", {**OFFER, "number": number(1)})
    page = college.get(f"/patents/{city.patent(GLUE)}").text
    assert "/trade/listings/new" not in page and "/trade/offers/new" not in page


def test_a_firm_may_ask_for_contact_and_a_visitor_may_share(app: Flask, city: City) -> None:
    glue = city.patent(GLUE)
    assert f"/enterprise/patents/{glue}/contact" in Person(app, "shoes").get(f"/patents/{glue}").text
    page = Person(app).get(f"/patents/{glue}").text
    assert f"/patents/{glue}/sheet" in page and "/contact" not in page and "/firms" not in page


def test_the_page_leads_to_the_registers_and_says_which_number_to_look_for(app: Flask, city: City) -> None:
    page = Person(app).get(f"/patents/{city.patent(GLUE)}").text
    assert "国家知识产权局专利公布公告" in page and 'rel="noreferrer noopener"' in page and number(1) in page


def test_the_sheet_bears_the_address_as_a_code_and_no_person(app: Flask, city: City) -> None:
    glue = city.patent(GLUE)
    with city.unit() as unit:
        for place, (name, role) in enumerate((("王小明", "inventor"), ("李四", "owner"), (COLLEGE, "owner")), start=5):
            unit.session.add(PatentHolder(patent_id=glue, role=role, position=place, name=name, name_key=name))
    page = Person(app).get(f"/patents/{glue}/sheet").text
    assert GLUE in page and COLLEGE in page and f"/patents/{glue}/sheet.svg" in page
    assert "王小明" not in page and "李四" not in page
    code = Person(app).get(f"/patents/{glue}/sheet.svg")
    assert code.mimetype == "image/svg+xml" and code.data.startswith(b"<?xml")
    assert Person(app).get("/patents/999/sheet").status_code == 404


def test_a_sheet_shows_the_terms_of_its_offer(app: Flask, city: City) -> None:
    college = Person(app, "college")
    college.post(
        "/trade/listings/new", {"number": number(1), "modes": "licence", "maturity": "pilot", "price_yuan": "5万"}
    )
    page = Person(app).get(f"/patents/{city.patent(GLUE)}/sheet").text
    assert "中试阶段" in page and "5万元" in page
