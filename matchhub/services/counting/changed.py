"""Which records were changed after a moment: a field, a paper, or a dated row of their own that leaves no revision."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    DealEvent,
    DealPayment,
    DemandEvent,
    EnterpriseCategory,
    EvidenceFile,
    OfferDeclaration,
    Revision,
)
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

# Rows of a record's own that people write, and the column that says whose. A patent's legal status is not among them:
# lists of it come every week and say the same again.
ROWS: Mapping[str, tuple[tuple[Any, str], ...]] = {
    "deals": ((DealPayment, "deal_id"), (DealEvent, "deal_id")),
    "demands": ((DemandEvent, "demand_id"),),
    "enterprises": ((EnterpriseCategory, "enterprise_id"),),
    "offers": ((OfferDeclaration, "offer_id"),),
}


def changed_after(
    unit: Unit, kind: str, since: datetime, records: Collection[int] | None = None, *, papers: bool
) -> dict[int, datetime]:
    """By record when it was last changed after ``since``; those that were not left out, None asks all of the kind.

    ``papers``: whether a file handed in or withdrawn is a change too.
    """
    found: dict[int, datetime] = {}
    for table, column, limit in _places(kind, papers):
        for moment in ("recorded_at", "withdrawn_at"):
            at = table.__table__.c.get(moment)
            if at is None or (table is RECORD_TABLES[kind] and moment == "recorded_at"):
                continue
            chosen = select(column, at).where(at > since, *limit)
            if records is not None:
                chosen = chosen.where(column.in_(list(records)))
            for record, when in unit.session.execute(chosen):
                found[record] = max(when, found.get(record, when))
    return found


def entered_by(unit: Unit, kind: str, record_id: int, account_id: int | None) -> bool:
    """Whether an account entered a record, changed it, handed in a paper of it, or wrote a dated row of it."""
    return any(
        unit.session.execute(
            select(column).where(column == record_id, table.recorded_by == account_id, *limit).limit(1)
        ).first()
        is not None
        for table, column, limit in _places(kind, True)
    )


def _places(kind: str, papers: bool) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """Every table that tells of records of a kind, its column that names the record, and which rows are of the kind."""
    table: Any = RECORD_TABLES[kind]
    yield table, table.id, ()
    yield Revision, Revision.record_id, (Revision.kind == kind,)
    if papers:
        yield EvidenceFile, EvidenceFile.subject_id, (EvidenceFile.subject_kind == kind,)
    for rows, owner in ROWS.get(kind, ()):
        yield rows, getattr(rows, owner), ()
