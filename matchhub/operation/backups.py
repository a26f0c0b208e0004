"""Backups by themselves: one a night in a folder, checked as a restore would, and thinned out by a plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matchhub.services.kernel.backup import base_bytes, make_backup
from matchhub.services.kernel.runtime import Runtime

DAYS, WEEKS, MONTHS = 7, 5, 6  # kept: the last days, Mondays of the last weeks, firsts of the last months
_NAME = "matchhub-{day}.tar"
_SPARE = 3  # the copy, the archive and what is written meanwhile


def scheduled_backup(runtime: Runtime) -> dict[str, Any]:
    """Tonight's backup: made, read again as a restore would read it, and older ones thinned out.

    ``{"bytes", "kept"}``; ``{"skipped": code}`` where the disk has no room for three more copies. Raises what
    ``make_backup`` raises where the base is damaged or what was written cannot be restored; the last good one stays.
    """
    folder = runtime.settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(folder).free < _SPARE * base_bytes(runtime):
        return {"skipped": "backup_no_room"}
    with runtime.unit(write=False) as unit:
        today = unit.today
    file = folder / _NAME.format(day=today.isoformat())
    made = make_backup(runtime, file)
    kept = thin_out(folder, today)
    return {"bytes": made["bytes"], "kept": kept}


def kept_days(days: Iterable[date], today: date) -> set[date]:
    """Those of ``days`` that the plan keeps: 7 days, the Mondays of 5 weeks, the firsts of 6 months, and the newest."""
    known = sorted(days)
    recent = {day for day in known if day > today - timedelta(days=DAYS)}
    mondays = [day for day in known if day.weekday() == 0][-WEEKS:]
    firsts = [day for day in known if day.day == 1][-MONTHS:]
    return recent | set(mondays) | set(firsts) | set(known[-1:])


def thin_out(folder: Path, today: date) -> int:
    """Delete the night's backups that the plan does not keep; returns how many are left. Other files stay."""
    files = {}
    for file in folder.glob(_NAME.format(day="*")):
        try:
            files[date.fromisoformat(file.stem.removeprefix("matchhub-"))] = file
        except ValueError:
            continue  # somebody else's
    kept = kept_days(files, today)
    for day, file in files.items():
        if day not in kept:
            file.unlink(missing_ok=True)
    return len(kept)
