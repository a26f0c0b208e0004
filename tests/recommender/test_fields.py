"""Which technical fields are proposed for a demand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender import Query, build_index, likely_fields
from tests.recommender.factories import PATENTS

INDEX = build_index(PATENTS)


def test_the_field_of_the_nearest_patents_is_proposed_first() -> None:
    assert likely_fields(INDEX, Query("q", "找耐磨的运动鞋底", ""))[0][0] == "A43B"
    assert likely_fields(INDEX, Query("q", "", "雨伞收伞不方便"))[0][0] == "A45B"


def test_shares_of_all_fields_add_up_to_1_and_fall() -> None:
    shares = [share for _, share in likely_fields(INDEX, Query("q", "", "一种防滑耐磨鞋底的制备方法"), top=99)]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert len(shares) > 1


def test_no_more_fields_than_asked_for_are_proposed() -> None:
    assert len(likely_fields(INDEX, Query("q", "", "一种防滑耐磨鞋底的制备方法"), top=1)) == 1


def test_patents_without_a_symbol_say_nothing() -> None:
    bare = build_index([replace(PATENTS[0], ipc=()), *PATENTS[1:]])
    assert "A43B" not in dict(likely_fields(bare, Query("q", "找耐磨的运动鞋底", ""), top=99))
    assert likely_fields(build_index([replace(patent, ipc=()) for patent in PATENTS]), Query("q", "鞋底", "")) == []


def test_removed_and_added_patents_count_as_they_stand() -> None:
    moved = INDEX.remove(["p1"]).add([replace(PATENTS[0], id="new", ipc=("a41d 1/00", "A43B13/22"))])
    assert likely_fields(moved, Query("q", "找耐磨的运动鞋底", ""))[0][0] == "A41D"


def test_a_demand_that_nothing_is_near_to_has_no_field() -> None:
    assert likely_fields(INDEX, Query("q", "", "")) == []
    assert likely_fields(build_index([]), Query("q", "鞋底", "")) == []
