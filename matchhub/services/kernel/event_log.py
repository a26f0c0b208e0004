"""The event log: who did what when, each entry chained to the one before by its hash (PROMISES.md P12).

The hashed payload holds no personal data, so that erasing a person's data never breaks the chain (P23).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from matchhub.db.tables import LogEntry
from matchhub.services.kernel.unit import Unit

GENESIS = "0" * 64
_CLOCKS_DIFFER = timedelta(milliseconds=500)  # of two machines that write into one base
_APPEND_LOCK = 5826  # advisory lock key on PostgreSQL: entries are appended one after another


def entry_hash(previous: str, entry: LogEntry) -> str:
    """SHA-256, hex, over the previous hash and the entry's own values, each on a line of its own."""
    moments = (each.isoformat(timespec="microseconds") for each in (entry.recorded_at, entry.appended_at))
    subject = f"{entry.subject_kind}:{entry.subject_id}"
    lines = "\n".join((previous, *moments, entry.actor, entry.verb, subject, entry.payload))
    return hashlib.sha256(lines.encode()).hexdigest()


def hold_log(unit: Unit) -> None:
    """Let no other unit append until this one ends, so that the order of the entries is the order of their keys."""
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})


def append_event(unit: Unit, verb: str, kind: str, subject_id: int | None = None, **payload: Any) -> LogEntry:
    """Add one entry. ``payload`` must be plain JSON values without personal data."""
    hold_log(unit)
    last = unit.session.execute(select(LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)).scalar()
    entry = LogEntry(
        recorded_at=unit.now,
        appended_at=unit.clock(),
        actor=unit.actor.label,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        payload=json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str),
        previous_hash=last or GENESIS,
    )
    entry.hash = entry_hash(entry.previous_hash, entry)
    unit.session.add(entry)
    unit.session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Outcome of checking the chain: number of entries, the first bad one, and the signs of a clock set back."""

    valid: bool
    entries: int
    first_bad: int | None = None
    signs: tuple[dict[str, Any], ...] = ()


def checkpoint(unit: Unit) -> dict[str, Any]:
    """The chain's end, to be kept outside: entries, last id and hash."""
    check = verify_log(unit)
    last = unit.session.execute(select(LogEntry).order_by(LogEntry.id.desc()).limit(1)).scalar()
    return {
        "entries": check.entries,
        "last_id": last.id if last else None,
        "last_hash": last.hash if last else GENESIS,
        "made_at": unit.now.isoformat(),
    }


def verify_log(unit: Unit, known: dict[str, Any] | None = None) -> LogCheck:
    """Recompute the whole chain; with a checkpoint kept outside, truncation and re-hashing are found too.

    Entries stand in the order of their keys. That one began before its predecessor was appended is ordinary (an import
    takes minutes); that it was appended before it means a clock set back: a sign to be read, no tampering.
    """
    previous, count, last_at = GENESIS, 0, None
    signs: list[dict[str, Any]] = []
    expected_at = (known or {}).get("entries") or 0
    for entry in unit.session.execute(select(LogEntry).order_by(LogEntry.id)).scalars():
        if entry.previous_hash != previous or entry.hash != entry_hash(previous, entry):
            return LogCheck(False, count, entry.id, tuple(signs))
        if last_at is not None and entry.appended_at + _CLOCKS_DIFFER <= last_at:
            seconds = (last_at - entry.appended_at).total_seconds()
            signs.append({"code": "clock_jump", "entry": entry.id, "seconds": seconds})
        previous, count, last_at = entry.hash, count + 1, entry.appended_at
        if known and count == expected_at and entry.hash != known["last_hash"]:
            return LogCheck(False, count, entry.id, tuple(signs))
    if known and count < expected_at:
        return LogCheck(False, count, known["last_id"], tuple(signs))
    return LogCheck(True, count, None, tuple(signs))
