"""Work that was assigned from the ledger: each item is one act on one record, and the count says when it is done.

An item is open while its record still lacks what the act mends, done once it does not, and lapsed when there is
nothing to mend any more (the record was withdrawn, or cannot count whatever is done) or an operator took it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from matchhub.db.tables import Account, WorkItem
from matchhub.domain.counting.acts import is_mended, is_past_mending
from matchhub.domain.counting.atoms import Atom
from matchhub.domain.permissions import permissions
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.counting.counts import Question, atoms_of, question
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records

State = Literal["open", "done", "lapsed"]
STATES: tuple[State, ...] = ("open", "done", "lapsed")
ASSIGN = "work.assign"


@dataclass(frozen=True, slots=True)
class WorkView:
    """One item; ``overdue``: open, and its day has passed by so many days. ``outcome``: "" while it is open, ``done``,
    ``gone`` or ``taken_back`` with its reason; ``settled_at`` empty where the count says so and nothing is on record
    yet."""

    id: int
    threshold: str
    kind: str
    record: int
    label: Label
    act: str
    assignee_id: int
    assignee: str
    due_on: date
    overdue: int
    note: str
    assigned_by: str
    assigned_at: datetime
    outcome: str
    settled_at: datetime | None
    reason: str

    @property
    def state(self) -> State:
        """``open``, ``done`` or ``lapsed``."""
        return "open" if not self.outcome else "done" if self.outcome == "done" else "lapsed"


def work_list(unit: Unit) -> tuple[WorkView, ...]:
    """Every item: open ones by their day, so that overdue ones come first, then those that ended, the latest first."""
    unit.require("work.read")
    return _views(unit, list(unit.session.execute(select(WorkItem)).scalars()))


def own_work(unit: Unit) -> tuple[WorkView, ...]:
    """The open items of the actor, by their day."""
    unit.require("work.read")
    mine = WorkItem.assignee_id == (unit.actor.account_id or 0), WorkItem.settled_at.is_(None)
    rows = list(unit.session.execute(select(WorkItem).where(*mine)).scalars())
    return tuple(each for each in _views(unit, rows) if each.state == "open")


def work_item(unit: Unit, item_id: int) -> WorkView:
    """One item; ``NotFound("work_not_found")``."""
    unit.require("work.read")
    return _views(unit, [item_row(unit, item_id)])[0]


def item_row(unit: Unit, item_id: int) -> WorkItem:
    """The row of an item; ``NotFound("work_not_found")``."""
    row = unit.session.get(WorkItem, item_id)
    if row is None:
        raise NotFound("work_not_found", id=item_id)
    return row


def colleagues(unit: Unit) -> dict[int, str]:
    """Accounts of the actor's organisation that may be given work and may sign in, by id with their names."""
    chosen = select(Account.id, Account.display_name, Account.login).where(
        Account.organisation_id == (unit.actor.organisation_id or 0),
        Account.disabled_at.is_(None),
        Account.role.in_(permissions().acts[ASSIGN]),
    )
    return {key: name or login for key, name, login in unit.session.execute(chosen.order_by(Account.id))}


def outcomes(unit: Unit, rows: Sequence[WorkItem], asked: Question) -> dict[int, str]:
    """By number of the item what the count says of it now: "" (still lacking), ``done`` or ``gone``."""
    by_threshold: dict[str, list[WorkItem]] = defaultdict(list)
    for row in rows:
        by_threshold[row.threshold].append(row)
    known = {each.key for each in asked.pack.thresholds}
    found: dict[int, str] = {}
    for key, listed in by_threshold.items():
        judged = judged_records(unit, key, asked, {row.subject_id for row in listed}) if key in known else {}
        for row in listed:
            found[row.id] = _outcome(row.act, judged.get(row.subject_id, ()))
    return found


def judged_records(unit: Unit, threshold: str, asked: Question, records: Collection[int]) -> dict[int, list[Atom]]:
    """The verdicts on some records of a threshold, by record; records that are not judged are left out."""
    found: dict[int, list[Atom]] = defaultdict(list)
    for atom in atoms_of(unit, threshold, asked, records):
        found[int(atom.record_id)].append(atom)
    return found


def _outcome(act: str, atoms: Sequence[Atom]) -> str:
    if all(is_past_mending(atom.reasons) for atom in atoms):  # of no verdict too: the record is not judged
        return "gone"
    return "done" if all(is_mended(act, atom.reasons) for atom in atoms) else ""


def _views(unit: Unit, rows: Sequence[WorkItem]) -> tuple[WorkView, ...]:
    open_ones = [row for row in rows if row.settled_at is None]
    now = outcomes(unit, open_ones, question(unit)) if open_ones else {}
    labels = {
        kind: label_records(unit, kind, [row.subject_id for row in rows if row.subject_kind == kind])
        for kind in {row.subject_kind for row in rows}
    }
    names = account_names(unit, [each for row in rows for each in (row.assignee_id, row.recorded_by)])
    found = [_view(unit, row, row.outcome or now.get(row.id, ""), labels, names) for row in rows]
    waiting = sorted((each for each in found if each.state == "open"), key=lambda each: (each.due_on, each.id))
    ended = [each for each in found if each.state != "open"]
    return (*waiting, *sorted(ended, key=lambda each: (each.settled_at or unit.now, each.id), reverse=True))


def _view(
    unit: Unit, row: WorkItem, outcome: str, labels: dict[str, dict[int, Label]], names: dict[int, str]
) -> WorkView:
    return WorkView(
        id=row.id,
        threshold=row.threshold,
        kind=row.subject_kind,
        record=row.subject_id,
        label=labels[row.subject_kind].get(row.subject_id, Label(f"#{row.subject_id}")),
        act=row.act,
        assignee_id=row.assignee_id,
        assignee=names.get(row.assignee_id, ""),
        due_on=row.due_on,
        overdue=0 if outcome else max(0, (unit.today - row.due_on).days),
        note=row.note or "",
        assigned_by=names.get(row.recorded_by or 0, ""),
        assigned_at=row.recorded_at,
        outcome=outcome,
        settled_at=row.settled_at,
        reason=row.reason or "",
    )
