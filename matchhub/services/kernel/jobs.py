"""Scheduled work: who may run it (a lease), and that each tick happens once (a unique row)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import JobRun, Lease
from matchhub.services.kernel.unit import Unit

LEASE = timedelta(seconds=25)  # a dead leader is followed within 30 s
SCHEDULER = "scheduler"


def hold_lease(unit: Unit, holder: str, name: str = SCHEDULER) -> bool:
    """Take or renew the lease; false while another holder's is still valid."""
    lease = unit.session.execute(select(Lease).where(Lease.name == name).with_for_update()).scalar()
    if lease is None:
        unit.session.add(Lease(name=name, holder=holder, until_at=unit.now + LEASE, seen_at=unit.now))
        unit.session.flush()
        return True
    if lease.holder != holder and lease.until_at > unit.now:
        return False
    lease.holder, lease.until_at, lease.seen_at = holder, unit.now + LEASE, unit.now
    return True


def release_lease(unit: Unit, holder: str, name: str = SCHEDULER) -> None:
    """Give the lease back, so that another worker takes over at once."""
    lease = unit.session.get(Lease, name)
    if lease is not None and lease.holder == holder:
        lease.until_at = unit.now


def last_seen(unit: Unit, name: str = SCHEDULER) -> timedelta | None:
    """How long ago a worker last gave a sign of life; ``None`` when none ever did."""
    lease = unit.session.get(Lease, name)
    return None if lease is None else unit.now - lease.seen_at


def begin_tick(unit: Unit, job: str) -> int | None:
    """Claim this minute's tick of a job; ``None`` when it was claimed before."""
    tick = unit.now.strftime("%Y-%m-%dT%H:%MZ")
    if unit.session.execute(select(JobRun.id).where(JobRun.job == job, JobRun.tick == tick)).first():
        return None
    row = JobRun(job=job, tick=tick, started_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    return row.id


def finish_tick(unit: Unit, tick: int, outcome: dict[str, Any]) -> None:
    """Write down what a tick did."""
    row = unit.session.get(JobRun, tick)
    assert row is not None
    row.finished_at, row.outcome = unit.now, outcome
