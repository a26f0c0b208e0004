"""Deals and licences that wait for the reader's word (待确认): the operator's first, then the bureau's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from matchhub.db.tables import Confirmation, Deal, Licence
from matchhub.domain.organisations import CONFIRMING_BUREAU, CONFIRMING_OPERATOR
from matchhub.services.kernel.paging import Page, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import label_records

# When a record became something that can be confirmed: a contract that was signed, a licence that was reached.
_TABLES: tuple[tuple[str, Any, Any], ...] = (
    ("deals", Deal, Deal.signed_on),
    ("licences", Licence, Licence.reached_on),
)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One record that waits: what it is called, since which day, and how many days that is."""

    kind: str
    id: int
    title: str
    number: str
    note: str
    since: date
    days: int


def list_unconfirmed(unit: Unit, page: int = 1) -> Page[Unconfirmed]:
    """What waits for a word of the reader's role, the oldest first; of the bureau's once the operator confirmed."""
    unit.require("record.confirm")
    rows = union_all(*_waiting(unit.actor.role)).subquery()
    return paged(
        unit, select(rows).order_by(rows.c.since, rows.c.kind, rows.c.id), page, lambda found: _views(unit, found)
    )


def _views(unit: Unit, rows: Sequence[Any]) -> list[Unconfirmed]:
    called = {
        (kind, key): label
        for kind in {row.kind for row in rows}
        for key, label in label_records(unit, kind, [row.id for row in rows if row.kind == kind]).items()
    }
    return [
        Unconfirmed(row.kind, row.id, said.title, said.number, said.note, row.since, (unit.today - row.since).days)
        for row in rows
        for said in [called[(row.kind, row.id)]]
    ]


def unconfirmed_of(kind: str, role: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a deal's or a licence's table: it stands, and nobody of this role has a word in force on it."""
    table, began = next((table, began) for name, table, began in _TABLES if name == kind)
    stands = table.withdrawn_at.is_(None), began.is_not(None), table.id.not_in(_said(kind, role))
    return stands if role != CONFIRMING_BUREAU else (*stands, table.id.in_(_said(kind, CONFIRMING_OPERATOR)))


def _waiting(role: str) -> Iterator[Select[Any]]:
    for kind, table, began in _TABLES:
        columns = literal(kind).label("kind"), table.id.label("id"), began.label("since")
        yield select(*columns).where(*unconfirmed_of(kind, role))


def _said(kind: str, role: str) -> Select[Any]:
    return select(Confirmation.subject_id).where(
        Confirmation.subject_kind == kind,
        Confirmation.role == role,
        Confirmation.withdrawn_at.is_(None),
        Confirmation.lapsed_at.is_(None),
    )
