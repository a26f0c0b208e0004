"""docs/rules.md names every threshold, every counter and every reason code of the counts, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from matchhub.domain.counting.counters import COUNTERS
from matchhub.wording import codes
from tests.domain.counting.test_reasons import COUNTING, coded_calls

DOCUMENT = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", DOCUMENT))
SUBJECTS = ("demands", "evidence", "pushes")


def counted_codes() -> set[str]:
    """Codes of the counting package and of the subjects it asks; checklists of forms have their own pages."""
    files = [*COUNTING.glob("*.py"), *(COUNTING.parent / f"{name}.py" for name in SUBJECTS)]
    return coded_calls(files)


def test_every_threshold_and_counter_is_documented() -> None:
    assert set(COUNTERS) <= NAMED
    assert {f"count_{key}" for key in COUNTERS} <= NAMED


def test_every_reason_is_documented() -> None:
    assert sorted(counted_codes() - NAMED) == []


def test_no_reason_is_documented_that_does_not_exist() -> None:
    spoken = {name for name in NAMED if name in codes() or name.startswith(("demand_", "push_", "deal_", "patent_"))}
    assert sorted(spoken - counted_codes()) == []
