"""Whether firms and agencies still exist, from what registers said of them by day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Literal

from sqlalchemy import select

from matchhub.db.tables import PartyExistence
from matchhub.domain.existence import ExistenceFact, gone_on
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

PartyColumn = Literal["enterprise_id", "agency_id"]


def existences(unit: Unit, moment: Moment, column: PartyColumn) -> dict[int, tuple[ExistenceFact, ...]]:
    """Dated existence of every enterprise or agency, withdrawn words left out."""
    refers = getattr(PartyExistence, column)
    found: dict[int, list[ExistenceFact]] = defaultdict(list)
    chosen = select(PartyExistence).where(refers.is_not(None)).order_by(PartyExistence.id)
    for row in unit.session.execute(moment.limit(chosen, PartyExistence)).scalars():
        if not moment.withdrawn(row):
            fact = ExistenceFact(
                state=row.state,
                as_of_on=row.as_of_on,
                day_told=row.day_told,
                recorded_at=row.recorded_at,
                wording=row.wording,
            )
            found[getattr(row, column)].append(fact)
    return {key: tuple(facts) for key, facts in found.items()}


def gone_enterprises(unit: Unit, day: date) -> dict[int, ExistenceFact]:
    """Enterprises that are no longer active on ``day`` as their newest source says, with its word."""
    known = existences(unit, Moment(), "enterprise_id")
    return {key: gone for key, facts in known.items() if (gone := gone_on(facts, day)) is not None}
