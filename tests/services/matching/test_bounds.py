"""What the matcher reads and how often; whose index it is; patents whose term is over."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import Demand, Patent
from matchhub.domain.records import Row
from matchhub.errors import Refusal
from matchhub.operation.diagnosis import _sample_check
from matchhub.services.conversations.interest import express_interest
from matchhub.services.imports.lengths import tell_read_in_part
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching import bounds, store
from matchhub.services.matching.results import match_text
from matchhub.services.patents.page import patent_view
from matchhub.services.records.own_demand import demand_page
from recommender import Query
from tests.services.desk_base import demand
from tests.services.small_city import PATENTS, City

GLUE, SPRAYER = PATENTS[0][0], PATENTS[2][0]


def test_a_long_text_is_read_to_a_limit_and_what_stands_behind_it_changes_nothing(city: City) -> None:
    start = "鞋底老是开胶,想找好一点的胶粘剂。" + "。" * bounds.MOST_READ
    with city.unit() as unit:
        short, long = match_text(unit, start), match_text(unit, start + "抗风伞骨" * 1000)
    assert [hit.score for hit in short.results] == [hit.score for hit in long.results]
    assert long.to_json()["read_to"] == long.read_to == bounds.MOST_READ and not short_of(city)
    query = Query("q", "鞋" * 5000, "底" * 5000, ("胶",))
    assert bounds.cut_at(query) == bounds.MOST_READ and not bounds.cut_at(bounds.bounded(query))
    assert bounds.bounded(query).keywords == ("胶",)


def short_of(city: City) -> int:
    with city.unit() as unit:
        return match_text(unit, "鞋底老是开胶").read_to


def test_the_page_of_a_long_demand_and_its_import_tell_how_much_is_matched(city: City) -> None:
    key = city.post()
    with city.unit() as unit:
        unit.session.execute(update(Demand).where(Demand.id == key).values(text="鞋底老是开胶。" * 1000))
    with city.unit("shoes") as unit:
        assert demand_page(unit, key).read_to == bounds.MOST_READ
    long, short = demand(1, text="鞋底老是开胶。" * 1000), demand(2)
    (told,) = tell_read_in_part(Row(long.source, long)).problems
    assert (told.code, told.severity, told.value) == ("demand_read_in_part", "warning", str(bounds.MOST_READ))
    assert not tell_read_in_part(Row(short.source, short)).problems


def test_an_account_has_so_many_drafts_matched_a_minute_and_another_is_not_held_up(city: City) -> None:
    with city.unit("shoes") as unit:
        assert [bounds.may_match_draft(unit) for _ in range(bounds.DRAFTS + 1)] == [True] * bounds.DRAFTS + [False]
    with city.unit("umbrellas") as unit:
        assert bounds.may_match_draft(unit)
    city.clock.now += bounds.WITHIN
    with city.unit("shoes") as unit:
        assert bounds.may_match_draft(unit)


def test_few_characters_ask_one_question_back() -> None:
    assert bounds.is_brief(Query("", "拉链卡齿", ""))
    assert not bounds.is_brief(Query("", "", "")) and not bounds.is_brief(Query("", "拉链卡齿,想要顺滑的拉头", ""))


@pytest.mark.parametrize("told", [{"base": "another"}, {"last": "another"}, {"revision": 10**6}])
def test_an_index_of_another_base_is_not_believed_and_built_again(city: City, told: dict[str, object]) -> None:
    with city.unit() as unit:
        store.refresh_index(unit)
        assert store.freshness(unit)[0] is not None
        file = store.folder(unit.home).with_name("patents.json")
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | told), "utf-8")
        assert store.freshness(unit)[0] is None and store.ready_matcher(unit) is None
        assert len(store.current_matcher(unit).index) == len(PATENTS)
        assert store.freshness(unit)[0] is not None


def test_patents_that_stand_otherwise_in_the_index_are_named(city: City) -> None:
    with city.unit() as unit:
        store.refresh_index(unit)
        assert store.differing_sample(unit) == []
    with city.unit("operator") as unit:
        unit.session.execute(update(Patent).where(Patent.title == GLUE).values(title="一种茶叶机"))
    with city.unit() as unit:
        assert store.differing_sample(unit) == [city.patent("一种茶叶机")]
        assert _sample_check([7])["code"] == "doctor_index_differs" and _sample_check([])["ok"]


def _expire(unit: Unit, title: str) -> int:
    patent = unit.session.execute(select(Patent).where(Patent.title == title)).scalar_one()
    patent.expires_on = unit.today - timedelta(days=1)
    unit.session.flush()
    return patent.id


def test_a_patent_past_its_term_says_so_and_no_contact_is_arranged(city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        expired = _expire(unit, GLUE)
    with city.unit("shoes") as unit:
        assert patent_view(unit, expired).validity == "expired"
        assert {match.patent.validity for match in demand_page(unit, demand).matches if match.patent.id == expired} == {
            "expired"
        }
    for patent in (expired, city.patent(SPRAYER)):
        with pytest.raises(Refusal) as refused, city.unit("shoes") as unit:
            express_interest(unit, patent, demand)
        assert refused.value.code == "contact_patent_dead"


def test_unknown_status_comes_last_when_asked_for(city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        row = unit.session.execute(select(Patent).where(Patent.title == GLUE)).scalar_one()
        row.filed_on, row.expires_on = date(2020, 1, 1), None
    with city.unit("shoes") as unit:
        plain = [match.patent.id for match in demand_page(unit, demand).matches]
        known = demand_page(unit, demand, known_first=True).matches
    assert {match.patent.id for match in known} == set(plain)
    said = [match.patent.validity == "unknown" for match in known]
    assert said == sorted(said)
