"""Statistics on plain values: sums over cells are sums over things, and what is compared is said in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.statistics import (
    MEASURES,
    OTHER,
    UNTOLD,
    Asking,
    Place,
    Span,
    days_between,
    funnel,
    matrix,
    quadrants,
    responses,
    told,
)

DAY = date(2025, 3, 1)
TRADES = ("footwear", "food")


def atom(record: int, unit: str, *, literal: bool = True, strict: bool = True, day: date | None = DAY) -> Atom:
    return Atom(record, unit, literal, strict, (), day)


def test_each_unit_is_added_up_once_and_with_all_every_record() -> None:
    atoms = [atom(3, "a"), atom(1, "a"), atom(2, "b", strict=False), atom(4, "c", literal=False, strict=False)]
    assert [each.record for each in told(atoms, "strict")] == [1]
    assert [each.record for each in told(atoms, "literal")] == [1, 2]
    assert [each.record for each in told(atoms, "all")] == [1, 2, 3, 4]


def test_one_record_of_several_units_is_added_up_for_each() -> None:
    assert [each.record for each in told([atom(1, "a"), atom(1, "b")], "strict")] == [1, 1]


def test_a_span_holds_its_ends_and_nothing_without_a_day() -> None:
    span = Span(DAY, DAY + timedelta(days=1))
    assert [span.holds(DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert not span.holds(None) and Span().holds(None)
    assert told([atom(1, "a"), atom(2, "b", day=None)], "strict", Span(to_on=DAY)) == [(1, DAY)]


_PLACES = st.builds(
    Place, st.sampled_from([*TRADES, UNTOLD, "gone"]), st.sampled_from(["A43", "C09", "B29", "02", UNTOLD])
)


@given(st.dictionaries(st.sampled_from(MEASURES), st.lists(_PLACES, max_size=30)), st.integers(0, 4))
def test_cells_add_up_to_what_lies_in_them(places: dict[str, list[Place]], most: int) -> None:
    drawn = matrix(places, TRADES, most)
    for measure, listed in places.items():
        cells = [(trade, group) for trade in drawn.trades for group in drawn.classes]
        assert sum(drawn.number(measure, *cell) for cell in cells) == drawn.number(measure) == len(listed)
        for cell in cells:
            assert drawn.number(measure, *cell) == sum(drawn.holds(place, *cell) for place in listed)
    assert len(set(drawn.classes) - {OTHER, UNTOLD}) <= most
    assert drawn.trades[: len(TRADES)] == TRADES


def test_classes_wanted_most_have_columns_and_the_others_share_one() -> None:
    wanted = [Place("food", "A23")] * 2 + [Place("footwear", "A43")]
    drawn = matrix({"demands": wanted, "supply": [Place("footwear", "C09")] * 9}, TRADES, most=2)
    assert drawn.classes == ("A23", "A43", OTHER)
    assert drawn.number("supply", "footwear", OTHER) == 9


def test_quadrants_compare_with_the_median() -> None:
    pairs = {"shoes": (9, 1), "food": (5, 50), "umbrellas": (1, 90), "toys": (0, 2), "none": (0, 0)}
    assert quadrants(pairs) == {"shoes": "short", "food": "lively", "umbrellas": "ample", "toys": "quiet"}
    assert quadrants({"shoes": (9, 1), "none": (0, 0)}) == {}, "one alone compares with nothing"


def test_a_funnel_counts_each_step_and_its_median_days() -> None:
    def on(*days: int | None) -> tuple[date | None, ...]:
        return tuple(None if day is None else DAY + timedelta(days=day) for day in days)

    steps = funnel([on(0, 2, 3, None, None, None), on(0, 6, 4, None, 9, 30), on(0, 4, None, None, None, None)])
    assert [each.reached for each in steps] == [3, 3, 2, 0, 1, 1]
    assert [(each.days, each.measured) for each in steps] == [
        (None, 0),
        (4.0, 3),
        (1.0, 1),
        (None, 0),
        (None, 0),
        (21.0, 1),
    ]
    assert days_between(on(0, 6, 4, None, 9, 30), 2) is None, "pushed before it was matched: no days"


def test_responses_are_added_up_by_holder() -> None:
    askings = [Asking(1, "a", DAY, DAY), Asking(2, "a", DAY, DAY + timedelta(days=4)), Asking(3, "a", DAY, None)]
    first, second = responses([*askings, Asking(4, "b", DAY, None)])
    assert (first.holder, first.asked, first.answered, first.open, first.days) == ("a", 3, 2, 1, 2.0)
    assert (second.holder, second.answered, second.days) == ("b", 0, None)


@pytest.mark.parametrize("basis", ["strict", "literal", "all"])
def test_order_of_verdicts_does_not_matter(basis: str) -> None:
    atoms = [atom(2, "a"), atom(1, "a", strict=False), atom(5, "b")]
    assert told(atoms, basis) == told(atoms[::-1], basis)
