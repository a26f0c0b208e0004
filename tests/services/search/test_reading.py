"""What was typed in another spelling, by sound, in part, or with an error finds what it means, and the page says so."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from matchhub.db.tables import Expert, Patent, PatentClass
from matchhub.services.kernel.unit import VISITOR
from matchhub.services.matching.store import drop_index, refresh_index
from matchhub.services.search.kinds import count_hits, search
from tests.services.small_city import TODAY, City

ZIP, SOLE = "一种防水拉链", "一种防滑耐磨橡胶鞋底"


@pytest.fixture
def town(city: City) -> City:
    """The small city with an indexed base, a class and a publication number, and two experts, one without consent."""
    with city.unit() as unit:
        unit.session.add(PatentClass(patent_id=city.patent(ZIP), scheme="ipc", symbol="A44B 19/34", position=7))
        unit.session.execute(
            update(Patent).where(Patent.title == ZIP).values(publication_number="CN109996757A", abstract="厚０．５毫米")
        )
        for name, consent in (("欧阳修竹", None), ("欧阳修祝", TODAY)):
            unit.session.add(
                Expert(
                    name=name,
                    organisation="某所",
                    person_key=name,
                    field="伞骨",
                    consent_on=consent,
                    recorded_at=unit.now,
                    updated_at=unit.now,
                )
            )
    with city.unit() as unit:
        drop_index(unit.home)  # the texts were changed without a revision
        refresh_index(unit)
    return city


@pytest.mark.parametrize(
    ("typed", "way", "meant"),
    [
        ("CN 109996757 A", "", "CN109996757A"),
        ("公开号：cn109996757a", "number", "CN109996757A"),
        ("CN109996757A", "", "CN109996757A"),
        ("CN109996757", "number_part", "109996757"),
        ("99967", "number_part", "99967"),
        ("a44b 19/34", "ipc", "A44B 19/34"),
        ("A44B19", "ipc", "A44B 19"),
        ("a44b", "ipc", "A44B"),
        ("A44", "ipc", "A44"),
        ("防水拉鏈", "spelling", "防水拉链"),
        ("0.5 MM", "spelling", "0.5mm"),
        ("fangshui lalian", "pinyin", "防水拉链"),
        ("la lian", "pinyin", "拉链"),
        ("拉连", "homophone", "拉链"),
        ("链拉", "typing", "拉链"),
    ],
)
def test_it_finds_what_it_means_and_says_how_it_was_read(town: City, typed: str, way: str, meant: str) -> None:
    with town.runtime.unit(VISITOR) as unit:
        page = search(unit, "patents", typed)
        assert (page.way, page.meant, page.near) == (way, meant, False)
        assert ZIP in [row.title for row in page.items]


def test_what_is_found_as_typed_is_not_read_otherwise(town: City) -> None:
    with town.runtime.unit(VISITOR) as unit:
        assert search(unit, "patents", "拉链").way == search(unit, "patents", "纳米陶瓷釉").way == ""
        assert count_hits(unit, "A44B")["patents"] == 1


def test_a_class_or_number_of_nothing_is_looked_for_as_a_word(town: City) -> None:
    with town.unit() as unit:
        unit.session.execute(update(Patent).where(Patent.title == SOLE).values(abstract="硬度 H99 级"))
    with town.runtime.unit(VISITOR) as unit:
        assert [row.title for row in search(unit, "patents", "H99").items] == [SOLE]


def test_a_name_that_may_not_be_seen_is_never_offered(town: City) -> None:
    """The words of an index hold both, but only what finds something for this reader is offered."""
    for who, other in (("shoes", ()), ("operator", ("欧阳修竹",))):
        with town.runtime.unit(town.actors[who]) as unit:
            page = search(unit, "experts", "ouyangxiuzhu")
            assert {page.meant, *page.others} == {"欧阳修祝", *other} and page.total == 1


@pytest.mark.parametrize(("sort", "order"), [("oldest", 1), ("newest", -1)])
def test_an_order_of_its_own(town: City, sort: str, order: int) -> None:
    with town.runtime.unit(VISITOR) as unit:
        days = [unit.session.get_one(Patent, row.id).filed_on for row in search(unit, "patents", sort=sort).items]
        known = [day for day in days if day is not None]
        assert known == sorted(known, reverse=order < 0) and days[: len(known)] == known
