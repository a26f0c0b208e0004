"""The event log as the bureau reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select

from matchhub.db.tables import Account, LogEntry, Organisation
from matchhub.domain.calendar import day_begins
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.paging import Orders, Page, Sought, holds, holds_words, paged, typed_words
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import label_records

Subject = tuple[str, int]
# Entries whose number is not that of a record of the kind they name, by the beginning of their verb: whose it is.
NUMBERED = {
    "import.queued": "import_jobs",
    "import.": "import_batches",
    "batch.": "import_batches",
    "source.": "import_batches",
    "headers.": "header_memories",
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: who did what when, to which record, with its hash (hex).

    ``kind`` is the kind of record the entry is filed under, ``on`` what its number belongs to (an import of patents is
    filed under patents), ``called`` the name of that record, where it has one.
    """

    id: int
    at: datetime
    actor: str
    verb: str
    kind: str
    subject_id: int | None
    on: str
    called: str
    payload: str
    hash: str


ORDERS = Orders(
    LogEntry.id, {"at": LogEntry.recorded_at, "id": LogEntry.id, "verb": LogEntry.verb, "kind": LogEntry.subject_kind}
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Narrows the log: the beginning of the verb, the kind of record, words of the data, words of the name of who did
    it, the first and the last day; empty narrows nothing."""

    verb: str = ""
    kind: str = ""
    query: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


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
    if wanted.who:
        statement = statement.where(_done_by(unit, wanted.who))
    if wanted.since:
        statement = statement.where(LogEntry.recorded_at >= day_begins(unit.zone, wanted.since))
    if wanted.until:
        statement = statement.where(LogEntry.recorded_at < day_begins(unit.zone, wanted.until + timedelta(days=1)))
    return paged(unit, statement, page, lambda rows: _lines(unit, [row[0] for row in rows]), 50, ORDERS)


def log_kinds(unit: Unit) -> tuple[str, ...]:
    """The kinds of record that the log has entries about."""
    unit.require("log.read")
    return tuple(
        unit.session.execute(select(LogEntry.subject_kind).distinct().order_by(LogEntry.subject_kind)).scalars()
    )


def _done_by(unit: Unit, who: str) -> ColumnElement[bool]:
    """True of the entries of accounts in whose name, sign-in name or organisation every word stands."""
    named = select(Account.id).join(Organisation, Organisation.id == Account.organisation_id)
    words = typed_words(who)
    found = named.where(holds_words(unit, words, Account.display_name, Account.login, Organisation.name))
    accounts = [f"account:{key}" for key in unit.session.execute(found.limit(1000)).scalars()]
    return LogEntry.actor.in_(accounts)


def _lines(unit: Unit, entries: Sequence[LogEntry]) -> list[LogLine]:
    ids = {entry.id: _account(entry.actor) for entry in entries}
    names = account_names(unit, ids.values())
    called = _called(unit, ((_on(entry), entry.subject_id) for entry in entries if entry.subject_id is not None))
    return [
        LogLine(
            id=entry.id,
            at=entry.recorded_at,
            actor=names.get(ids[entry.id] or 0, entry.actor),
            verb=entry.verb,
            kind=entry.subject_kind,
            subject_id=entry.subject_id,
            on=_on(entry),
            called=called.get((_on(entry), entry.subject_id or 0), ""),
            payload=entry.payload,
            hash=entry.hash,
        )
        for entry in entries
    ]


def _on(entry: LogEntry) -> str:
    """The kind of record that the number of an entry belongs to."""
    return next((kind for begin, kind in NUMBERED.items() if entry.verb.startswith(begin)), entry.subject_kind)


def _called(unit: Unit, subjects: Iterable[Subject]) -> dict[Subject, str]:
    """Names of records, accounts and organisations, by kind and number."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in subjects:
        wanted[kind].add(number)
    found = {("accounts", key): name for key, name in account_names(unit, wanted.pop("accounts", ())).items()}
    places = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted.pop("organisations", ())))
    found |= {("organisations", key): name for key, name in unit.session.execute(places)}
    for kind in wanted.keys() & RECORD_TABLES.keys():
        found |= {(kind, key): label.title for key, label in label_records(unit, kind, wanted[kind]).items()}
    return found


def _account(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
