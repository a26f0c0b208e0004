"""Names of firms: equal, similar, local."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchhub.domain.parties import core_name, is_local, normalise_name


def uscc(division: str) -> str:
    """A valid credit code of a registering authority."""
    from stdnum.cn import uscc as check

    body = f"91{division}MA2XW97U1"
    return body + check.calc_check_digit(body)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("晋江市某某鞋业有限责任公司", "晋江市某某鞋业有限公司"),
        ("某某(晋江)有限公司", "某某（晋江）有限公司"),
        ("某某 鞋业\u3000有限公司", "某某鞋业有限公司"),
        ("福建省晋江某某织造有限公司", "福建晋江某某织造有限公司"),
        ("ＡＢＣ鞋业有限公司", "abc鞋业有限公司"),
        ("某某【晋江】有限公司。", "某某(晋江)有限公司"),
    ],
)
def test_spellings_of_one_name_have_one_key(left: str, right: str) -> None:
    assert normalise_name(left) == normalise_name(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("泉州市某某鞋业有限公司", "晋江市某某鞋业有限公司"),
        ("某某鞋业有限公司", "某某鞋业股份有限公司"),
        ("某某(晋江)有限公司", "某某(泉州)有限公司"),
    ],
)
def test_names_that_may_be_two_firms_have_two_keys(left: str, right: str) -> None:
    assert normalise_name(left) != normalise_name(right)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("晋江市劲拼世家服饰有限公司", "劲拼世家服饰"),
        ("福建省南安市航嘉食品有限公司", "航嘉食品"),
        ("威威猫(福建)儿童用品有限公司", "威威猫儿童用品"),
        ("福建浔兴拉链科技股份有限公司", "浔兴拉链科技"),
        ("福建柒牌集团有限公司", "柒牌"),
        ("晋江有限公司", "晋江"),
    ],
)
def test_the_core_of_a_name_is_without_region_and_legal_form(name: str, core: str) -> None:
    assert core_name(name) == core


class TestLocal:
    def test_the_division_decides_first(self) -> None:
        found = is_local(uscc("350582"), "福建省厦门市湖里区")
        assert (found.local, found.decided_by) == (True, "division")

    def test_a_neighbours_division_decides_against(self) -> None:
        found = is_local(uscc("350583"), "南安市水头镇")
        assert (found.local, found.decided_by) == (False, "division")

    @pytest.mark.parametrize("division", ["350500", "350000", "350583", "110000"])
    def test_an_address_in_the_city_decides_for(self, division: str) -> None:
        found = is_local(uscc(division), "福建省晋江市陈埭镇洋埭村")
        assert (found.local, found.decided_by) == (True, "address")

    @pytest.mark.parametrize("place", ["上海市静安区晋江路1号", "厦门市晋江街2号", "泉州市鲤城区晋江南岸"])
    def test_a_street_or_the_river_of_that_name_is_no_address(self, place: str) -> None:
        assert is_local(uscc("350500"), place).local is False

    @pytest.mark.parametrize("place", ["安海梧山工业区", "泉州市磁灶天工陶瓷城28幢"])
    def test_a_town_alone_is_left_to_a_person(self, place: str) -> None:
        found = is_local(uscc("350500"), place)
        assert (found.local, found.decided_by) == (None, "town")

    def test_a_town_of_that_name_in_another_county_is_not_local(self) -> None:
        assert is_local(uscc("350500"), "安溪县凤城镇龙湖开发区").local is False

    def test_a_name_alone_is_only_a_hint(self) -> None:
        found = is_local(None, None, "晋江市某某鞋业有限公司")
        assert (found.local, found.decided_by) == (None, "name")

    def test_nothing_known_is_nothing_decided(self) -> None:
        found = is_local(None, "", "某某鞋业有限公司")
        assert (found.local, found.decided_by) == (None, "nothing")

    def test_a_faulty_code_decides_nothing(self) -> None:
        assert is_local("350582", "福建省晋江市罗山街道").decided_by == "address"
        assert is_local("91350582MA2XW97U10", None).decided_by == "nothing"

    def test_the_register_has_5860_local_firms(self, shared: Path) -> None:
        with (shared / "data/enterprises/quanzhou_register.csv").open(encoding="utf-8", newline="") as stream:
            firms = list(csv.DictReader(stream))
        found = [is_local(firm["统一社会信用代码"], firm["注册地址"], firm["企业名称"]) for firm in firms]
        assert sum(decision.local is True for decision in found) == 5860
        assert sum(decision.decided_by == "division" and bool(decision.local) for decision in found) == 5466
        assert len({normalise_name(firm["企业名称"]) for firm in firms}) == len(firms)


class TestHardNegatives:
    def test_the_ten_hard_negatives_keep_different_keys(self, shared: Path) -> None:
        text = (shared / "facts/different_firms_similar_names.tsv").read_text(encoding="utf-8")
        pairs = [line.split("\t") for line in text.splitlines() if line]
        assert len(pairs) == 10
        for left, right in pairs:
            assert normalise_name(left) != normalise_name(right)
