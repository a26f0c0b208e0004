"""The scheduler process: match, plan, send, remind at their times; one leader at a time by a lease in the database.

APScheduler only rings the bell. Whether this process may act is decided by the lease, and whether a tick was dealt
with already by the unique row of that tick, so however many workers run, each tick has one effect (PROMISES.md P8).
A day that was missed, because no worker ran or a run broke, is caught up once (``operation.timetable`` says when).
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from matchhub.dossier.ordered import build_waiting
from matchhub.errors import Refusal
from matchhub.operation.alerts import alert
from matchhub.operation.backups import scheduled_backup
from matchhub.operation.channels import tell
from matchhub.operation.checkpoints import make_checkpoint, send_checkpoints
from matchhub.operation.logs import forget_logs
from matchhub.operation.mailing import send_due
from matchhub.operation.timetable import TIMES, last_due, may_catch_up, trigger_of
from matchhub.operation.webhooks import post_events
from matchhub.services.claim.history import keep_day
from matchhub.services.conversations.reminders import remind
from matchhub.services.counting.kept import recount
from matchhub.services.evidence.auditing import TOLD, audit_base, kept_audit
from matchhub.services.evidence.checking import check_evidence, read_all_evidence
from matchhub.services.imports.running import run_waiting_imports
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.kernel.form_keys import forget_keys
from matchhub.services.kernel.jobs import (
    begin_tick,
    finish_tick,
    forget_ticks,
    hold_lease,
    is_paused,
    missed_ticks,
    orders,
    release_lease,
    take_asked,
)
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.runs import match_is_due, run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.matching.training import learn, train
from matchhub.services.matching.warming import warm_up_beside
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.pushes.plan import desk_has_draft, plan
from matchhub.services.worklists.assigning import remind_of_work
from matchhub.wording import sentence

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
    """Look whether every evidence file is still what was stored, then whether the log and the rows are.

    Nobody waits while the files are read. What was found of the files is written down before the log is read.
    """
    with runtime.unit(write=False) as unit:
        found = read_all_evidence(unit)
    with runtime.unit() as unit:
        checked = check_evidence(unit, found).to_json()
    with runtime.unit(write=False) as unit:
        audited = audit_base(unit, read_checkpoints(runtime.settings.checkpoints), found)
    return {**checked, TOLD: kept_audit(audited)}


def plan_job(runtime: Runtime) -> dict[str, Any]:
    """Plan the day's pushes: by itself, or as a draft for the desk (``MATCHHUB_PUSHES``).

    Where somebody works on a draft that was made today, the plan of the day is theirs.
    """
    with runtime.unit() as unit:
        if desk_has_draft(unit):
            return {"planned": 0, "draft": True}
        if runtime.settings.automatic_pushes:
            return dict(plan(unit, courteous=True).to_json())
        drafted = make_draft(unit, courteous=True)
        return {"planned": 0, "draft": True, "chosen": drafted.chosen, "left_out": drafted.left_out}


def send_job(runtime: Runtime) -> dict[str, Any]:
    """Deliver what is due, at hours that recipients like; what stopped it is said in words in the log."""
    done = send_due(runtime, courteous=True)
    if done.trouble:
        log.warning("%s", sentence(done.trouble, "zh", reply=done.reply))
    return dict(done.to_json())


def tell_job(runtime: Runtime) -> dict[str, Any]:
    """Tell of new messages by the channels that recipients chose, and programs of events by their webhooks."""
    return {**tell(runtime).to_json(), "webhooks": post_events(runtime)}


def remind_job(runtime: Runtime) -> dict[str, Any]:
    """Remind who has not answered, what must be filed, which demands must be confirmed again, what work is due."""
    with runtime.unit() as unit:
        return {**remind(unit), "work": remind_of_work(unit)}


def alert_job(runtime: Runtime) -> dict[str, Any]:
    """Ask saved searches again and tell their accounts what is new."""
    return dict(alert(runtime))


def forget_job(runtime: Runtime) -> dict[str, Any]:
    """Forget the keys of forms that were sent more than a day ago, ticks of more than 90 days ago, and access logs
    that are older than the setting says."""
    with runtime.unit() as unit:
        gone = {"form_keys": forget_keys(unit), "ticks": forget_ticks(unit)}
    return {**gone, "logs": forget_logs(runtime.home, runtime.settings.log_days, runtime.clock().date())}


def recount_job(runtime: Runtime) -> dict[str, Any]:
    """Count the new day before anybody asks, and compare what was kept of yesterday with a full recount."""
    with runtime.unit(write=False) as unit:
        found = recount(unit)
    return {"compared": found.compared, "differing": {key: list(ids[:20]) for key, ids in found.differing.items()}}


def history_job(runtime: Runtime) -> dict[str, Any]:
    """Keep the counts of the day that ended, and of earlier ones that were missed, a unit for each."""
    done = 0
    while done < HISTORY_MOST:
        with runtime.unit() as unit:
            if keep_day(unit) is None:
                break
        done += 1
    return {"days": done}


def checkpoint_job(runtime: Runtime) -> dict[str, Any]:
    """Keep the day's checkpoint of the chain outside the base."""
    return {"sequence": make_checkpoint(runtime, "daily").sequence}


def checkpoint_mail_job(runtime: Runtime) -> dict[str, Any]:
    """Send the bureau the checkpoints it has not got yet."""
    return dict(send_checkpoints(runtime))


JOBS: dict[str, Job] = {
    "match": match_job,
    "send": send_job,
    "tell": tell_job,
    "plan": plan_job,
    "remind": remind_job,
    "alert": alert_job,
    "train": train_job,
    "recount": recount_job,
    "history": history_job,
    "evidence": evidence_job,
    "checkpoint": checkpoint_job,
    "checkpoint_mail": checkpoint_mail_job,
    "backup": scheduled_backup,
    "forget": forget_job,
}
HISTORY_MOST = 31  # days that one night makes up for
HEARTBEAT_SECONDS = 10
IMPORTS_SECONDS = 2  # somebody looks at a progress bar
ASKED_SECONDS = 3  # somebody pressed a button
CATCH_UP_SECONDS = 60
MISFIRE = 120  # seconds; APScheduler itself rings late by as much


def run_tick(runtime: Runtime, holder: str, name: str, tick: str = "", *, asked: bool = False) -> bool:
    """Do one tick of one job if this process leads and nobody did it before; true when it was done here.

    ``tick`` names another tick than that of this minute. A job that waits runs only when it is ``asked`` for.
    """
    with runtime.unit() as unit:
        if not hold_lease(unit, holder) or (is_paused(unit, name) and not asked):
            return False
        begun = begin_tick(unit, name, tick)
    if begun is None:
        return False
    try:
        outcome = JOBS[name](runtime)
    except Refusal as refusal:
        outcome = {"refused": refusal.code}
    except Exception as error:
        log.exception("job %s failed", name)
        outcome = {"failed": True, "error": type(error).__name__}
    with runtime.unit() as unit:
        finish_tick(unit, begun, outcome)
    return True


def catch_up(runtime: Runtime, holder: str) -> list[str]:
    """Make up for the day's runs that did not come to an end, each once; names of the jobs that ran here.

    A run that fell due a moment ago is left to its own bell.
    """
    with runtime.unit(write=False) as unit:
        now, zone, holidays = unit.now, unit.zone, unit.pack.holidays
        due = {name: at for name in TIMES if (at := last_due(name, zone, now)) is not None}
        late = {name: at for name, at in due.items() if (now - at).total_seconds() > MISFIRE}
        missed = missed_ticks(unit, {name: at for name, at in late.items() if may_catch_up(name, zone, holidays, now)})
    return [name for name, tick in missed.items() if run_tick(runtime, holder, name, tick)]


def run_asked(runtime: Runtime, holder: str) -> list[str]:
    """Do what people asked for on the page of jobs; names of the jobs that ran here."""
    with runtime.unit(write=False) as unit:
        if not any(order.asked_at for order in orders(unit).values()):
            return []
    with runtime.unit() as unit:
        names = take_asked(unit) if hold_lease(unit, holder) else []
        asked_at = unit.now.isoformat(timespec="milliseconds")
    return [name for name in names if name in JOBS and run_tick(runtime, holder, name, f"asked {asked_at}", asked=True)]


def timetable(runtime: Runtime, holder: str) -> BackgroundScheduler:
    """The scheduler with every job at its time by the clock of the pack's city, not started."""
    zone = runtime.pack.local.time_zone
    scheduler = BackgroundScheduler(timezone=zone, job_defaults={"coalesce": True, "max_instances": 1})
    scheduler.add_job(_beat, IntervalTrigger(seconds=HEARTBEAT_SECONDS), args=(runtime, holder))
    for name in JOBS:
        args = (runtime, holder, name)
        scheduler.add_job(run_tick, trigger_of(name, zone), args=args, id=name, misfire_grace_time=MISFIRE)
    for act, seconds in ((catch_up, CATCH_UP_SECONDS), (run_asked, ASKED_SECONDS)):
        scheduler.add_job(act, IntervalTrigger(seconds=seconds), args=(runtime, holder), id=act.__name__)
    scheduler.add_job(run_waiting_imports, IntervalTrigger(seconds=IMPORTS_SECONDS), args=(runtime,), id="imports")
    scheduler.add_job(build_waiting, IntervalTrigger(seconds=ASKED_SECONDS), args=(runtime,), id="packages")
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
