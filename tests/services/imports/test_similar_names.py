"""Which similar records are put before a person: looked up by pieces or among all, the answer is one."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import SimilarPair
from matchhub.domain.parties import core_name
from matchhub.domain.records import AgencyRecord, EnterpriseRecord, ExpertRecord, Source
from matchhub.domain.similar_names import indel_ratio
from matchhub.services.imports import similar
from tests.domain.factories import pack
from tests.services.desk_base import Base, code

FIRST = "恒达鑫盛锋动安踏"
TRADE = ("鞋塑科技发展", "体育用品", "服饰织造", "食品", "机械设备制造", "卫生用品", "陶瓷建材")
FORM = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "厂", "商行(个体工商户)")
PLACE = ("", "晋江市", "泉州", "福建省", "石狮市")


def spelt(chance: random.Random) -> str:
    """A believable name of a firm, now and then with brackets in its middle or the end."""
    name = "".join(chance.choices(FIRST, k=chance.randint(2, 3))) + chance.choice(TRADE)
    at = chance.randrange(len(name) + 1)
    bracket = chance.choice(("", "", "(中国)", "(福建)"))
    return chance.choice(PLACE) + name[:at] + bracket + name[at:] + chance.choice(FORM)


def firm(serial: int, name: str, **more: Any) -> EnterpriseRecord:
    return EnterpriseRecord(Source("enterprises.csv", serial + 1), name=name, **more)


def queued(base: Base) -> dict[tuple[int, int], tuple[str, ...]]:
    """Pairs in the queue with their reasons."""
    with base.runtime.unit(write=False) as unit:
        return {
            (each.left_id, each.right_id): tuple(each.reasons)
            for each in unit.session.execute(select(SimilarPair)).scalars()
        }


def firms(seed: int, count: int) -> list[EnterpriseRecord]:
    chance = random.Random(seed)
    names = list(dict.fromkeys(spelt(chance) for _ in range(count)))
    return [
        firm(serial, name, uscc=code(serial) if chance.random() < 0.4 else None) for serial, name in enumerate(names, 1)
    ]


@pytest.mark.parametrize("few", [0, 1000])
def test_few_or_many_new_names_find_what_all_pairs_find(base: Base, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(similar, "FEW", few)
    records = firms(3, 250)
    base.take("enterprises", *records[:-25])
    for at in range(25, 0, -5):
        base.take("enterprises", *records[-at : len(records) - at + 5])
    place = pack().local
    wanted = {
        (i, j)
        for i, one in enumerate(records, 1)
        for j, other in enumerate(records, 1)
        if i < j and indel_ratio(core_name(one.name or "", place), core_name(other.name or "", place))
        >= (100 if one.uscc and other.uscc else similar.THRESHOLD)  # all codes are of one place
    }  # fmt: skip
    assert set(queued(base)) == wanted
    assert len(wanted) > 20


@pytest.mark.parametrize("name", ["晋江市恒达(中国)鑫盛鞋塑科有限公司", "恒达(中国)鑫盛鞋(福建)塑科有限公司"])
def test_brackets_in_the_middle_of_a_name_hide_nothing(base: Base, name: str) -> None:
    base.take("enterprises", firm(1, name))
    base.take("enterprises", firm(2, "泉州恒达鑫盛鞋塑科技有限公司"))
    assert set(queued(base)) == {(1, 2)}


def test_a_crowd_is_cut_and_says_so(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST", 3)
    base.take("enterprises", *(firm(at, f"晋江市恒安达鞋塑科技发展{at}有限公司") for at in range(1, 10)))
    before = queued(base)
    assert all("similar_crowd" in reasons for reasons in before.values())
    base.take("enterprises", firm(20, "晋江市恒安达鞋塑科技发展有限公司"))
    new = {pair: reasons for pair, reasons in queued(base).items() if pair not in before}
    assert len(new) == 3 and all("similar_crowd" in reasons for reasons in new.values())


def test_a_short_list_does_not_say_that_it_was_cut(base: Base) -> None:
    base.take("enterprises", *(firm(at, f"晋江市恒安达鞋塑科技发展{at}有限公司") for at in (1, 2)))
    assert list(queued(base).values()) == [("similar_core",)]


def test_a_name_of_one_character_is_like_nothing(base: Base) -> None:
    base.take("agencies", AgencyRecord(Source("a.csv", 2), name="晋江甲有限公司"))
    base.take("agencies", AgencyRecord(Source("a.csv", 2), name="泉州甲有限公司"))
    assert queued(base) == {}


def person(serial: int, name: str, organisation: str, phone: str | None = None) -> ExpertRecord:
    return ExpertRecord(Source("experts.csv", serial + 1), name=name, organisation=organisation, phone=phone)


EXPERTS = (
    person(1, "陈某", "泉州师范学院"),
    person(2, "陈某", "泉州师范学院化工与材料学院"),  # holds the first's name
    person(3, "陈某", "某陶瓷厂", "13800000000"),
    person(4, "陈某", "晋江茶业研究会", "13800000000"),  # the third's telephone
    person(5, "林某", "福建省晋江市制鞋机械工程研究院"),
    person(6, "林某", "晋江制鞋机械工程研究所"),  # near the fifth's
    person(7, "王某", "泉州师范学院"),  # another name at the first's
    person(8, "林某", "厦门大学"),
    person(9, "王某", "某陶瓷厂", "13800000000"),
)


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("size", [1, len(EXPERTS)])
def test_namesakes_at_near_organisations_are_asked_about(
    base: Base, monkeypatch: pytest.MonkeyPatch, few: int, size: int
) -> None:
    monkeypatch.setattr(similar, "FEW", few)
    for at in range(0, len(EXPERTS), size):
        base.take("experts", *EXPERTS[at : at + size])
    assert queued(base) == {
        (1, 2): ("similar_namesake",),
        (3, 4): ("similar_namesake", "similar_phone"),
        (5, 6): ("similar_namesake",),
    }
