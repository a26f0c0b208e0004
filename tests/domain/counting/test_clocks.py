"""Records written while the clock was set back, and the bureau's word on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import ClockFact, ConfirmationFact
from tests.domain.factories import AS_OF, MAKERS, kind_of, pack, some_facts

REACHED = datetime(2025, 6, 2, 4, 0, tzinfo=UTC)
BACK = ClockFact(REACHED - timedelta(days=100), REACHED)
WORD = ConfirmationFact(account_id=8, organisation_id=80, role="reviewer", at=REACHED + timedelta(seconds=1))


@pytest.mark.parametrize("key", MAKERS)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "clock_set_back"),
        ((replace(WORD, at=REACHED),), "clock_set_back"),
        ((replace(WORD, role="operator"),), "clock_set_back"),
        ((replace(WORD, withdrawn=True),), "clock_set_back"),
        ((WORD,), "clock_set_back_accepted"),
    ],
)
def test_only_the_bureaus_later_word_lets_it_count(key: str, words: tuple[ConfirmationFact, ...], code: str) -> None:
    facts = some_facts(2)
    kind = kind_of(key)
    first, second = getattr(facts, kind)
    said: dict[str, object] = {kind: (replace(first, confirmations=(*first.confirmations, *words)), second)}
    atoms = count_all(replace(facts, **said, set_back={kind: {first.record_id: BACK}}), pack(), AS_OF)[key]  # type: ignore[arg-type]
    mine, other = (next(a for a in atoms if a.record_id == each.record_id) for each in (first, second))
    assert (mine.strict, other.strict) == (code == "clock_set_back_accepted", True)
    (reason,) = [each for each in mine.reasons if each.code.startswith("clock_set_back")]
    assert (reason.code, reason.data["said_at"], reason.data["reached_at"]) == (
        code,
        "2025-02-22 12:00",
        "2025-06-02 12:00",
    )
    assert reason.effect == ("flagged" if mine.strict else "not_strict")
