"""The event log as the bureau reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import LogEntry
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.paging import Orders, Page, Sought, holds, paged
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: who did what when, to which record, with its hash (hex)."""

    id: int
    at: datetime
    actor: str
    verb: str
    kind: str
    subject_id: int | None
    payload: str
    hash: str


ORDERS = Orders(
    LogEntry.id, {"at": LogEntry.recorded_at, "id": LogEntry.id, "verb": LogEntry.verb, "kind": LogEntry.subject_kind}
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Narrows the log: the beginning of the verb, the kind of record, a word of the data; empty narrows nothing."""

    verb: str = ""
    kind: str = ""
    query: str = ""


def list_log(unit: Unit, wanted: LogFilter | None = None, page: int | Sought = 1) -> Page[LogLine]:
    """Entries, the newest first or in one of ``ORDERS``."""
    wanted = wanted or LogFilter()
    unit.require("log.read")
    statement = select(LogEntry).order_by(LogEntry.id.desc())
    if wanted.verb:
        statement = statement.where(LogEntry.verb.startswith(wanted.verb, autoescape=True))
    if wanted.kind:
        statement = statement.where(LogEntry.subject_kind == wanted.kind)
    if wanted.query:
        statement = statement.where(holds(unit, LogEntry.payload, wanted.query))
    return paged(unit, statement, page, lambda rows: _lines(unit, [row[0] for row in rows]), 50, ORDERS)


def _lines(unit: Unit, entries: Sequence[LogEntry]) -> list[LogLine]:
    ids = {entry.id: _account(entry.actor) for entry in entries}
    names = account_names(unit, ids.values())
    return [
        LogLine(
            id=entry.id,
            at=entry.recorded_at,
            actor=names.get(ids[entry.id] or 0, entry.actor),
            verb=entry.verb,
            kind=entry.subject_kind,
            subject_id=entry.subject_id,
            payload=entry.payload,
            hash=entry.hash,
        )
        for entry in entries
    ]


def _account(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
