"""One scheduler: a lease decides who leads, a unique row makes each tick happen once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchhub import worker
from matchhub.services.kernel.jobs import LEASE, begin_tick, hold_lease, last_seen, release_lease
from matchhub.services.kernel.runtime import Runtime
from tests.policy.packs import changed_pack
from tests.web.installation import Clock


def held(runtime: Runtime, holder: str) -> bool:
    with runtime.unit() as unit:
        return hold_lease(unit, holder)


def test_the_first_worker_leads_and_the_second_waits(runtime: Runtime) -> None:
    assert held(runtime, "one")
    assert not held(runtime, "two")


@pytest.mark.parametrize(("late", "taken"), [(-1, False), (0, True), (1, True)])
def test_a_dead_leader_is_followed_once_its_lease_has_run_out(
    runtime: Runtime, clock: Clock, late: int, taken: bool
) -> None:
    held(runtime, "one")
    clock.forward(LEASE + timedelta(seconds=late))
    assert held(runtime, "two") is taken


def test_a_leader_that_keeps_calling_keeps_leading(runtime: Runtime, clock: Clock) -> None:
    for _ in range(5):
        assert held(runtime, "one")
        clock.forward(LEASE - timedelta(seconds=1))
    assert not held(runtime, "two")


def test_takeover_is_promised_within_thirty_seconds() -> None:
    assert timedelta(seconds=worker.HEARTBEAT_SECONDS) < LEASE <= timedelta(seconds=30)


def test_a_worker_that_leaves_makes_room_at_once(runtime: Runtime) -> None:
    held(runtime, "one")
    with runtime.unit() as unit:
        release_lease(unit, "one")
    assert held(runtime, "two")


def test_each_minute_of_a_job_is_claimed_once(runtime: Runtime, clock: Clock) -> None:
    claimed = []
    for _ in range(3):
        with runtime.unit() as unit:
            claimed.append(begin_tick(unit, "match") is not None)
    clock.forward(timedelta(minutes=1))
    with runtime.unit() as unit:
        claimed.append(begin_tick(unit, "match") is not None)
    assert claimed == [True, False, False, True]


def test_two_workers_at_the_same_minute_have_one_effect(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    effects: list[str] = []

    def note(_runtime: Runtime) -> dict[str, object]:
        effects.append("planned")
        return {}

    monkeypatch.setitem(worker.JOBS, "plan", note)
    assert worker.run_tick(runtime, "one", "plan")
    assert not worker.run_tick(runtime, "one", "plan")
    assert not worker.run_tick(runtime, "two", "plan")
    assert effects == ["planned"]


def test_a_job_that_fails_is_written_down_and_does_not_stop_the_worker(
    runtime: Runtime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_runtime: Runtime) -> dict[str, object]:
        raise RuntimeError("no")

    monkeypatch.setitem(worker.JOBS, "plan", fail)
    assert worker.run_tick(runtime, "one", "plan")
    clock.forward(timedelta(minutes=1))
    held(runtime, "one")
    assert worker.run_tick(runtime, "one", "plan")


def test_the_last_sign_of_life_is_told(runtime: Runtime, clock: Clock) -> None:
    with runtime.unit() as unit:
        assert last_seen(unit) is None
    held(runtime, "one")
    clock.forward(timedelta(seconds=40))
    with runtime.unit() as unit:
        assert last_seen(unit) == timedelta(seconds=40)


@pytest.mark.parametrize(
    ("zone", "planned_at"), [("Asia/Shanghai", "00:30"), ("Asia/Urumqi", "02:30"), ("UTC-03:30", "12:00")]
)
def test_jobs_go_by_the_clock_of_the_pack(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, zone: str, planned_at: str
) -> None:
    monkeypatch.setattr(Runtime, "pack", changed_pack(time_zone=zone))
    trigger = worker.timetable(runtime, "one").get_job("plan").trigger
    fires = trigger.get_next_fire_time(None, datetime(2025, 6, 2, tzinfo=UTC))
    assert fires.astimezone(UTC).strftime("%H:%M") == planned_at


def test_the_jobs_of_a_day_run_the_main_way(runtime: Runtime) -> None:
    """The real jobs on a small base: the demand is matched, planned, sent."""
    for name in ("match", "plan", "send"):
        assert worker.run_tick(runtime, "one", name)
    with runtime.unit(write=False) as unit:
        from sqlalchemy import select

        from matchhub.db.tables import JobRun

        outcomes = {row.job: row.outcome or {} for row in unit.session.execute(select(JobRun)).scalars()}
    assert outcomes["match"]["demands"] >= 1
    assert "planned" in outcomes["plan"]
    assert "sent" in outcomes["send"]
