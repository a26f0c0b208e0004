"""The event log: who did what when, each entry chained to the one before by its hash (PROMISES.md P12).

The hashed payload holds no personal data, so that erasing a person's data never breaks the chain (P23).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, func, select, text, type_coerce

from matchhub.db.tables import LogEntry
from matchhub.services.kernel.checkpoints import LOST_DIGITS, RESTORED, Checkpoint, restore_sign
from matchhub.services.kernel.payloads import said_in
from matchhub.services.kernel.unit import Unit

GENESIS = "0" * 64
_CLOCKS_DIFFER = timedelta(milliseconds=500)  # of two machines that write into one base
_APPEND_LOCK = 5826  # advisory lock key on PostgreSQL: entries are appended one after another


def entry_hash(previous: str, entry: LogEntry) -> str:
    """SHA-256, hex, over the previous hash and the entry's own values, each on a line of its own."""
    recorded, appended = (each.isoformat(timespec="microseconds") for each in (entry.recorded_at, entry.appended_at))
    said = entry.actor, entry.verb, entry.subject_kind, entry.subject_id, entry.payload
    return _hash(previous, recorded, appended, *said)


def _hash(
    previous: str, recorded: str, appended: str, actor: str, verb: str, kind: str, subject: int | None, payload: str
) -> str:
    lines = f"{previous}\n{recorded}\n{appended}\n{actor}\n{verb}\n{kind}:{subject}\n{payload}"
    return hashlib.sha256(lines.encode()).hexdigest()


# What an entry's hash is over, the moments as the base keeps them: on SQLite the very text, which needs no reading.
_WRITTEN = select(
    LogEntry.id,
    type_coerce(LogEntry.recorded_at, String).label("recorded_at"),
    type_coerce(LogEntry.appended_at, String).label("appended_at"),
    LogEntry.actor,
    LogEntry.verb,
    LogEntry.subject_kind,
    LogEntry.subject_id,
    LogEntry.payload,
    LogEntry.previous_hash,
    LogEntry.hash,
).order_by(LogEntry.id)


def _moment_written(value: str | datetime) -> str:
    """A moment as it is hashed: ISO with microseconds and zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat(timespec="microseconds")
    return f"{value[:10]}T{value[11:]}+00:00"


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


def log_began_at(unit: Unit) -> datetime | None:
    """The moment of the first entry; ``None`` while there is none."""
    return unit.session.execute(select(LogEntry.appended_at).order_by(LogEntry.id).limit(1)).scalar()


def end_of_chain(unit: Unit, reason: str = "asked") -> Checkpoint:
    """The chain's end now, without counts; quick, since it checks nothing."""
    entries = unit.session.execute(select(func.count(LogEntry.id))).scalar_one()
    last = unit.session.execute(select(LogEntry.id, LogEntry.hash).order_by(LogEntry.id.desc()).limit(1)).one_or_none()
    return Checkpoint(
        entries=entries,
        last_id=last.id if last else None,
        last_hash=last.hash if last else GENESIS,
        day=unit.today.isoformat(),
        made_at=unit.now.isoformat(),
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Outcome of checking the chain: number of entries, the first bad one, and the signs that want an explanation.

    ``lost``: the checkpoints kept outside that are no part of the chain, and that no restore on record explains.
    """

    valid: bool
    entries: int
    first_bad: int | None = None
    signs: tuple[dict[str, Any], ...] = ()
    lost: tuple[Checkpoint, ...] = ()


def verify_log(unit: Unit, known: Sequence[Checkpoint] = ()) -> LogCheck:
    """Recompute the whole chain; with checkpoints kept outside, truncation, re-hashing and old backups are found too.

    Entries stand in the order of their keys. That one began before its predecessor was appended is ordinary (an import
    takes minutes); that it was appended before it means a clock set back: a sign to be read, no tampering.
    """
    previous, count, last_at = GENESIS, 0, ""
    signs: list[dict[str, Any]] = []
    restored: list[Any] = []
    heads: dict[int, str] = {}
    wanted = {each.entries for each in known}
    for entry in unit.session.execute(_WRITTEN):
        key, recorded, appended, actor, verb, kind, subject, payload, before, own = entry
        recorded, appended = _moment_written(recorded), _moment_written(appended)
        if before != previous or own != _hash(previous, recorded, appended, actor, verb, kind, subject, payload):
            return LogCheck(False, count, key, tuple(signs))
        # Texts of one form stand in the order of their moments: only what stands before its predecessor is read.
        if appended < last_at and (back := _moment(last_at) - _moment(appended)) >= _CLOCKS_DIFFER:
            signs.append({"code": "clock_jump", "entry": key, "seconds": back.total_seconds()})
        previous, count, last_at = own, count + 1, appended
        if count in wanted:
            heads[count] = own
        if verb == RESTORED:
            restored.append(entry)
    missing = [each for each in known if each.entries and heads.get(each.entries) != each.last_hash]
    signs += [sign for entry in restored if (sign := restore_sign(entry))]
    lost = _unexplained(missing, restored)
    return LogCheck(not lost, count, lost[0].last_id if lost else None, tuple(signs), tuple(lost))


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _unexplained(missing: list[Checkpoint], restored: Sequence[Any]) -> list[Checkpoint]:
    explained = {head for entry in restored for head in said_in(entry.payload).get("lost", ())}
    left = [each for each in missing if each.last_hash[:LOST_DIGITS] not in explained]
    return sorted(left, key=lambda each: (each.entries, each.day))
