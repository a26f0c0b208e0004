"""Which records were written while the clock was set back, by kind; such rows prove no day and no order either."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from matchhub.db.base import Base
from matchhub.domain.counting.facts import ClockFact, RecordId
from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.rules import RulePack
from matchhub.services.kernel.clock_spells import BackEntry, rows_written_back
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit

# Tables whose rows belong to a record of a kind, and the column that says to which.
_PARTS: Mapping[str, tuple[str, str]] = {
    "patent_holders": ("patents", "patent_id"),
    "patent_statuses": ("patents", "patent_id"),
    "enterprise_categories": ("enterprises", "enterprise_id"),
    "demand_events": ("demands", "demand_id"),
    "push_items": ("pushes", "push_id"),
    "push_deliveries": ("pushes", "push_id"),
    "offer_declarations": ("offers", "offer_id"),
    "industry_words": ("offers", "offer_id"),
    "deal_events": ("deals", "deal_id"),
    "deal_parties": ("deals", "deal_id"),
    "deal_patents": ("deals", "deal_id"),
    "deal_payments": ("deals", "deal_id"),
}
_OF_ANY_KIND = ("confirmations", "evidence_files")
WrittenBack = dict[str, dict[int, BackEntry]]


def tolerance_of(pack: RulePack) -> timedelta:
    """By how much a clock may run behind and what was written then still count by this pack."""
    return timedelta(seconds=pack.signals.clock_seconds)


def written_back(unit: Unit, moment: Moment, pack: RulePack) -> WrittenBack:
    """Rows of every bound table that were written while the clock was set back by more than ``pack`` lets pass."""
    return rows_written_back(unit, tolerance_of(pack), moment.known_at)


def records_written_back(unit: Unit, rows: WrittenBack) -> dict[str, dict[RecordId, ClockFact]]:
    """The records to which such rows belong, by kind, with the latest moment that the log had reached."""
    found: dict[str, dict[RecordId, ClockFact]] = {kind: {} for kind in KINDS}
    for kind, record_id, entry in _owners(unit, rows):
        known = found[kind].get(record_id)
        if known is None or known.reached_at < entry.reached_at:
            found[kind][record_id] = ClockFact(entry.said_at, entry.reached_at)
    return found


def _owners(unit: Unit, rows: WrittenBack) -> Iterator[tuple[str, int, BackEntry]]:
    for kind in KINDS:
        yield from ((kind, key, entry) for key, entry in rows.get(kind, {}).items())
    for table, (kind, column) in _PARTS.items():
        for key, owner in _columns(unit, table, rows.get(table, {}), column):
            yield kind, owner, rows[table][key]
    for table in _OF_ANY_KIND:
        for key, kind, owner in _columns(unit, table, rows.get(table, {}), "subject_kind", "subject_id"):
            if kind in KINDS:
                yield kind, owner, rows[table][key]


def _columns(unit: Unit, table_name: str, keys: Collection[int], *names: str) -> Iterator[Any]:
    table = Base.metadata.tables[table_name]
    for part in parts(sorted(keys)):
        chosen = select(table.c.id, *(table.c[name] for name in names)).where(table.c.id.in_(part))
        yield from (tuple(row) for row in unit.session.execute(chosen))
