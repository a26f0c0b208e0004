"""Kept days are what a recount of that day gives, whatever was recorded since, and what the chain says (P14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import CountDay, LogEntry
from matchhub.services.claim.history import VERB, count_day, digest_of, end_of, history_of, keep_day
from matchhub.services.claim.ledger import ledger_rows
from matchhub.services.counting.counts import count_atoms, count_progress
from matchhub.services.kernel.event_log import verify_log
from matchhub.worker import history_job
from tests.machine import cases
from tests.services.counting import test_pure
from tests.services.counting.test_counts import THRESHOLDS, fill
from tests.services.counting.test_pure import History
from tests.services.desk_base import Base


def kept(base: Base, threshold: str) -> dict[str, tuple[int, int, bool, bool]]:
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        return {
            each.day.isoformat(): (each.literal, each.strict, each.filled, each.bound)
            for each in history_of(unit, threshold)
        }


def test_each_day_is_kept_once_and_a_missed_one_is_filled_and_says_so(base: Base) -> None:
    fill(base)
    assert history_job(base.runtime) == {"days": 7}
    assert history_job(base.runtime) == {"days": 0}
    days = kept(base, "patents")
    assert next(iter(days)) == "2024-03-04" and list(days)[-1] == "2024-03-10"
    assert {day: filled for day, (_, _, filled, _) in days.items() if not filled} == {"2024-03-10": False}
    assert days["2024-03-10"][:2] == (2, 1)
    base.later()
    history_job(base.runtime)
    assert kept(base, "invention_deals")["2024-03-11"] == (1, 0, False, True)
    with base.runtime.unit(write=False) as unit:
        entries = unit.session.execute(select(LogEntry.id).where(LogEntry.verb == VERB)).scalars().all()
        assert len(entries) == len(days) + 1 and verify_log(unit).valid


def test_a_changed_count_is_not_what_the_chain_says(base: Base) -> None:
    fill(base)
    history_job(base.runtime)
    with base.runtime.engine.begin() as connection:
        connection.execute(update(CountDay).where(CountDay.threshold == "patents").values(strict=9))
    assert {bound for *_, bound in kept(base, "patents").values()} == {False}
    assert {bound for *_, bound in kept(base, "enterprises").values()} == {True}


@pytest.mark.parametrize("seed", range(cases(1, 200)))
def test_history_is_screen_ledger_and_recount_of_its_day(
    base: Base, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_pure, "STEPS", cases(3, 8))
    later = Base.later
    monkeypatch.setattr(Base, "later", lambda self, days=1: later(self, days if days == 7 else min(days, 3)))
    History(base, seed).run()
    base.later(2)
    with base.runtime.unit() as unit:
        while (day := keep_day(unit)) is not None:
            last = day
        assert last == unit.today - timedelta(days=1)
        for threshold in THRESHOLDS:
            days = history_of(unit, threshold)
            for each in (days[len(days) // 2], days[-1]):
                asked = end_of(unit, each.day)
                rows = ledger_rows(unit, threshold, asked)
                screen = count_progress(unit, asked).threshold(threshold).count
                assert (screen.literal, screen.strict) == (each.literal, each.strict)
                assert len({row.unit for row in rows if row.strict}) == each.strict
                assert len({row.unit for row in rows if row.literal}) == each.literal
                assert digest_of(count_atoms(unit, asked)[threshold]) == each.rows_digest
                assert count_day(unit, each.day)[threshold] == (each.literal, each.strict, each.rows_digest)
