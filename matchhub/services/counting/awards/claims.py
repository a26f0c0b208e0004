"""What one payee would claim: all its estimates with the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchhub.db.tables import Agency, Enterprise
from matchhub.errors import NotFound
from matchhub.services.counting.awards.estimating import AwardLine, estimate_awards
from matchhub.services.kernel.unit import Unit


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
    row = _payee(unit, kind, payee_id)
    if row is None or not lines:
        raise NotFound("record_not_found", kind=kind, id=payee_id)
    return Claim(kind, payee_id, row.name, row.uscc or "", as_of or unit.today, lines)


def _payee(unit: Unit, kind: str, payee_id: int) -> Agency | Enterprise | None:
    if kind == "agencies":
        return unit.session.get(Agency, payee_id)
    return unit.session.get(Enterprise, payee_id) if kind == "enterprises" else None
