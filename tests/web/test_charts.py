"""Charts as plain data: places in percent, whole steps, gaps, names that have room."""

from __future__ import annotations

import pytest

from web.charts import Chart, Mark, Series, filled


def chart(*values: float | None, goal: float | None = None, labels: int | None = None) -> Chart:
    names = tuple(str(number) for number in range(labels if labels is not None else len(values)))
    return Chart("n", names, (Series("s", values),), goal=None if goal is None else Mark(goal, "goal"))


def test_the_goal_stands_inside_the_picture_even_when_everything_counted_is_far_below() -> None:
    drawn = chart(0, 1, 2, goal=50_000)
    assert drawn.ticks[-1] > 50_000
    assert 0 < drawn.y(50_000) < drawn.y(2) <= drawn.y(0) == 88


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [(4, (0, 1, 2, 3, 4)), (9, (0, 2, 4, 6, 8, 10)), (100, (0, 20, 40, 60, 80, 100)), (101, (0, 25, 50, 75, 100, 125))],
)
def test_steps_are_round_and_reach_the_highest_value(highest: float, ticks: tuple[float, ...]) -> None:
    assert chart(highest).ticks == ticks


def test_a_chart_of_nothing_has_an_axis() -> None:
    assert chart(0, 0).ticks[-1] > 0
    assert chart(None, None).strokes(chart(None, None).series[0]) == ()
    assert Chart("n", (), ()).names() == ()


def test_a_line_breaks_where_nothing_is_known() -> None:
    drawn = chart(1, 2, None, 4, 4)
    assert [stroke.count(",") for stroke in drawn.strokes(drawn.series[0])] == [2, 2]
    assert len(drawn.dots(drawn.series[0])) == 4


def test_bars_of_a_group_stand_beside_one_another_inside_the_picture() -> None:
    drawn = Chart("year", ("a", "b"), (Series("x", (1, 2)), Series("y", (3, 0))))
    bars = drawn.bars()
    assert [(number, name) for number, *_, name, _ in bars] == [(0, "a"), (0, "b"), (1, "a")]
    assert bars[0][1] + bars[0][3] <= bars[2][1] and all(
        left >= 0 and left + width <= 100 for _, left, _, width, *_ in bars
    )


def test_few_names_stand_along_the_bottom_and_fewer_on_a_telephone() -> None:
    names = chart(*range(37)).names()
    assert len(names) <= 12
    assert 2 <= sum(always for *_, always in names) <= 5
    assert names[0][:2] == (0, "start")


def test_a_sum_is_carried_on_with_its_last_value() -> None:
    assert filled([1, 2], 4) == (1, 2, 2, 2)
    assert filled([], 0) == ()
