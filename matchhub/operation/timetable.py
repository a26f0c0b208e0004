"""When each scheduled job falls due by the clock of the pack's city, and when a missed day may be caught up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from apscheduler.triggers.cron import CronTrigger

from matchhub.domain.calendar import Holidays, is_working_day

# A job that writes to people is caught up only while they are at work.
WORK_BEGINS, WORK_ENDS = time(8, 0), time(18, 0)


@dataclass(frozen=True, slots=True)
class JobTimes:
    """When a job runs: ``minute`` as in a crontab; with ``hour`` once a day. ``outward``: people hear from it."""

    minute: int | str
    hour: int | None = None
    outward: bool = False


# Demands are matched within the minute, pushes planned before work and sent all day.
TIMES: dict[str, JobTimes] = {
    "match": JobTimes("*"),
    "send": JobTimes("*/5"),
    "tell": JobTimes("*"),
    "plan": JobTimes(30, 8, outward=True),
    "remind": JobTimes(10, 9, outward=True),
    "alert": JobTimes(10, 5),
    "train": JobTimes(20, 3),
    "recount": JobTimes(1, 0),
    "history": JobTimes(10, 0),
    "evidence": JobTimes(40, 2),
    "checkpoint": JobTimes(20, 0),
    "checkpoint_mail": JobTimes("3-59/10"),
    "backup": JobTimes(30, 1),
    "forget": JobTimes(50),
}


def trigger_of(name: str, zone: str | tzinfo) -> CronTrigger:
    """The job's times as APScheduler reads them."""
    times = TIMES[name]
    hour = {} if times.hour is None else {"hour": times.hour}
    return CronTrigger(minute=times.minute, timezone=zone, **hour)


def next_run(name: str, zone: str | tzinfo, now: datetime) -> datetime:
    """The next moment after ``now`` at which the job falls due."""
    found: datetime = trigger_of(name, zone).get_next_fire_time(None, now + timedelta(seconds=1))
    return found


def last_due(name: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The last moment, ``now`` or before, at which a job of once a day fell due; None for one that runs more often."""
    times = TIMES[name]
    if times.hour is None:
        return None
    local = now.astimezone(zone)
    today = local.replace(hour=times.hour, minute=int(times.minute), second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)


def may_catch_up(name: str, zone: tzinfo, holidays: Holidays, now: datetime) -> bool:
    """Whether a missed run may be made up for now: one that people hear of on a working day, 8:00 to 18:00, only.

    ``holidays`` are the days that the pack in force names itself.
    """
    if not TIMES[name].outward:
        return True
    local = now.astimezone(zone)
    return is_working_day(local.date(), holidays) and WORK_BEGINS <= local.time() < WORK_ENDS
