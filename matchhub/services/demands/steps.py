"""Steps in the life of a demand, as rows."""

from __future__ import annotations

from datetime import date

from matchhub.db.tables import Demand, DemandEvent
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.unit import Unit


def add_event(unit: Unit, demand_id: int, state: str, on: date, note: str | None = None, **more: str) -> None:
    """Write a step in the life of a demand; ``more`` fills further columns of it."""
    event = {
        "demand_id": demand_id,
        "state": state,
        "occurred_on": on,
        "note": note,
        "recorded_at": unit.now,
        "recorded_by": unit.actor.account_id,
        **more,
    }
    insert_rows(unit, DemandEvent.__table__, [event])  # type: ignore[arg-type]


def note_own_word(unit: Unit, demand: Demand) -> None:
    """Keep that the enterprise stands for a demand as it reads now, where the actor's account speaks for it."""
    actor = unit.actor
    speaks = actor.proven and actor.account_id is not None and actor.enterprise_id == demand.enterprise_id
    if speaks and demand.authorised_on is not None and demand.authorised_by:
        add_event(unit, demand.id, "authorised", unit.today)
