"""The confidence that ships is the one its kept labels give."""

from __future__ import annotations

import pytest

from bench.calibrate import LABELS, fitted, read_pairs
from recommender.confidence import shipped_confidence


def test_the_shipped_models_are_those_of_the_kept_labels() -> None:
    known = shipped_confidence()
    again = fitted(read_pairs(LABELS.read_text("utf-8").splitlines()), known.floor, known.likely)
    assert again.first == pytest.approx(known.first, abs=2e-3)
    assert again.second == pytest.approx(known.second, abs=2e-2)
