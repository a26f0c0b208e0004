"""Whose demands and drafts are the actor's own: those of its firm, once somebody confirmed that it speaks for it."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from matchhub.db.tables import Demand, DemandDraft
from matchhub.services.kernel.unit import Unit


def is_own(unit: Unit, row: Demand | DemandDraft) -> bool:
    """Whether a demand or draft is the actor's: of its firm; before its confirmation only what it entered itself."""
    actor = unit.actor
    if actor.proven:
        return actor.enterprise_id is not None and row.enterprise_id == actor.enterprise_id
    return actor.account_id is not None and row.recorded_by == actor.account_id


def own_rows(unit: Unit, table: type[Demand] | type[DemandDraft]) -> ColumnElement[bool]:
    """``is_own`` as a condition."""
    actor = unit.actor
    if actor.proven:
        return table.enterprise_id == (actor.enterprise_id or 0)
    return table.recorded_by == (actor.account_id or 0)
