"""What one payee would claim: all its estimates with the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchhub.db.tables import Agency, Enterprise
from matchhub.errors import NotFound
from matchhub.services.counting.awards.estimating import AwardLine, estimate_awards
from matchhub.services.kernel.unit import Unit

_TABLES: Mapping[str, type[Agency] | type[Enterprise]] = {"agencies": Agency, "enterprises": Enterprise}


@dataclass(frozen=True, slots=True)
class Claim:
    """One payee with its lines in the order of the pack's clauses, and what they come to."""

    kind: str
    id: int
    name: str
    uscc: str
    as_of: date
    lines: tuple[AwardLine, ...]

    @property
    def amount_yuan(self) -> Decimal:
        """As recorded."""
        return sum((each.estimate.amount_yuan for each in self.lines), Decimal(0))

    @property
    def strict_yuan(self) -> Decimal:
        """From what is proven and confirmed by two people of two organisations."""
        return sum((each.estimate.strict_yuan for each in self.lines), Decimal(0))


def claim_of(unit: Unit, kind: str, payee_id: int, as_of: date | None = None) -> Claim:
    """The claim of one agency or enterprise; ``NotFound`` where no clause reads a record of it."""
    lines = tuple(
        each
        for each in estimate_awards(unit, as_of)
        if each.estimate.clause.payee_kind == kind and each.estimate.payee == payee_id
    )
    row: Agency | Enterprise | None = unit.session.get(_TABLES[kind], payee_id) if kind in _TABLES else None
    if row is None or not lines:
        raise NotFound("record_not_found", kind=kind, id=payee_id)
    return Claim(kind, payee_id, row.name, row.uscc or "", as_of or unit.today, lines)
