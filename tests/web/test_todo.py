"""The operator's first page: what waits with its number and age, each leading to where it is done."""

from __future__ import annotations

from matchhub.services.pushes.drafting import make_draft
from matchhub.wording import labels
from tests.journey.deal_city import DealCity, town
from tests.services.small_city import built_city, city
from web.operator.desk import PLACES

__all__ = ["built_city", "city", "town"]


def test_everything_that_waits_has_its_word_and_its_place() -> None:
    assert {*PLACES, "push_draft"} == set(labels()["todo"]) - {"job"}


def test_every_place_opens_for_the_operator_and_the_waiting_plan_of_pushes_is_named(town: DealCity) -> None:
    town.city.post()
    town.city.match()
    with town.city.unit("operator") as unit:
        draft = make_draft(unit).draft_id
    town.city.clock.forward(days=2)
    operator = town.at("operator")
    page = operator.get("/operator/").text
    assert "条需求待审核" in page and "已等 2 天" in page
    assert "份推送计划待确认" in page and f'href="/operator/pushes/drafts/{draft}"' in page
    with town.app.test_request_context():
        from flask import url_for

        places = [url_for(endpoint, **arguments) for endpoint, arguments in PLACES.values()]
    assert {operator.get(place).status_code for place in places} == {200}
