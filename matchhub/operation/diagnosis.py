"""``matchhub doctor``: what is wrong with this installation, said so that somebody can mend it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ingest.limits import can_limit
from matchhub.domain.calendar import holidays_known
from matchhub.errors import Refusal
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.checking import evidence_state
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.kernel.event_log import log_began_at
from matchhub.services.kernel.jobs import last_seen
from matchhub.services.kernel.locks import HAS_SYSTEM_LOCKS
from matchhub.services.kernel.runtime import Runtime, newest_schema, open_runtime, schema_version
from matchhub.services.kernel.settings import read_settings
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import differing_sample, freshness
from matchhub.services.recipients.state import channel_state

_LEAST_FREE_MIB = 500
_ALIVE = timedelta(minutes=2)
_CHECKED_WITHIN = timedelta(days=2)  # every night, and one night may fail
Check = dict[str, Any]


def examine(environment: Mapping[str, str]) -> dict[str, Any]:
    """All checks: ``{"ok": bool, "checks": [{"name", "ok", "code", "data"}]}``; stops where the next cannot be made."""
    checks = list(_checks(environment))
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


def _check(name: str, ok: bool, code: str, **data: object) -> Check:
    return {"name": name, "ok": ok, "code": code, "data": data}


def _checks(environment: Mapping[str, str]) -> Iterator[Check]:
    try:
        settings = read_settings(environment)
        runtime, _ = open_runtime(settings, create=False)
    except Refusal as refusal:
        yield _check("settings", False, refusal.code, **refusal.data)
        return
    yield _check("settings", True, "doctor_settings", home=settings.home)
    free = shutil.disk_usage(settings.home).free // 1024**2
    yield _check("disk", free >= _LEAST_FREE_MIB, "doctor_disk", free=free, least=_LEAST_FREE_MIB)
    yield _check("reader", True, "doctor_reader_limited" if can_limit() else "doctor_reader_unlimited")
    yield _check("locks", True, "doctor_locks" if HAS_SYSTEM_LOCKS else "doctor_locks_by_file")
    try:
        yield from _database_checks(runtime)
    finally:
        runtime.close()


def _database_checks(runtime: Runtime) -> Iterator[Check]:
    version = schema_version(runtime)
    yield _check("schema", version == newest_schema(), "doctor_schema", now=version or "-", newest=newest_schema())
    if version != newest_schema():
        return
    with runtime.unit(write=False) as unit:
        folder = runtime.settings.checkpoints
        found = audit_base(unit, read_checkpoints(folder))
        yield _check("log", found.valid, found.code, **found.data)
        yield _checkpoint_check(unit, folder)
        yield _evidence_check(unit)
        known, last = freshness(unit)
        fresh = known is not None and known.revision == last
        yield _check("index", fresh or last == 0, "doctor_index_fresh" if fresh or last == 0 else "doctor_index_stale")
        if fresh:
            yield _sample_check(differing_sample(unit))
        yield _channels_check(unit)
        yield from _calendar_checks(unit)
        seen = last_seen(unit)
        alive = seen is not None and seen <= _ALIVE
        yield _check("worker", alive, "doctor_worker_seen" if alive else "doctor_worker_missing")


def _checkpoint_check(unit: Unit, folder: Path) -> Check:
    kept = read_checkpoints(folder)
    last = max((each.day for each in kept), default="")
    oldest = log_began_at(unit)
    if last >= unit.day_of(unit.now - _CHECKED_WITHIN).isoformat():
        return _check("checkpoints", True, "doctor_checkpoints", number=len(kept), day=last, folder=folder)
    if oldest is None or unit.now - oldest <= _CHECKED_WITHIN:
        return _check("checkpoints", True, "doctor_checkpoints_none", folder=folder)
    return _check("checkpoints", False, "doctor_checkpoints_missing", folder=folder)


def _channels_check(unit: Unit) -> Check:
    state = channel_state(unit)
    if state.at_fault:
        return _check("channels", False, "doctor_channels_fault", channels=", ".join(state.at_fault), reply=state.reply)
    return _check("channels", True, "doctor_channels", waiting=state.waiting)


def _calendar_checks(unit: Unit) -> Iterator[Check]:
    """Whether the public holidays of this year and, from December on, of the next are on record; a gap is told, and is
    no fault: days off are weekends then."""
    years = {unit.today.year, (unit.today + timedelta(days=31)).year}
    for year in sorted(years):
        known = holidays_known(date(year, 1, 1))
        yield _check("calendar", True, "doctor_calendar" if known else "doctor_calendar_weekends", year=year)


def _sample_check(differing: list[int]) -> Check:
    """Whether patents picked from the base stand in the index as they stand there."""
    if differing:
        return _check("index_sample", False, "doctor_index_differs", patents=", ".join(map(str, differing[:10])))
    return _check("index_sample", True, "doctor_index_sample")


def _evidence_check(unit: Unit) -> Check:
    state = evidence_state(unit)
    if state.damaged:
        numbers = ", ".join(str(each.id) for each in state.damaged)
        return _check("evidence", False, "doctor_evidence_damaged", files=state.files, damaged=numbers)
    checked = state.checked_at is not None and unit.now - state.checked_at <= _CHECKED_WITHIN
    if state.files and not checked:
        return _check("evidence", False, "doctor_evidence_unchecked", files=state.files)
    return _check("evidence", True, "doctor_evidence_sound", files=state.files)
