"""Demo rows and real rows never share a base: no invented record may ever stand in a real count (DOMAIN.md 3)."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Agency, Deal, Demand, Enterprise, Expert, Licence, Offer, Patent
from matchhub.errors import Conflict
from matchhub.services.kernel.unit import Unit

_MARKED = (Patent, Enterprise, Expert, Agency, Demand, Deal, Offer, Licence)


def holds_rows(unit: Unit, *, demo: bool) -> bool:
    """Whether the base holds at least one demo row (or one real row)."""
    return any(unit.session.execute(select(table.id).where(table.demo.is_(demo)).limit(1)).first() for table in _MARKED)


def refuse_mixing(unit: Unit, demo: bool) -> None:
    """Raise ``Conflict`` when rows of the other sort are already there."""
    if holds_rows(unit, demo=not demo):
        raise Conflict("demo_in_real_base" if demo else "real_in_demo_base")
