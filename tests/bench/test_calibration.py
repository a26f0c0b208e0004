"""The floor that ``bench.calibration`` fits to labelled demands."""

from __future__ import annotations

import pytest

from bench.calibration import choose_floor


def test_the_chosen_floor_separates_what_can_be_separated() -> None:
    assert choose_floor([(0.4, True), (0.3, True), (0.1, False)]) == pytest.approx(0.2)


def test_without_both_kinds_of_demands_there_is_no_floor_to_choose() -> None:
    assert choose_floor([(0.4, True)]) == 0.0
