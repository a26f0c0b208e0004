"""The confidence that ships is the one its kept labels give."""

from __future__ import annotations

import pytest

from bench.calibrate import LABELS, cross_validated, fit_matches, fitted, read_pairs
from recommender.confidence import shipped_confidence


def test_the_shipped_models_are_those_of_the_kept_labels() -> None:
    known, pairs = shipped_confidence(), read_pairs(LABELS.read_text("utf-8").splitlines())
    again = fitted(pairs, known.floor, known.likely)
    assert again.first == pytest.approx(known.first, abs=2e-3)
    assert again.second == pytest.approx(known.second, abs=2e-2)
    first, second = cross_validated(pairs)
    assert fit_matches(pairs, first, second >= known.floor) == pytest.approx(known.match, abs=2e-2)
