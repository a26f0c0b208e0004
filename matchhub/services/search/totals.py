"""How many records the base holds and shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Agency, Demand, Enterprise, Expert, Offer, Patent
from matchhub.services.demands.public import PUBLIC_STATES
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.page import running_offer


@dataclass(frozen=True, slots=True)
class BaseCounts:
    """Rows on record, not the counts of any bonus: nothing here is judged."""

    patents: int
    enterprises: int
    experts: int
    agencies: int
    demands: int
    offers: int


def base_counts(unit: Unit) -> BaseCounts:
    """How many records the base holds and shows."""

    def number(table: Any, *conditions: Any) -> int:
        return int(unit.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

    return BaseCounts(
        patents=number(Patent, Patent.withdrawn_at.is_(None)),
        enterprises=number(Enterprise, Enterprise.withdrawn_at.is_(None)),
        experts=number(Expert, Expert.withdrawn_at.is_(None)),
        agencies=number(Agency, Agency.withdrawn_at.is_(None)),
        demands=number(Demand, Demand.state.in_(PUBLIC_STATES), Demand.confidentiality != "invited"),
        offers=number(Offer, *running_offer(unit)),
    )
