"""The fit of a firm is the sum of what its voices bring."""

from __future__ import annotations

import pytest

from recommender.firm_fit import LEAST, VOICES, WEIGHTS, Voice, best_fits


def test_weights_add_up_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_firms_come_by_their_sum_each_with_its_strongest_voice_first() -> None:
    found = best_fits({"scope": {1: 0.9, 2: 0.2, 3: 0.0}, "demands": {2: 0.8, 4: 0.1}}, 2)
    assert [each.firm for each in found] == [2, 1]
    assert found[0].parts == (
        ("demands", pytest.approx(0.8 * WEIGHTS["demands"])),
        ("scope", pytest.approx(0.2 * WEIGHTS["scope"])),
    )
    assert found[0].fit == pytest.approx(sum(share for _, share in found[0].parts))


@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_below_its_least_says_nothing(voice: Voice) -> None:
    least = LEAST[voice]
    assert [each.firm for each in best_fits({voice: {1: least, 2: least - 0.001}}, 5)] == [1]
