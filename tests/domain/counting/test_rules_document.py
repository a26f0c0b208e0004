"""docs/rules.md names every threshold, every counter and every reason code of the counts, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from matchhub.domain.counting.counters import COUNTERS
from matchhub.domain.goals import Filters
from matchhub.policy import load_pack
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


def test_the_numbers_of_the_document_are_those_of_the_pack() -> None:
    rules = load_pack("jinjiang-2023-6")
    demands, pushes, licensing = rules.demands, rules.pushes, rules.licensing
    phrases = [
        f"window {rules.window.from_on} to {rules.window.to_on}",
        f"looked up within {rules.patents.status_fresh_months} months",
        f"lasts {demands.usual_months} months unless its firm says otherwise",
        f"more than {demands.max_validity_months} months after the firm last spoke",
        f"from {demands.duplicate_hold} held, from {demands.duplicate_review} for a person",
        f"at most {pushes.per_patent} per patent",
        f"at most {pushes.per_enterprise_day} per enterprise and day",
        f"recorded more than {rules.proof.late_record_days} days later it needs an official paper",
        f"less than {rules.proof.least_yuan} yuan or of less than {rules.proof.least_share * 100:.0f} % of the agreed",
        f"filed within {licensing.filing_months} months",
        f"at least {rules.signals.minimum} strict units came within the last {rules.signals.days} days",
        f"{rules.sample.share * 100:g} %, at least {rules.sample.minimum}",
    ]
    headings = [f"`{each.key}`: {each.required:,} " for goal in rules.goals for each in goal.thresholds]
    written = " ".join(DOCUMENT.split())
    assert [phrase for phrase in (*phrases, *headings) if phrase not in written] == []


def test_no_reason_is_documented_that_does_not_exist() -> None:
    spoken = {name for name in NAMED if name in codes() or name.startswith(("demand_", "push_", "deal_", "patent_"))}
    assert sorted(spoken - counted_codes() - set(Filters.__dataclass_fields__)) == []
