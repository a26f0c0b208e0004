"""The dated events of deals as rows: written once, never changed, withdrawn where a correction replaces them."""

from __future__ import annotations

from datetime import date

from matchhub.db.tables import Deal, DealEvent
from matchhub.services.deals.access import require_own_evidence
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, provenance, write_revisions
from matchhub.services.kernel.unit import Unit


def enter_event(
    unit: Unit, deal: Deal, event: str, on: date, number: str | None = None, evidence_id: int | None = None
) -> int:
    """Write an event that was checked, with its revision and its entry of the log; returns its number.

    Raises ``Refusal("evidence_of_other_record")`` for a file of another record.
    """
    require_own_evidence(unit, deal.id, evidence_id)
    row = add_event_row(unit, deal, event, on, number, evidence_id)
    deal.updated_at = unit.now
    unit.session.flush()
    write_revisions(unit, "deals", None, [Change(deal.id, None, {event: on})])
    append_event(unit, f"deal.{event}", "deals", deal.id, on=on.isoformat(), evidence=evidence_id)
    return row.id


def add_event_row(
    unit: Unit,
    deal: Deal,
    event: str,
    on: date,
    number: str | None,
    evidence_id: int | None = None,
    batch_id: int | None = None,
    line: int | None = None,
) -> DealEvent:
    """The row of an event alone; ``batch_id`` and ``line`` say from which import it came."""
    row = DealEvent(deal_id=deal.id, event=event, occurred_on=on, number=number, evidence_id=evidence_id)
    for name, value in provenance(unit, batch_id, line).items():
        setattr(row, name, value)
    unit.session.add(row)
    return row
