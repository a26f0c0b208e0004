"""The history of each number: its count at the end of every day, by what was known then, bound into the chain.

A day is counted after it ended, by its events and with what was recorded until its midnight; counted again at any
later time it is the same (P14), so that a day that was missed is filled and says so. One entry of the log a day holds
the counts with a digest over every verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import CountDay, LogEntry
from matchhub.domain.counting.atoms import Atom, Reason
from matchhub.domain.counting.progress import progress
from matchhub.services.counting.counts import Question, count_atoms
from matchhub.services.kernel.event_log import append_event, log_began_at
from matchhub.services.kernel.unit import Unit

VERB = "counts.kept"


@dataclass(frozen=True, slots=True)
class DayCount:
    """A number at the end of a day. ``filled``: counted later, the day had been missed; ``bound``: the entry of the
    chain says the same."""

    day: date
    literal: int
    strict: int
    rows_digest: str
    filled: bool
    bound: bool


def keep_day(unit: Unit) -> date | None:
    """Count the first day that ended and is not kept yet, by the pack in force; ``None`` when all are.

    The first day of all is that of the first entry of the log.
    """
    day = _day_due(unit)
    if day is None:
        return None
    told = count_day(unit, day)
    filled = day < unit.today - timedelta(days=1)
    entry = append_event(
        unit, VERB, "thresholds", None, day=day.isoformat(), policy_digest=unit.pack.digest, filled=filled, counts=told
    )
    unit.session.add_all(
        CountDay(
            day_on=day,
            policy_digest=unit.pack.digest,
            threshold=threshold,
            literal=literal,
            strict=strict,
            rows_digest=digest,
            entry_id=entry.id,
            counted_at=unit.now,
            filled=filled,
        )
        for threshold, (literal, strict, digest) in told.items()
    )
    unit.session.flush()
    return day


def _day_due(unit: Unit) -> date | None:
    newest = unit.session.execute(
        select(func.max(CountDay.day_on)).where(CountDay.policy_digest == unit.pack.digest)
    ).scalar()
    began = log_began_at(unit)
    if newest is None and began is None:
        return None
    day = newest + timedelta(days=1) if newest is not None else unit.day_of(began)  # type: ignore[arg-type]
    return day if day < unit.today else None


def end_of(unit: Unit, day: date) -> Question:
    """The question that a kept day answers: events up to that day, with what was known at its midnight."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, unit.zone)
    return Question(unit.pack, day, midnight - timedelta(microseconds=1))


def count_day(unit: Unit, day: date) -> dict[str, tuple[int, int, str]]:
    """By threshold the literal and the strict count at the end of a day, and the digest over its verdicts."""
    asked = end_of(unit, day)
    judged = count_atoms(unit, asked)
    counted = progress(judged, asked.pack, asked.as_of, asked.known_at)
    sums = {each.key: counted.threshold(each.key).count for each in asked.pack.thresholds}
    return {key: (each.literal, each.strict, digest_of(judged[key])) for key, each in sums.items()}


def digest_of(atoms: Iterable[Atom]) -> str:
    """SHA-256 over every verdict: record, what it counts as, literal, strict, and the codes for and against it."""
    lines = sorted(
        json.dumps([str(each.record_id), each.unit, each.literal, each.strict, sorted(map(_coded, each.reasons))])
        for each in atoms
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def _coded(reason: Reason) -> tuple[str, str]:
    return reason.code, reason.effect


def history_of(unit: Unit, threshold: str) -> tuple[DayCount, ...]:
    """The kept days of a number by the pack in force, the oldest first."""
    unit.require("progress.read")
    chosen = (
        select(CountDay, LogEntry.payload)
        .join(LogEntry, LogEntry.id == CountDay.entry_id)
        .where(CountDay.threshold == threshold, CountDay.policy_digest == unit.pack.digest)
    )
    rows = unit.session.execute(chosen.order_by(CountDay.day_on, CountDay.id)).all()
    return tuple(
        DayCount(row.day_on, row.literal, row.strict, row.rows_digest, row.filled, _is_bound(row, payload))
        for row, payload in rows
    )


def _is_bound(row: CountDay, payload: str) -> bool:
    """Whether the entry of the chain says what the row says."""
    said: dict[str, Any] = json.loads(payload)
    told = [row.literal, row.strict, row.rows_digest]
    day = row.day_on.isoformat(), row.policy_digest, row.filled
    return said["counts"].get(row.threshold) == told and (said["day"], said["policy_digest"], said["filled"]) == day
