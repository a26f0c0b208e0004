"""The operator's list of what waits: with numbers, the oldest first with its age, each leading to where it is done."""

from __future__ import annotations

from sqlalchemy import delete

from matchhub.db.tables import LinkedName
from matchhub.services.conversations.interest import express_interest
from matchhub.services.patents.offers import NewPatentOffer, list_patent
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.worklists.todo import Todo, todo
from tests.domain.factories import number
from tests.services.small_city import PATENTS, City


def waiting(city: City) -> Todo:
    with city.unit("operator") as unit:
        return todo(unit)


def test_the_oldest_stands_first_with_its_age(city: City) -> None:
    city.post()
    city.clock.forward(days=3)
    with city.unit("school") as unit:
        list_patent(unit, NewPatentOffer(number(1), "", ("transfer",), "lab", ()))
    city.clock.forward(days=2)
    found = [(each.key, each.number, each.days) for each in waiting(city).waiting if each.since]
    assert found == [("demands_submitted", 1, 5), ("patent_offers", 1, 2)]


def test_a_plan_of_pushes_that_waits_is_named_with_its_number(city: City) -> None:
    city.post()
    city.match()
    with city.unit("operator") as unit:
        draft = make_draft(unit).draft_id
    (named,) = [each for each in waiting(city).waiting if each.key == "push_draft"]
    assert (named.number, named.about) == (1, draft)


def test_a_thread_whose_holder_has_no_account_waits_for_the_operator(city: City) -> None:
    with city.unit() as unit:
        unit.session.execute(delete(LinkedName))
    demand = city.own_demand()
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent(PATENTS[0][0]), demand)
    assert waiting(city).number("threads_alone") == 1
