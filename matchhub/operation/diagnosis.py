"""``matchhub doctor``: what is wrong with this installation, said so that somebody can mend it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.limits import can_limit
from matchhub.domain.calendar import holidays_known
from matchhub.errors import Refusal
from matchhub.notify.mail import read_server
from matchhub.operation.job_board import ailing_jobs, job_board, worker_view
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.checking import evidence_state
from matchhub.services.kernel.backup import fault_of, sqlite_file
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import log_began_at
from matchhub.services.kernel.locks import HAS_SYSTEM_LOCKS
from matchhub.services.kernel.runtime import (
    Runtime,
    newest_schema,
    open_runtime,
    schema_difference,
    schema_version,
)
from matchhub.services.kernel.settings import Settings, read_settings
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.cluster import cluster_state
from matchhub.services.matching.store import differing_sample, index_fault
from matchhub.services.pushes.troubles import standing_troubles
from matchhub.services.recipients.state import channel_state

LEAST_FREE_MIB, MEBIBYTE = 500, 2**20
_CHECKED_WITHIN = timedelta(days=2)  # every night, and one night may fail
Check = dict[str, Any]


def examine(environment: Mapping[str, str]) -> dict[str, Any]:
    """All checks: ``{"ok": bool, "checks": [{"name", "ok", "code", "data"}]}``; stops where the next cannot be made."""
    checks = list(_checks(environment))
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


def _check(name: str, ok: bool, code: str, **data: object) -> Check:
    return {"name": name, "ok": ok, "code": code, "data": data}


def _proxies(settings: Settings) -> Check:
    if settings.trusted_proxies:
        return _check("proxies", True, "doctor_proxies", proxies=", ".join(map(str, settings.trusted_proxies)))
    needed = settings.base_url.startswith("https://")  # which this platform does not speak itself
    return _check("proxies", not needed, "doctor_proxies_missing" if needed else "doctor_proxies_none")


def _checks(environment: Mapping[str, str]) -> Iterator[Check]:
    try:
        settings = read_settings(environment)
        runtime, _ = open_runtime(settings, create=False)
    except Refusal as refusal:
        yield _check("settings", False, refusal.code, **refusal.data)
        return
    yield _check("settings", True, "doctor_settings", home=settings.home)
    yield _proxies(settings)
    free = shutil.disk_usage(settings.home).free // MEBIBYTE
    yield _check("disk", free >= LEAST_FREE_MIB, "doctor_disk", free=free, least=LEAST_FREE_MIB)
    yield _check("reader", True, "doctor_reader_limited" if can_limit() else "doctor_reader_unlimited")
    yield _check("locks", True, "doctor_locks" if HAS_SYSTEM_LOCKS else "doctor_locks_by_file")
    try:
        yield from _database_checks(runtime)
    except Refusal as refusal:  # the base is away, damaged or full: told, and nothing after it can be looked at
        yield _check("database", False, refusal.code, **refusal.data)
    finally:
        runtime.close()


def mail_state(runtime: Runtime) -> Check:
    """How letters leave this installation: sent, only written to a folder, or refused by the server just now."""
    settings = runtime.settings
    folder = runtime.home / "outbox"
    with runtime.unit(write=False) as unit:
        invented, troubles = holds_rows(unit, demo=True), standing_troubles(unit)
    if invented:
        return _check("mail", True, "doctor_mail_demo", folder=folder)
    if not settings.smtp_url:
        return _check("mail", True, "doctor_mail_files", folder=folder)
    try:
        server = read_server(settings.smtp_url, settings.mail.tls, settings.mail.port)
    except Refusal as refusal:
        return _check("mail", False, refusal.code)
    if not settings.mail.sender:
        return _check("mail", False, "doctor_mail_sender_missing")
    for each in troubles:
        began = each.began_at.astimezone(runtime.pack.local.time_zone).strftime("%Y-%m-%d %H:%M")
        told = {"reply": each.reply, "channel": each.channel, "began": began, "times": each.times}
        return _check("mail", False, each.code, **told)
    return _check("mail", True, "doctor_mail_set", sender=settings.mail.sender, server=f"{server.host}:{server.port}")


def _cluster_checks(settings: Settings) -> Iterator[Check]:
    """Whether the cluster that is to match can be worked with, where one is set."""
    if settings.dask:
        state = cluster_state(settings.dask)
        told = {"address": settings.dask, "detail": state.detail, "workers": state.workers}
        yield _check("cluster", not state.code, state.code or "doctor_cluster", **told)


def _codes_check(runtime: Runtime) -> Check:
    """Whether those who run, confirm and audit must sign in with a one-time code."""
    with runtime.unit(write=False) as unit:
        demo = holds_rows(unit, demo=True)
    asked = runtime.settings.codes_required
    return _check("codes", True, "doctor_codes_demo" if demo else "doctor_codes" if asked else "doctor_codes_own")


def _links_check(runtime: Runtime) -> Check:
    host = urlsplit(runtime.base_url).hostname or ""
    local = bool(runtime.settings.smtp_url) and host in ("127.0.0.1", "localhost", "::1")
    return _check("links", not local, "doctor_links_local" if local else "doctor_links", address=runtime.base_url)


def _database_checks(runtime: Runtime) -> Iterator[Check]:
    version = schema_version(runtime)
    yield _check("schema", version == newest_schema(), "doctor_schema", now=version or "-", newest=newest_schema())
    if version != newest_schema():
        return
    differing = schema_difference(runtime)
    yield _check("tables", not differing, "doctor_tables_differ" if differing else "doctor_tables", found=differing)
    if differing:
        return
    yield _integrity_check(runtime)
    with runtime.unit(write=False) as unit:
        folder = runtime.settings.checkpoints
        found = audit_base(unit, read_checkpoints(folder))
        yield _check("log", found.valid, found.code, **found.data)
        yield _checkpoint_check(unit, folder)
        yield _evidence_check(unit)
        fault = index_fault(unit)
        fresh = fault != "doctor_index_stale"
        yield _check("index", fresh, "doctor_index_fresh" if fresh else "doctor_index_stale")
        if fresh:
            yield _sample_check(differing_sample(unit) if fault else [])
        yield from _cluster_checks(runtime.settings)
        yield _codes_check(runtime)
        yield mail_state(runtime)
        yield _links_check(runtime)
        yield _channels_check(unit)
        yield from _calendar_checks(unit)
        yield from _worker_checks(unit)


def _integrity_check(runtime: Runtime) -> Check:
    """Whether the pages of SQLite's file agree with one another; a server looks after its own."""
    database = sqlite_file(runtime.settings)
    fault = fault_of(database) if database is not None else ""
    return _check("integrity", not fault, "doctor_integrity_broken" if fault else "doctor_integrity", reason=fault)


def _worker_checks(unit: Unit) -> Iterator[Check]:
    """Whether a worker lives, and whether its jobs came to an end in time."""
    worker = worker_view(unit)
    if worker.state == "ahead" and worker.ago is not None:
        yield _check("worker", False, "doctor_worker_ahead", seconds=round(-worker.ago.total_seconds()))
    else:
        alive = worker.state == "alive"
        yield _check("worker", alive, "doctor_worker_seen" if alive else "doctor_worker_missing")
    board = job_board(unit)
    if ailing := ailing_jobs(unit, board):
        yield _check("jobs", False, "doctor_jobs_ail", jobs=", ".join(ailing))
    elif paused := [job.name for job in board if job.paused_at]:
        yield _check("jobs", True, "doctor_jobs_paused", jobs=", ".join(paused))
    else:
        yield _check("jobs", True, "doctor_jobs")


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
    no fault: days off are weekends and the law's fixed days then."""
    years = {unit.today.year, (unit.today + timedelta(days=31)).year}
    for year in sorted(years):
        named = unit.pack.holidays.named_in(year)
        if holidays_known(date(year, 1, 1)):
            yield _check("calendar", True, "doctor_calendar", year=year)
        elif named:
            yield _check("calendar", True, "doctor_calendar_pack", year=year, days=named)
        else:
            yield _check("calendar", True, "doctor_calendar_weekends", year=year)


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
