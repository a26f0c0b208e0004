"""Backups by themselves: one a night in a folder, checked as a restore would, and thinned out by a plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from matchhub.errors import FileRefused, SettingInvalid
from matchhub.services.kernel.backup import check_backup, make_backup, sqlite_file
from matchhub.services.kernel.runtime import Runtime

DAYS, WEEKS, MONTHS = 7, 5, 6  # kept: the last days, Mondays of the last weeks, firsts of the last months
_NAME = "matchhub-{day}.tar"
_SPARE = 3  # the copy, the archive and what is written meanwhile


def scheduled_backup(runtime: Runtime) -> dict[str, Any]:
    """Tonight's backup: made, read again as a restore would read it, and older ones thinned out.

    ``{"bytes", "kept"}``; ``{"skipped": code}`` on PostgreSQL, whose own tools make backups, and where the disk has
    no room for three more copies. Raises ``FileRefused("backup_damaged")`` when what was written cannot be restored.
    """
    settings = runtime.settings
    try:
        database = sqlite_file(settings)
    except SettingInvalid as refusal:
        return {"skipped": refusal.code}
    folder = settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(folder).free < _SPARE * _size_of(database, runtime):
        return {"skipped": "backup_no_room"}
    with runtime.unit(write=False) as unit:
        today = unit.today
    file = folder / _NAME.format(day=today.isoformat())
    made = make_backup(runtime, file)
    try:
        check_backup(file)
    except FileRefused:
        file.unlink(missing_ok=True)
        raise
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


def _size_of(database: Path, runtime: Runtime) -> int:
    """Bytes of the database and its evidence."""
    files = [database, *(runtime.home / "evidence").rglob("*")]
    return sum(file.stat().st_size for file in files if file.is_file())
