"""Giving work from the ledger to a colleague, handing it on, taking it back; and what the day brings: items that the
count says are done, and reminders of those that are due. Nobody ticks an item off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Account, WorkItem
from matchhub.domain.counting.acts import act_for, lack_of
from matchhub.domain.organisations import OPERATOR
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.counting.counts import question
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.records.labels import Label, label_records
from matchhub.services.records.rows import kind_of
from matchhub.services.worklists.assigned import ASSIGN, colleagues, item_row, judged_records, outcomes

MOST = 500  # items that are assigned at once
SOON_DAYS = 3  # days before its day on which an item's assignee is reminded
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Task:
    """What one record lacks and an act of the operator mends; ``item``: the open item that has it already."""

    kind: str
    record: int
    label: Label
    act: str
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """To whom, by which day, and what the assignee should know."""

    assignee_id: int
    due_on: date
    note: str = ""


def tasks_of(unit: Unit, threshold: str, records: Collection[int]) -> tuple[Task, ...]:
    """What the operator can do for some records of a threshold, ``MOST`` at most, by act and record.

    Records that lack more than one thing, nothing, or what nobody of the operator mends, are left out.
    Raises ``NotFound("threshold_not_found")``.
    """
    unit.require(ASSIGN)
    asked = question(unit)
    kind = kind_of(threshold, asked)
    found = {
        (mending.key, record)
        for record, atoms in judged_records(unit, threshold, asked, records).items()
        for atom in atoms
        if (mending := act_for(lack_of(atom.reasons))) is not None and mending.by == OPERATOR
    }
    listed = sorted(found)[:MOST]
    labels = label_records(unit, kind, [record for _, record in listed])
    held = _open_items(unit, kind, [record for _, record in listed])
    return tuple(
        Task(kind, record, labels.get(record, Label(f"#{record}")), act, held.get((act, record)))
        for act, record in listed
    )


def _open_items(unit: Unit, kind: str, records: Collection[int]) -> dict[tuple[str, int], int]:
    chosen = select(WorkItem.act, WorkItem.subject_id, WorkItem.id).where(
        WorkItem.subject_kind == kind, WorkItem.subject_id.in_(list(records)), WorkItem.settled_at.is_(None)
    )
    return {(act, record): key for act, record, key in unit.session.execute(chosen)}


def assign(unit: Unit, threshold: str, records: Collection[int], order: Order) -> int:
    """Make an item of each task of these records that is not assigned yet, and tell the assignee; returns how many.

    Raises ``Refusal`` ``work_nothing_chosen``, ``work_assignee_unknown``, ``work_day_past``.
    """
    tasks = [each for each in tasks_of(unit, threshold, records) if each.item is None]
    if not tasks:
        raise Refusal("work_nothing_chosen")
    _check(unit, order)
    rows = [
        WorkItem(
            threshold=threshold,
            act=task.act,
            subject_kind=task.kind,
            subject_id=task.record,
            assignee_id=order.assignee_id,
            due_on=order.due_on,
            note=order.note.strip()[:_LONGEST] or None,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
        for task in tasks
    ]
    unit.session.add_all(rows)
    unit.session.flush()
    for row in rows:
        append_event(unit, "work.assigned", row.subject_kind, row.subject_id, **_said(row))
    _tell_assigned(unit, rows)
    return len(rows)


def _check(unit: Unit, order: Order) -> None:
    if order.assignee_id not in colleagues(unit):
        raise Refusal("work_assignee_unknown")
    if order.due_on < unit.today:
        raise Refusal("work_day_past", day=order.due_on)


def _said(row: WorkItem) -> dict[str, object]:
    return {"item": row.id, "act": row.act, "assignee": row.assignee_id, "due": row.due_on}


def change_item(unit: Unit, item_id: int, order: Order) -> None:
    """Hand an open item on, or give it another day or note.

    Raises ``NotFound("work_not_found")``, ``Conflict("work_ended")``, ``NotAllowed`` for work of another organisation,
    and the refusals of ``assign``.
    """
    row = _open_row(unit, item_id)
    if order.due_on != row.due_on or order.assignee_id != row.assignee_id:
        _check(unit, order)
    told = row.assignee_id != order.assignee_id
    if order.due_on != row.due_on or told:
        row.reminded = None
    row.assignee_id, row.due_on, row.note = order.assignee_id, order.due_on, order.note.strip()[:_LONGEST] or None
    unit.session.flush()
    append_event(unit, "work.changed", row.subject_kind, row.subject_id, **_said(row))
    if told:
        _tell_assigned(unit, [row])


def take_back(unit: Unit, item_id: int, reason: str) -> None:
    """End an open item without its being done. Raises as ``change_item``, and ``Refusal("work_reason_missing")``."""
    row = _open_row(unit, item_id)
    if not reason.strip():
        raise Refusal("work_reason_missing")
    row.settled_at, row.outcome, row.reason = unit.now, "taken_back", reason.strip()[:_LONGEST]
    append_event(unit, "work.taken_back", row.subject_kind, row.subject_id, item=row.id, act=row.act)


def _open_row(unit: Unit, item_id: int) -> WorkItem:
    unit.require(ASSIGN)
    row = item_row(unit, item_id)
    if row.settled_at is not None:
        raise Conflict("work_ended")
    own = select(Account.id).where(
        Account.id.in_([row.assignee_id, row.recorded_by]), Account.organisation_id == unit.actor.organisation_id
    )
    if unit.session.execute(own.limit(1)).first() is None:
        raise NotAllowed(role=unit.actor.role)  # work that neither was given nor is done in the actor's organisation
    return row


def settle_work(unit: Unit) -> int:
    """Put on record which open items the count says are done or have nothing to mend any more; returns how many."""
    rows = _waiting(unit)
    said = outcomes(unit, rows, question(unit)) if rows else {}
    ended = [row for row in rows if said[row.id]]
    for row in ended:
        row.settled_at, row.outcome = unit.now, said[row.id]
        verb = "work.done" if row.outcome == "done" else "work.lapsed"
        append_event(unit, verb, row.subject_kind, row.subject_id, item=row.id, act=row.act)
    unit.session.flush()
    return len(ended)


def remind_of_work(unit: Unit) -> int:
    """Settle what has ended, then tell each assignee once of items that are due soon and once of those overdue; one
    notice an account and day. Returns how many were told."""
    settle_work(unit)
    due: dict[int, list[WorkItem]] = defaultdict(list)
    for row in _waiting(unit):
        left = (row.due_on - unit.today).days
        stage = "over" if left < 0 else "soon" if left <= SOON_DAYS else ""
        if stage and row.reminded != stage:
            row.reminded = stage
            due[row.assignee_id].append(row)
    return sum(_tell(unit, rows, "notice_work_due", over=_over(rows)) for rows in due.values())


def _over(rows: Sequence[WorkItem]) -> int:
    return sum(row.reminded == "over" for row in rows)


def _waiting(unit: Unit) -> list[WorkItem]:
    chosen = select(WorkItem).where(WorkItem.settled_at.is_(None)).order_by(WorkItem.due_on, WorkItem.id)
    return list(unit.session.execute(chosen).scalars())


def _tell_assigned(unit: Unit, rows: Sequence[WorkItem]) -> None:
    if rows[0].assignee_id != unit.actor.account_id:  # what one gives to oneself is no news
        _tell(unit, rows, "notice_work_assigned")


def _tell(unit: Unit, rows: Sequence[WorkItem], code: str, **more: Any) -> int:
    account = unit.session.get_one(Account, rows[0].assignee_id)
    key = f"{account.id}:{rows[0].id}:{unit.now.isoformat()}"
    fields: dict[str, Any] = {"number": len(rows), "due_on": min(row.due_on for row in rows), **more}
    return notify(
        unit, [account.organisation_id], code, ("work_items", rows[0].id), key, account_id=account.id, **fields
    )
