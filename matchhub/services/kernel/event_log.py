"""The event log: who did what when, each entry chained to the one before by its hash (PROMISES.md P12).

The hashed payload holds no personal data, so that erasing a person's data never breaks the chain (P23).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from matchhub.db.tables import LogEntry
from matchhub.services.kernel.unit import Unit

GENESIS = "0" * 64
_APPEND_LOCK = 5826  # advisory lock key on PostgreSQL: entries are appended one after another


def entry_hash(previous: str, recorded_at: datetime, actor: str, verb: str, subject: str, payload: str) -> str:
    """SHA-256, hex, over the previous hash and the entry's own values, each on a line of its own."""
    lines = "\n".join((previous, recorded_at.isoformat(timespec="microseconds"), actor, verb, subject, payload))
    return hashlib.sha256(lines.encode()).hexdigest()


def append_event(unit: Unit, verb: str, kind: str, subject_id: int | None = None, **payload: Any) -> LogEntry:
    """Add one entry. ``payload`` must be plain JSON values without personal data."""
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})
    last = unit.session.execute(select(LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)).scalar()
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    previous = last or GENESIS
    entry = LogEntry(
        recorded_at=unit.now,
        actor=unit.actor.label,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        payload=body,
        previous_hash=previous,
        hash=entry_hash(previous, unit.now, unit.actor.label, verb, f"{kind}:{subject_id}", body),
    )
    unit.session.add(entry)
    unit.session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Outcome of checking the chain: number of entries and the first bad one, if any."""

    valid: bool
    entries: int
    first_bad: int | None = None


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
    """Recompute the whole chain; with a checkpoint kept outside, truncation and re-hashing are found too."""
    previous, count, last_time = GENESIS, 0, None
    expected_at = (known or {}).get("entries") or 0
    for entry in unit.session.execute(select(LogEntry).order_by(LogEntry.id)).scalars():
        subject = f"{entry.subject_kind}:{entry.subject_id}"
        wanted = entry_hash(previous, entry.recorded_at, entry.actor, entry.verb, subject, entry.payload)
        backdated = last_time is not None and entry.recorded_at < last_time
        if entry.previous_hash != previous or entry.hash != wanted or backdated:
            return LogCheck(False, count, entry.id)
        previous, count, last_time = entry.hash, count + 1, entry.recorded_at
        if known and count == expected_at and entry.hash != known["last_hash"]:
            return LogCheck(False, count, entry.id)
    if known and count < expected_at:
        return LogCheck(False, count, known["last_id"])
    return LogCheck(True, count)
