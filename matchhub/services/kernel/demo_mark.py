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


def marked_demo(unit: Unit, demo: bool = False) -> bool:
    """Whether what is recorded now is marked as invented: rows of the ``demo`` itself, and whatever comes into a demo
    base, by whichever way, so that nothing that was tried out there ever counts.

    Raises ``Conflict("demo_in_real_base")`` where the demo would come into a base with real rows.
    """
    if demo and holds_rows(unit, demo=False):
        raise Conflict("demo_in_real_base")
    return demo or holds_rows(unit, demo=True)
