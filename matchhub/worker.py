"""The scheduler process: match, plan, send, remind at their times; one leader at a time by a lease in the database.

APScheduler only rings the bell. Whether this process may act is decided by the lease, and whether a tick was dealt
with already by the unique row of that tick, so however many workers run, each tick has one effect (PROMISES.md P8).
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from matchhub.errors import Refusal
from matchhub.operation.alerts import alert
from matchhub.operation.checkpoints import make_checkpoint, send_checkpoints
from matchhub.operation.mailing import send_due
from matchhub.services.conversations.reminders import remind
from matchhub.services.evidence.checking import check_evidence, read_all_evidence
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.form_keys import forget_keys
from matchhub.services.kernel.jobs import begin_tick, finish_tick, hold_lease, release_lease
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.runs import match_is_due, run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.matching.training import learn, train
from matchhub.services.matching.warming import warm_up_beside
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.pushes.plan import desk_has_draft, plan

log = logging.getLogger("matchhub.worker")
Job = Callable[[Runtime], dict[str, Any]]


def match_job(runtime: Runtime) -> dict[str, Any]:
    """Bring the index up to date and match, when a patent or a demand changed since the last run."""
    with runtime.unit(write=False) as unit:
        refresh_index(unit)
        if not match_is_due(unit):
            return {"due": False}
    with runtime.unit() as unit:
        return dict(run_match(unit).to_json())


def train_job(runtime: Runtime) -> dict[str, Any]:
    """Learn words for everybody from the matches that were accepted."""
    with runtime.unit(write=False) as unit:
        learned = learn(unit)
    with runtime.unit() as unit:
        return dict(train(unit, learned).to_json())


def evidence_job(runtime: Runtime) -> dict[str, Any]:
    """Look whether every evidence file is still what was stored; nobody waits while the files are read."""
    with runtime.unit(write=False) as unit:
        found = read_all_evidence(unit)
    with runtime.unit() as unit:
        return check_evidence(unit, found).to_json()


def plan_job(runtime: Runtime) -> dict[str, Any]:
    """Plan the day's pushes: by itself, or as a draft for the desk (``MATCHHUB_PUSHES``).

    Where somebody works on a draft that was made today, the plan of the day is theirs.
    """
    with runtime.unit() as unit:
        if desk_has_draft(unit):
            return {"planned": 0, "draft": True}
        if runtime.settings.automatic_pushes:
            return dict(plan(unit).to_json())
        drafted = make_draft(unit)
        return {"planned": 0, "draft": True, "chosen": drafted.chosen, "left_out": drafted.left_out}


def send_job(runtime: Runtime) -> dict[str, Any]:
    """Deliver what is due."""
    return dict(send_due(runtime).to_json())


def remind_job(runtime: Runtime) -> dict[str, Any]:
    """Remind who has not answered, what must be filed, which demands must be confirmed again."""
    with runtime.unit() as unit:
        return dict(remind(unit))


def alert_job(runtime: Runtime) -> dict[str, Any]:
    """Ask saved searches again and tell their accounts what is new."""
    return dict(alert(runtime))


def forget_job(runtime: Runtime) -> dict[str, Any]:
    """Forget the keys of forms that were sent more than a day ago."""
    with runtime.unit() as unit:
        return {"form_keys": forget_keys(unit)}


def checkpoint_job(runtime: Runtime) -> dict[str, Any]:
    """Keep the day's checkpoint of the chain outside the base."""
    return {"sequence": make_checkpoint(runtime, "daily").sequence}


def checkpoint_mail_job(runtime: Runtime) -> dict[str, Any]:
    """Send the bureau the checkpoints it has not got yet."""
    return dict(send_checkpoints(runtime))


# By the clock of the pack's city: demands are matched within the minute, pushes planned before work and sent all day.
JOBS: dict[str, tuple[Job, dict[str, Any]]] = {
    "match": (match_job, {"minute": "*"}),
    "checkpoint": (checkpoint_job, {"hour": 0, "minute": 20}),
    "checkpoint_mail": (checkpoint_mail_job, {"minute": "3-59/10"}),
    "evidence": (evidence_job, {"hour": 2, "minute": 40}),
    "alert": (alert_job, {"hour": 5, "minute": 10}),
    "train": (train_job, {"hour": 3, "minute": 20}),
    "plan": (plan_job, {"hour": 8, "minute": 30}),
    "send": (send_job, {"minute": "*/5"}),
    "forget": (forget_job, {"minute": 50}),
    "remind": (remind_job, {"hour": 9, "minute": 10}),
}
HEARTBEAT_SECONDS = 10
IMPORTS_SECONDS = 2  # somebody looks at a progress bar


def run_tick(runtime: Runtime, holder: str, name: str) -> bool:
    """Do one tick of one job if this process leads and nobody did it before; true when it was done here."""
    with runtime.unit() as unit:
        if not hold_lease(unit, holder):
            return False
        tick = begin_tick(unit, name)
    if tick is None:
        return False
    try:
        outcome = JOBS[name][0](runtime)
    except Refusal as refusal:
        outcome = {"refused": refusal.code}
    except Exception:
        log.exception("job %s failed", name)
        outcome = {"failed": True}
    with runtime.unit() as unit:
        finish_tick(unit, tick, outcome)
    return True


def timetable(runtime: Runtime, holder: str) -> BackgroundScheduler:
    """The scheduler with every job at its time by the clock of the pack's city, not started."""
    zone = runtime.pack.local.time_zone
    scheduler = BackgroundScheduler(timezone=zone, job_defaults={"coalesce": True, "max_instances": 1})
    scheduler.add_job(_beat, IntervalTrigger(seconds=HEARTBEAT_SECONDS), args=(runtime, holder))
    for name, (_, times) in JOBS.items():
        trigger = CronTrigger(**times, timezone=zone)
        scheduler.add_job(run_tick, trigger, args=(runtime, holder, name), id=name, misfire_grace_time=120)
    scheduler.add_job(run_waiting_imports, IntervalTrigger(seconds=IMPORTS_SECONDS), args=(runtime,), id="imports")
    return scheduler


def run_worker(runtime: Runtime, stop: threading.Event) -> None:
    """Run until ``stop`` is set."""
    holder = secrets.token_hex(8)
    scheduler = timetable(runtime, holder)
    _beat(runtime, holder)
    warm_up_beside(runtime)
    scheduler.start()
    try:
        while not stop.wait(1.0):
            pass
    finally:
        scheduler.shutdown(wait=True)
        with runtime.unit() as unit:
            release_lease(unit, holder)


def _beat(runtime: Runtime, holder: str) -> None:
    try:
        with runtime.unit() as unit:
            hold_lease(unit, holder)
    except Refusal as refusal:
        log.warning("no sign of life recorded: %s", refusal.code)
