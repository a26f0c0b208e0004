"""Who is local: by the division code, then by the address, as the pack of the city has it; else a person decides."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchhub.domain.locality import LocalDecision, decide_local
from matchhub.domain.parties import core_name
from tests.domain.factories import pack
from tests.policy.packs import another_city


def uscc(division: str) -> str:
    """A valid credit code of a registering authority."""
    from stdnum.cn import uscc as check

    body = f"91{division}MA2XW97U1"
    return body + check.calc_check_digit(body)


def judged(code: str | None, address: str | None, name: str | None = None) -> LocalDecision:
    """The decision by the pack that ships."""
    return decide_local(code, address, pack().local, name)


def test_the_division_decides_first() -> None:
    found = judged(uscc("350582"), "福建省厦门市湖里区")
    assert (found.local, found.decided_by) == (True, "division")


def test_a_neighbours_division_decides_against() -> None:
    found = judged(uscc("350583"), "南安市水头镇")
    assert (found.local, found.decided_by) == (False, "division")


@pytest.mark.parametrize("division", ["350500", "350000", "350583", "110000"])
def test_an_address_in_the_city_decides_for(division: str) -> None:
    found = judged(uscc(division), "福建省晋江市陈埭镇洋埭村")
    assert (found.local, found.decided_by) == (True, "address")


@pytest.mark.parametrize("place", ["上海市静安区晋江路1号", "厦门市晋江街2号", "泉州市鲤城区晋江南岸"])
def test_a_street_or_the_river_of_that_name_is_no_address(place: str) -> None:
    assert judged(uscc("350500"), place).local is False


@pytest.mark.parametrize("place", ["安海梧山工业区", "泉州市磁灶天工陶瓷城28幢"])
def test_a_town_alone_is_left_to_a_person(place: str) -> None:
    found = judged(uscc("350500"), place)
    assert (found.local, found.decided_by) == (None, "town")


def test_a_town_of_that_name_in_another_county_is_not_local() -> None:
    assert judged(uscc("350500"), "安溪县凤城镇龙湖开发区").local is False


def test_a_name_alone_is_only_a_hint() -> None:
    found = judged(None, None, "晋江市某某鞋业有限公司")
    assert (found.local, found.decided_by) == (None, "name")


def test_nothing_known_is_nothing_decided() -> None:
    found = judged(None, "", "某某鞋业有限公司")
    assert (found.local, found.decided_by) == (None, "nothing")


def test_a_faulty_code_decides_nothing() -> None:
    assert judged("350582", "福建省晋江市罗山街道").decided_by == "address"
    assert judged("91350582MA2XW97U10", None).decided_by == "nothing"


def test_the_register_has_5860_local_firms(shared: Path) -> None:
    with (shared / "data/enterprises/quanzhou_register.csv").open(encoding="utf-8", newline="") as stream:
        firms = list(csv.DictReader(stream))
    found = [judged(firm["统一社会信用代码"], firm["注册地址"], firm["企业名称"]) for firm in firms]
    assert sum(decision.local is True for decision in found) == 5860
    assert sum(decision.decided_by == "division" and bool(decision.local) for decision in found) == 5466


def test_another_citys_pack_shows_another_locality(tmp_path: Path) -> None:
    there = another_city(tmp_path).local
    for code, address, name in (
        (uscc("330782"), "", ""),
        (uscc("330700"), "云州省临溪市望江镇", ""),
    ):
        assert decide_local(code, address, there, name).local is True
        assert judged(code, address, name).local is False
    ours = uscc("350582"), "福建省晋江市陈埭镇"
    assert judged(*ours).local is True
    assert decide_local(*ours, there).local is False


@pytest.mark.parametrize(
    ("address", "local", "by"),
    [
        ("望江镇工业区", None, "town"),
        ("石滩县望江镇", False, "address"),
        ("临溪路8号", None, "nothing"),
        ("临溪大道8号", True, "address"),
    ],
)
def test_another_citys_towns_neighbours_and_streets_are_those_of_its_pack(
    tmp_path: Path, address: str, local: bool | None, by: str
) -> None:
    found = decide_local(None, address, another_city(tmp_path).local)
    assert (found.local, found.decided_by) == (local, by)


def test_regions_that_begin_names_are_those_of_the_pack(tmp_path: Path) -> None:
    there = another_city(tmp_path).local
    assert core_name("云州临溪恒达鞋业有限公司", there) == "恒达鞋业"
    assert core_name("云州临溪恒达鞋业有限公司", pack().local) == "云州临溪恒达鞋业"


def test_a_pack_may_name_several_divisions_and_no_town(tmp_path: Path) -> None:
    there = another_city(
        tmp_path, ('divisions = ["330782"]', 'divisions = ["330781", "330782"]'), ('towns = ["望江"]', "towns = []")
    ).local
    assert [decide_local(uscc(code), None, there).local for code in ("330781", "330782", "330783")] == [
        True,
        True,
        False,
    ]
    assert decide_local(None, "望江", there).decided_by == "nothing"
