"""Free search over patents: words of two characters, order by relevance, every filter, and what is near."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import Enterprise, Organisation, Patent, PatentHolder, PatentOffer
from matchhub.services.matching.store import drop_index
from matchhub.services.search.kinds import search
from matchhub.services.search.narrowing import PatentFilters
from tests.services.small_city import SHOES, City

GLUE, SOLE, SPRAYER, MOULD = (
    "一种鞋底用水性聚氨酯胶粘剂",
    "一种防滑耐磨橡胶鞋底",
    "一种鞋面胶粘剂喷涂设备",
    "一种鞋底硫化成型模具",
)


def found(city: City, query: str, **filters: Any) -> list[str]:
    with city.unit() as unit:
        return [row.title for row in search(unit, "patents", query, 1, PatentFilters(**filters)).items]


def test_two_characters_find_what_holds_them_the_most_telling_first(city: City) -> None:
    assert set(found(city, "鞋底")) == {GLUE, SOLE, MOULD}
    assert found(city, "防滑 鞋底") == [SOLE]
    assert found(city, "喷涂") == [SPRAYER]
    assert found(city, "胶粘剂")[:2] == [GLUE, SPRAYER] or found(city, "胶粘剂")[:2] == [SPRAYER, GLUE]


def test_holders_are_found_by_name_and_numbers_by_number(city: City) -> None:
    assert set(found(city, "泉南理工")) == {GLUE, SOLE, SPRAYER}
    with city.unit() as unit:
        number = unit.session.execute(select(Patent.application_number).where(Patent.title == SOLE)).scalar_one()
    assert found(city, str(number)) == [SOLE]


def test_before_there_is_an_index_words_are_found_all_the_same(city: City) -> None:
    drop_index(city.runtime.home)
    assert set(found(city, "鞋底")) == {GLUE, SOLE, MOULD}
    assert found(city, "起球开胶") == []


def test_where_nothing_holds_the_words_what_is_near_is_shown_and_said(city: City) -> None:
    with city.unit() as unit:
        page = search(unit, "patents", "鞋底开胶胶粘剂")
        assert page.near and page.items[0].title == GLUE
        assert not search(unit, "patents", "鞋底").near
        nothing = search(unit, "patents", "海参育苗")
        assert (nothing.total, nothing.near) == (0, False)


@pytest.mark.parametrize(("year", "number"), [(2016, 0), (2017, 3), (2018, 0)])
def test_the_year_is_that_of_filing(city: City, year: int, number: int) -> None:
    assert len(found(city, "鞋底", year=year)) == number


@pytest.fixture
def listed(city: City) -> City:
    with city.unit() as unit:
        place = unit.session.execute(select(Organisation.id)).scalars().first()
        unit.session.add(
            PatentOffer(
                patent_id=city.patent(SOLE),
                application_number="201710000000.0",
                title=SOLE,
                organisation_id=place,
                modes=["transfer"],
                price_yuan=Decimal(50_000),
                maturity="lab",
                extras=[],
                state="published",
                recorded_at=unit.now,
                updated_at=unit.now,
            )
        )
    return city


@pytest.mark.parametrize(("most", "hit"), [(49_999, False), (50_000, True), (50_001, True)])
def test_the_price_includes_its_limit(listed: City, most: int, hit: bool) -> None:
    assert (found(listed, "鞋底", most_yuan=Decimal(most)) == [SOLE]) is hit


def test_how_it_is_to_be_had_narrows_and_a_patent_offer_that_is_not_published_does_not_count(listed: City) -> None:
    assert found(listed, "鞋底", mode="transfer") == [SOLE]
    assert found(listed, "鞋底", mode="licence") == []
    with listed.unit() as unit:
        unit.session.execute(update(PatentOffer).values(state="review"))
    assert found(listed, "鞋底", mode="transfer") == []


def test_the_industry_is_that_of_the_firm_that_owns_the_patent(city: City) -> None:
    with city.unit() as unit:
        unit.session.execute(update(Enterprise).where(Enterprise.name == SHOES).values(industry="制鞋业"))
        key = unit.session.execute(select(Enterprise.name_key).where(Enterprise.name == SHOES)).scalar_one()
        of_sole = PatentHolder.patent_id == city.patent(SOLE)
        unit.session.execute(update(PatentHolder).where(of_sole).values(name=SHOES, name_key=key))
    assert found(city, "", industry="制鞋") == [SOLE]
    assert found(city, "", industry="食品") == []


def test_filters_narrow_what_is_near_too(city: City) -> None:
    assert found(city, "鞋底开胶胶粘剂", ipc="A45") == []
    assert found(city, "鞋底开胶胶粘剂", ipc="C09J") == [GLUE]
