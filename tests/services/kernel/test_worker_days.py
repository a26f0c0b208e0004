"""Missed days are caught up once, leases of a wrong clock are void, and people let jobs wait, go on and run now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from matchhub import worker
from matchhub.db.tables import Lease, LogEntry
from matchhub.operation.job_board import job_board, metric_lines, worker_view
from matchhub.operation.timetable import TIMES
from matchhub.services.kernel.jobs import ask_job, begin_tick, hold_lease, pause_job, resume_job
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import Clock

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the jobs did, in order: every job only writes down its name."""
    names: list[str] = []

    def noting(name: str) -> worker.Job:
        def note(_: Runtime) -> dict[str, Any]:
            names.append(name)
            return {}

        return note

    for name in TIMES:
        monkeypatch.setitem(worker.JOBS, name, noting(name))
    return names


def at(clock: Clock, day: str, hour: str) -> None:
    """Set the clock to that hour in the city."""
    clock.now = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)


def caught(runtime: Runtime, holder: str = "one") -> set[str]:
    return set(worker.catch_up(runtime, holder))


def state_of(runtime: Runtime, name: str) -> str:
    with runtime.unit(write=False) as unit:
        return next(job.state for job in job_board(unit) if job.name == name)


def test_a_worker_started_late_plans_the_day_once(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    at(clock, "2025-06-03", "10:24")  # a Tuesday
    assert state_of(runtime, "plan") == "missed"
    assert {"plan", "remind", "checkpoint", "backup"} <= caught(runtime)
    assert state_of(runtime, "plan") == "fine"
    clock.forward(timedelta(minutes=1))
    assert caught(runtime) == set()
    assert done.count("plan") == 1


@pytest.mark.parametrize(
    ("day", "hour", "planned"),
    [
        ("2025-06-03", "08:31", False),  # its own bell rings
        ("2025-06-03", "17:59", True),
        ("2025-06-03", "18:00", False),
        ("2025-06-03", "07:00", False),  # yesterday's, before work
        ("2025-06-07", "10:00", False),  # Saturday
        ("2025-10-01", "10:00", False),  # the national day
        ("2025-09-28", "10:00", True),  # a Sunday that is worked in exchange
    ],
)
def test_people_hear_of_a_missed_day_at_work_only(
    runtime: Runtime, clock: Clock, done: list[str], day: str, hour: str, planned: bool
) -> None:
    at(clock, day, hour)
    assert ("plan" in caught(runtime)) is planned
    assert done.count("plan") == planned


def test_a_day_that_ran_is_not_run_again(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    at(clock, "2025-06-03", "08:30")
    assert worker.run_tick(runtime, "one", "plan")
    at(clock, "2025-06-03", "10:24")
    assert "plan" not in caught(runtime)


def test_a_run_that_broke_is_tried_once_more(
    runtime: Runtime, clock: Clock, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Runtime) -> dict[str, object]:
        done.append("broken")
        raise OSError("no disk")

    monkeypatch.setitem(worker.JOBS, "plan", broken)
    at(clock, "2025-06-03", "08:30")
    assert worker.run_tick(runtime, "one", "plan")
    assert state_of(runtime, "plan") == "failed"
    for minute in ("10:00", "10:01", "10:02"):
        at(clock, "2025-06-03", minute)
        caught(runtime)
    assert done.count("broken") == 2


def test_a_run_whose_worker_died_is_made_up_for(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    at(clock, "2025-06-03", "08:30")
    with runtime.unit() as unit:
        hold_lease(unit, "one")
        begin_tick(unit, "plan")
    at(clock, "2025-06-03", "08:45")
    assert state_of(runtime, "plan") == "running"
    assert "plan" not in caught(runtime, "two")
    at(clock, "2025-06-03", "09:05")
    assert state_of(runtime, "plan") == "died"
    assert "plan" in caught(runtime, "two")


def test_two_workers_catch_up_once(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    at(clock, "2025-06-03", "10:24")
    assert "plan" in caught(runtime, "one")
    assert caught(runtime, "two") == set()


@pytest.mark.parametrize("ahead", ["until", "seen"])
def test_a_lease_written_by_a_clock_ahead_is_void_and_told(runtime: Runtime, clock: Clock, ahead: str) -> None:
    with runtime.unit() as unit:
        assert hold_lease(unit, "one")
    with runtime.unit() as unit:
        lease = unit.session.get_one(Lease, "scheduler")
        lease.until_at = unit.now + timedelta(days=1 if ahead == "until" else 0, seconds=10)
        if ahead == "seen":
            lease.seen_at = unit.now + timedelta(days=1)
    with runtime.unit(write=False) as unit:
        assert worker_view(unit).state == ("alive" if ahead == "until" else "ahead")
    with runtime.unit() as unit:
        assert hold_lease(unit, "two")
    with runtime.unit(write=False) as unit:
        assert worker_view(unit).state == "alive"
        verbs = list(unit.session.execute(select(LogEntry.verb)).scalars())
    assert verbs.count("lease.voided") == 1


def test_a_job_told_to_wait_waits_and_goes_on(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    at(clock, "2025-06-03", "08:30")
    with runtime.unit(SYSTEM) as unit:
        pause_job(unit, "plan")
    assert not worker.run_tick(runtime, "one", "plan")
    at(clock, "2025-06-03", "10:24")
    assert "plan" not in caught(runtime)
    with runtime.unit(write=False) as unit:
        assert 'matchhub_job_paused{job="plan"} 1.000' in list(metric_lines(unit))
    with runtime.unit(SYSTEM) as unit:
        resume_job(unit, "plan")
    assert "plan" in caught(runtime)


def test_a_job_asked_for_runs_once_even_while_it_waits(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    with runtime.unit(SYSTEM) as unit:
        pause_job(unit, "train")
        ask_job(unit, "train")
        ask_job(unit, "train")
    assert worker.run_asked(runtime, "one") == ["train"]
    assert worker.run_asked(runtime, "one") == []
    assert done == ["train"]


def test_a_follower_leaves_what_was_asked_to_the_leader(runtime: Runtime, clock: Clock, done: list[str]) -> None:
    with runtime.unit() as unit:
        hold_lease(unit, "one")
    with runtime.unit(SYSTEM) as unit:
        ask_job(unit, "train")
    assert worker.run_asked(runtime, "two") == []
    assert worker.run_asked(runtime, "one") == ["train"]
