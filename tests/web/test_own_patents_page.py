"""Own patents as a reason, in a sentence for whoever reads it."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from tests.services.matching.test_own_patents import OWN, record
from tests.services.small_city import SHOES, City
from tests.web.people import Person
from tests.web.test_matching_pages import words


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


def test_the_firm_reads_which_own_patent_is_near_and_the_lines_add_up(city: City, app: Flask) -> None:
    demand = city.post()
    record(city, SHOES)
    firm = Person(app, "shoes")
    page = words(firm.get(f"/enterprise/demands/{demand}").text)
    assert f"与贵单位已有专利《{OWN[0]}》同属 C09J 175" in page
    assert f"与贵单位已有专利《{OWN[0]}》名称相近：" in page
    firm.get("/account/language/en")
    english = words(firm.get(f"/enterprise/demands/{demand}").text)
    assert f"Same field C09J 175 as “{OWN[0]}”, held by your company" in english


def test_a_push_tells_its_reader_the_same(city: City, app: Flask) -> None:
    city.post()
    record(city, SHOES)
    city.push()
    firm = Person(app, "shoes")
    inbox = words(firm.get("/enterprise/inbox").text)
    assert "贵单位" in inbox or "贵单位" in words(firm.get("/enterprise/inbox/1").text)
