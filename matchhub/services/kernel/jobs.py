"""Scheduled work: who may run it (a lease), that each tick happens once (a unique row), what a person asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, false, func, or_, select

from matchhub.db.tables import JobOrder, JobRun, Lease
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

LEASE = timedelta(seconds=25)  # a dead leader is followed within 30 s
SCHEDULER = "scheduler"
# A tick whose worker died stays without an end; after this long nobody works on it any more.
GIVEN_UP = timedelta(minutes=30)
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest tick of a job. ``ended_at`` None: it runs, or its worker died."""

    job: str
    began_at: datetime
    ended_at: datetime | None
    outcome: Mapping[str, Any]

    @property
    def failed(self) -> bool:
        """Whether it was refused or broke."""
        return "failed" in self.outcome or "refused" in self.outcome


def hold_lease(unit: Unit, holder: str, name: str = SCHEDULER) -> bool:
    """Take or renew the lease; false while another holder's is still valid.

    A lease that runs further ahead than leases are given, or whose holder was seen in the future, was written by a
    clock that ran ahead: it is void, and the log says so. Else nobody would work until that time has come.
    """
    lease = unit.session.execute(select(Lease).where(Lease.name == name).with_for_update()).scalar()
    if lease is None:
        unit.session.add(Lease(name=name, holder=holder, until_at=unit.now + LEASE, seen_at=unit.now))
        unit.session.flush()
        return True
    void = lease.until_at > unit.now + LEASE or lease.seen_at > unit.now
    if lease.holder != holder and lease.until_at > unit.now and not void:
        return False
    if void:
        append_event(unit, "lease.voided", "leases", lease=name, until_at=lease.until_at, seen_at=lease.seen_at)
    lease.holder, lease.until_at, lease.seen_at = holder, unit.now + LEASE, unit.now
    return True


def release_lease(unit: Unit, holder: str, name: str = SCHEDULER) -> None:
    """Give the lease back, so that another worker takes over at once."""
    lease = unit.session.get(Lease, name)
    if lease is not None and lease.holder == holder:
        lease.until_at = unit.now


def last_seen(unit: Unit, name: str = SCHEDULER) -> timedelta | None:
    """How long ago a worker last gave a sign of life, negative for one in the future; ``None``: none ever did."""
    lease = unit.session.get(Lease, name)
    return None if lease is None else unit.now - lease.seen_at


def tick_of(at: datetime) -> str:
    """The name of the tick of that minute (UTC)."""
    return at.strftime("%Y-%m-%dT%H:%MZ")


def begin_tick(unit: Unit, job: str, tick: str = "") -> int | None:
    """Claim a tick of a job, that of this minute by default; ``None`` when it was claimed before."""
    tick = tick or tick_of(unit.now)
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


def missed_ticks(unit: Unit, due: Mapping[str, datetime]) -> dict[str, str]:
    """By job that did not come to an end since it fell ``due``: the tick that makes up for it.

    A run since then that ended well is enough. One that broke, or whose worker died, is tried once more.
    """
    runs: dict[str, list[JobRun]] = {job: [] for job in due}
    since = or_(false(), *(and_(JobRun.job == job, JobRun.started_at >= at) for job, at in due.items()))
    for run in unit.session.execute(select(JobRun).where(since)).scalars() if due else ():
        runs[run.job].append(run)
    found = {job: _missed_tick(unit, ran, due[job]) for job, ran in runs.items()}
    return {job: tick for job, tick in found.items() if tick is not None}


def _missed_tick(unit: Unit, runs: Sequence[JobRun], due_at: datetime) -> str | None:
    for run in runs:
        ended_well = run.finished_at is not None and "failed" not in (run.outcome or {})
        if ended_well or (run.finished_at is None and unit.now - run.started_at < GIVEN_UP):
            return None
    first = tick_of(due_at)
    taken = {run.tick for run in runs}
    return next((tick for tick in (first, f"{first}+1") if tick not in taken), None)


def last_runs(unit: Unit) -> dict[str, LastRun]:
    """The newest tick of every job that ever ran, by job."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    rows = unit.session.execute(select(JobRun).where(JobRun.id.in_(newest))).scalars()
    return {row.job: LastRun(row.job, row.started_at, row.finished_at, row.outcome or {}) for row in rows}


def newest_told(unit: Unit, job: str, name: str) -> tuple[datetime, Any] | None:
    """What the newest run of a job whose outcome tells something by that name told, after the moment (UTC) at which it
    ended; ``None``: none of the last 90 days did. A run that was refused or broke tells nothing."""
    ended = select(JobRun.finished_at, JobRun.outcome).where(JobRun.job == job, JobRun.finished_at.is_not(None))
    for at, outcome in unit.session.execute(ended.order_by(JobRun.id.desc())):
        if outcome and name in outcome:
            return at, outcome[name]
    return None


def forget_ticks(unit: Unit) -> int:
    """Delete ticks of more than 90 days ago; returns how many."""
    old = delete(JobRun).where(JobRun.started_at < unit.now - KEPT)
    return len(list(unit.session.execute(old.returning(JobRun.id)).scalars()))


# --- What a person asks of a job -------------------------------------------------------------------------------------


def orders(unit: Unit) -> dict[str, JobOrder]:
    """What people asked of jobs, by job."""
    return {order.job: order for order in unit.session.execute(select(JobOrder)).scalars()}


def is_paused(unit: Unit, job: str) -> bool:
    """Whether somebody told the job to wait."""
    order = unit.session.get(JobOrder, job)
    return order is not None and order.paused_at is not None


def pause_job(unit: Unit, job: str) -> None:
    """Let the job wait until somebody lets it go on; what is asked of it by hand still runs."""
    unit.require("job.pause")
    order = _order(unit, job)
    if order.paused_at is None:
        order.paused_at, order.paused_by = unit.now, unit.actor.account_id
        append_event(unit, "job.paused", "jobs", job=job)


def resume_job(unit: Unit, job: str) -> None:
    """Let a job that was told to wait go on at its next time."""
    unit.require("job.pause")
    order = _order(unit, job)
    if order.paused_at is not None:
        order.paused_at = order.paused_by = None
        append_event(unit, "job.resumed", "jobs", job=job)


def ask_job(unit: Unit, job: str) -> None:
    """Ask the worker to do the job now; it looks every few seconds. Asked twice before it looks it runs once."""
    unit.require("job.run")
    order = _order(unit, job)
    if order.asked_at is None:
        order.asked_at, order.asked_by = unit.now, unit.actor.account_id
        append_event(unit, "job.asked", "jobs", job=job)


def take_asked(unit: Unit) -> list[str]:
    """Take over what people asked for: names of jobs, each to be done once."""
    asked = [order for order in orders(unit).values() if order.asked_at is not None]
    for order in asked:
        order.asked_at = order.asked_by = None
    return sorted(order.job for order in asked)


def _order(unit: Unit, job: str) -> JobOrder:
    order = unit.session.get(JobOrder, job)
    if order is None:
        order = JobOrder(job=job)
        unit.session.add(order)
        unit.session.flush()
    return order
