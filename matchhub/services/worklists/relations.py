"""Relations between parties on file, as a list: of whom, to whom, by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from matchhub.db.tables import Enterprise, PartyRelation
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.relations import withdrawable

_MOST_NAMES = 200  # firms whose name holds the words asked for


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a relation: the name in the base or as it was said, and the number of the firm there."""

    name: str
    enterprise_id: int | None = None


@dataclass(frozen=True, slots=True)
class RelationView:
    """One relation on file, and whether the actor may take it back."""

    id: int
    left: Party
    right: Party
    relation: str
    evidence: str
    recorded_at: datetime
    by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    may_withdraw: bool


ORDERS = Orders(
    PartyRelation.id,
    {
        "relation": PartyRelation.relation,
        "recorded": PartyRelation.recorded_at,
        "withdrawn": PartyRelation.withdrawn_at,
    },
)


def list_relations(unit: Unit, query: str = "", number: int | Sought = 1, relation: str = "") -> Page[RelationView]:
    """Relations on file, the newest first, those taken back last.

    ``query``: a credit code or part of a name; ``relation``: of one kind.
    """
    unit.require("party.read_relations")
    chosen = select(PartyRelation).order_by(PartyRelation.withdrawn_at.is_not(None), PartyRelation.id.desc())
    if said := query.strip():
        keys = _keys_named(unit, said)
        sides = (PartyRelation.left_key, PartyRelation.right_key)
        chosen = chosen.where(or_(*(side.in_(keys) | side.contains(said, autoescape=True) for side in sides)))
    if relation:
        chosen = chosen.where(PartyRelation.relation == relation)
    return paged(unit, chosen, number, lambda rows: _views(unit, [row for (row,) in rows]), orders=ORDERS)


def _keys_named(unit: Unit, said: str) -> list[str]:
    named = select(Enterprise.uscc, Enterprise.name_key).where(Enterprise.name.contains(said, autoescape=True))
    pairs: Any = unit.session.execute(named.limit(_MOST_NAMES))
    return [key for pair in pairs for key in pair if key]


def _views(unit: Unit, rows: Sequence[PartyRelation]) -> list[RelationView]:
    firms = _firms(unit, {key for row in rows for key in (row.left_key, row.right_key)})
    people, mine = account_names(unit, [row.recorded_by for row in rows]), withdrawable(unit, rows)
    return [
        RelationView(
            id=row.id,
            left=firms.get(row.left_key, Party(row.left_key)),
            right=firms.get(row.right_key, Party(row.right_key)),
            relation=row.relation,
            evidence=row.evidence,
            recorded_at=row.recorded_at,
            by=people.get(row.recorded_by or 0, ""),
            withdrawn_at=row.withdrawn_at,
            withdrawn_reason=row.withdrawn_reason or "",
            may_withdraw=row.id in mine,
        )
        for row in rows
    ]


def _firms(unit: Unit, keys: Iterable[str]) -> dict[str, Party]:
    """Firms of the base by credit code and by key of the name."""
    wanted = list(keys)
    chosen = select(Enterprise).where(
        or_(Enterprise.uscc.in_(wanted), Enterprise.name_key.in_(wanted)), Enterprise.withdrawn_at.is_(None)
    )
    found: dict[str, Party] = {}
    for firm in unit.session.execute(chosen.order_by(Enterprise.id)).scalars():
        for key in filter(None, (firm.uscc, firm.name_key)):
            found.setdefault(key, Party(firm.name or key, firm.id))
    return found
