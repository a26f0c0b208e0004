"""Money records that wait for a word (待确认): the operator's first, then the bureau's; one list for every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from matchhub.db.tables import AwardRecord, Confirmation, Deal, Licence
from matchhub.domain.organisations import CONFIRMING_BUREAU, CONFIRMING_OPERATOR
from matchhub.services.kernel.paging import PAGE_SIZE, Orders, Page, Sought, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import label_records
from matchhub.services.worklists.rejected import mended_rejections

# When a record became something that can be confirmed: a contract that was signed, a licence that was reached, what
# another clause pays for that happened.
_TABLES: tuple[tuple[str, Any, Any], ...] = (
    ("deals", Deal, Deal.signed_on),
    ("licences", Licence, Licence.reached_on),
    ("award_records", AwardRecord, AwardRecord.occurred_on),
)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One record that waits: what it is called, since which day (``None``: of no day), and how many days that is;
    ``mended``: the bureau rejected it and it was changed since."""

    kind: str
    id: int
    title: str
    number: str
    note: str
    since: date | None
    days: int
    mended: bool = False


def list_unconfirmed(unit: Unit, sought: int | Sought = 1, kind: str = "") -> Page[Unconfirmed]:
    """What waits for a word of the reader's role; ``kind`` keeps records of one kind."""
    unit.require("record.confirm")
    return unconfirmed_for(unit, unit.actor.role, sought, kind=kind)


def unconfirmed_for(
    unit: Unit, role: str, sought: int | Sought = 1, size: int = PAGE_SIZE, kind: str = ""
) -> Page[Unconfirmed]:
    """What waits for a word of a role, the oldest first.

    Of the bureau's: what the operator confirmed, and before it what the bureau rejected and somebody changed since.
    """
    rows = union_all(*_waiting(role), *_mended(unit, role)).subquery()
    ordered = select(rows).order_by(rows.c.mended.desc(), rows.c.since, rows.c.kind, rows.c.id)
    if kind:
        ordered = ordered.where(rows.c.kind == kind)
    orders = Orders(rows.c.id, {"since": rows.c.since, "kind": rows.c.kind, "id": rows.c.id})
    return paged(unit, ordered, sought, lambda found: _views(unit, found), size, orders)


def _views(unit: Unit, rows: Sequence[Any]) -> list[Unconfirmed]:
    called = {
        (kind, key): label
        for kind in {row.kind for row in rows}
        for key, label in label_records(unit, kind, [row.id for row in rows if row.kind == kind]).items()
    }
    return [
        Unconfirmed(row.kind, row.id, said.title, said.number, said.note, row.since,
                    (unit.today - row.since).days if row.since else 0, bool(row.mended))
        for row in rows
        for said in [called[(row.kind, row.id)]]
    ]  # fmt: skip


def unconfirmed_of(kind: str, role: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions on the table of a kind: the record stands, and nobody of this role has a word in force on it."""
    table, began = next((table, began) for name, table, began in _TABLES if name == kind)
    stands = table.withdrawn_at.is_(None), began.is_not(None), table.id.not_in(_said(kind, role))
    if role != CONFIRMING_BUREAU:
        return stands
    return (*stands, table.id.in_(_said(kind, CONFIRMING_OPERATOR).where(Confirmation.decision == "confirmed")))


def _waiting(role: str) -> Iterator[Select[Any]]:
    for kind, table, began in _TABLES:
        yield select(*_columns(kind, table, began, 0)).where(*unconfirmed_of(kind, role))


def _mended(unit: Unit, role: str) -> Iterator[Select[Any]]:
    if role != CONFIRMING_BUREAU:
        return
    again = mended_rejections(unit, [kind for kind, _, _ in _TABLES])
    for kind, table, began in _TABLES:
        if ids := {record for of, record in again if of == kind}:
            yield select(*_columns(kind, table, began, 1)).where(table.id.in_(ids))


def _columns(kind: str, table: Any, began: Any, mended: int) -> tuple[Any, ...]:
    return (literal(kind).label("kind"), table.id.label("id"), began.label("since"), literal(mended).label("mended"))


def _said(kind: str, role: str) -> Select[Any]:
    return select(Confirmation.subject_id).where(
        Confirmation.subject_kind == kind,
        Confirmation.role == role,
        Confirmation.withdrawn_at.is_(None),
        Confirmation.lapsed_at.is_(None),
    )
