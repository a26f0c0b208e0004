"""What files with a named source say of experts and agencies, kept whoever said it first (``SourcedValue``)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import BatchSource, SourcedValue
from matchhub.domain.records import Kind
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.revisions import Outcome, spoken, to_json
from matchhub.services.kernel.unit import Unit

# The fields that only a source proves: title and qualification, the day of a consent, codes and licence.
SOURCED: dict[Kind, tuple[str, ...]] = {
    "experts": ("title", "qualification", "consent_on"),
    "agencies": ("uscc", "licence_number"),
}


def note_sourced(unit: Unit, kind: Kind, batch_id: int | None, outcomes: Iterable[Outcome]) -> None:
    """Keep what the rows of a batch with a named source say; an own list, and a word by hand, leave nothing."""
    if kind not in SOURCED or batch_id is None:
        return
    if unit.session.execute(select(BatchSource.id).where(BatchSource.batch_id == batch_id)).first() is None:
        return
    rows = [
        {
            "batch_id": batch_id,
            "kind": kind,
            "record_id": outcome.record_id,
            "field": name,
            "value": to_json(value),
            "recorded_at": unit.now,
            "recorded_by": unit.actor.account_id,
        }
        for outcome in outcomes
        if outcome.record_id is not None and outcome.verdict not in ("review", "refused") and outcome.row.record
        for name, value in spoken(outcome.row.record, SOURCED[kind]).items()
    ]
    insert_rows(unit, SourcedValue.__table__, rows)  # type: ignore[arg-type]
