"""Names of firms: equal and similar."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchhub.domain.parties import core_name, normalise_name
from tests.domain.factories import pack


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("晋江市某某鞋业有限责任公司", "晋江市某某鞋业有限公司"),
        ("某某(晋江)有限公司", "某某（晋江）有限公司"),
        ("某某 鞋业\u3000有限公司", "某某鞋业有限公司"),
        ("福建省晋江某某织造有限公司", "福建晋江某某织造有限公司"),
        ("浙江省某某织造有限公司", "浙江某某织造有限公司"),
        ("黑龙江省某某织造有限公司", "黑龙江某某织造有限公司"),
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
        ("鑫鑫省力机械有限公司", "鑫鑫力机械有限公司"),
        ("节能省电有限公司", "节能电有限公司"),
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
    assert core_name(name, pack().local) == core


def test_the_names_of_the_register_have_as_many_keys(shared: Path) -> None:
    with (shared / "data/enterprises/quanzhou_register.csv").open(encoding="utf-8", newline="") as stream:
        names = [firm["企业名称"] for firm in csv.DictReader(stream)]
    assert len({normalise_name(name) for name in names}) == len(names)


class TestHardNegatives:
    def test_the_ten_hard_negatives_keep_different_keys(self, shared: Path) -> None:
        text = (shared / "facts/different_firms_similar_names.tsv").read_text(encoding="utf-8")
        pairs = [line.split("\t") for line in text.splitlines() if line]
        assert len(pairs) == 10
        for left, right in pairs:
            assert normalise_name(left) != normalise_name(right)
