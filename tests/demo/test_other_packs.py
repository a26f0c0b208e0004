"""The demo city under the invented packs that ship, and under the measure itself: its figures stay what they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchhub.errors import SettingInvalid
from matchhub.services.counting.comparing import compare_packs
from matchhub.services.counting.counts import count_progress, explain_all, question
from tests.demo.conftest import Loaded

# Literal, strict and the strict other reading, as counted before thresholds were composed of counters and filters.
FIGURES = {
    date(2025, 6, 30): {
        "patents": (322, 77, None), "enterprises": (92, 88, None), "experts": (46, 42, None),
        "agencies": (25, 22, None), "local_demands": (91, 73, None), "pushes": (49, 48, 48),
        "invention_deals": (58, 18, 18), "open_licence_offers": (48, 36, None), "open_licences": (39, 26, 19),
    },
    date(2026, 11, 30): {
        "patents": (333, 320, None), "enterprises": (92, 88, None), "experts": (46, 42, None),
        "agencies": (25, 22, None), "local_demands": (108, 90, None), "pushes": (49, 48, 48),
        "invention_deals": (58, 18, 18), "open_licence_offers": (48, 36, None), "open_licences": (39, 26, 19),
    },
}  # fmt: skip
CHENGWAN, SUCCESSOR = "example-chengwan-2025", "example-successor-2026"
LAST = date(2026, 11, 30)


def figures(loaded: Loaded, day: date, policy: str | None = None) -> dict[str, Any]:
    with loaded.runtime.unit(write=False) as unit:
        counted = count_progress(unit, question(unit, as_of=day, policy=policy))
    parts = [each for goal in counted.goals for each in goal.thresholds]
    return {
        each.threshold.key: (each.count.literal, each.count.strict, each.other.strict if each.other else None)
        for each in parts
    }


@pytest.mark.parametrize("day", FIGURES)
def test_the_figures_of_the_measure_stay_what_they_were(small: Loaded, day: date) -> None:
    assert figures(small, day) == FIGURES[day]


def test_a_neighbouring_citys_pack_counts_by_its_own_place_and_trades(small: Loaded) -> None:
    counted = figures(small, LAST, CHENGWAN)
    assert counted["local_demands"] == (0, 0, None)  # the firms of the demo are local elsewhere
    assert 0 < counted["umbrella_patents"][1] < FIGURES[LAST]["patents"][1]
    assert counted["transfers"][0] > 0


def test_a_successor_counts_what_happened_in_its_own_window(small: Loaded) -> None:
    counted = figures(small, LAST, SUCCESSOR)
    assert counted["invention_deals"][0] == counted["utility_deals_2026"][0] == 0
    assert 0 < counted["little_giants"][1] < FIGURES[LAST]["enterprises"][1]


def test_an_unknown_pack_is_refused_with_those_that_ship(small: Loaded) -> None:
    with pytest.raises(SettingInvalid) as refused:
        figures(small, LAST, "nowhere-2099")
    assert CHENGWAN in str(refused.value.data["known"]) and SUCCESSOR in str(refused.value.data["known"])


def test_two_packs_are_laid_side_by_side_with_the_records_they_judge_otherwise(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        asked = [question(unit, as_of=LAST, policy=key) for key in (None, SUCCESSOR)]
        found = {each.key: each for each in compare_packs(unit, *asked)}
    deals = found["invention_deals"]
    assert (deals.kind, deals.total) == ("deals", FIGURES[LAST]["invention_deals"][0])
    assert all("event_before_window" in each.second.against for each in deals.differing)
    assert deals.first is not None and deals.second is not None
    assert (deals.first.count.strict, deals.second.count.strict) == (FIGURES[LAST]["invention_deals"][1], 0)
    assert found["patents"].second is None and found["little_giants"].first is None
    assert deals.to_json()["records"][0]["b"]["verdict"] == "out"  # type: ignore[index]


def test_a_record_is_explained_for_every_threshold_that_counts_its_kind(small: Loaded) -> None:
    with small.runtime.unit(write=False) as unit:
        explained = explain_all(unit, "deals", 1, question(unit, as_of=LAST, policy=SUCCESSOR))
        assert explain_all(unit, "experts", 1, question(unit, as_of=LAST, policy=SUCCESSOR)) == {}
    assert list(explained) == ["invention_deals", "utility_deals_2026"]
