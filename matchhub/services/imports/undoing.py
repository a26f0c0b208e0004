"""Taking a whole batch back: what it created is withdrawn, what it changed has its earlier value again.

Refused while anything depends on what the batch created, with the list of it. Nothing is deleted: withdrawn rows stay
to be seen and give up only the numbers that must be free for the same file to be imported again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.base import Base
from matchhub.db.tables import (
    BatchUndo,
    Confirmation,
    DemandEvent,
    EvidenceFile,
    ImportBatch,
    Merge,
    MergeMove,
    PatentAlias,
    ReviewItem,
    Revision,
)
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.imports.restoring import restore_updated, withdraw_facts
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.identities import hold_identities
from matchhub.services.kernel.record_tables import record_table
from matchhub.services.kernel.revisions import Change, parts, write_revisions
from matchhub.services.kernel.unit import Unit

# Rows that are part of a record, made by the machine from it, or nobody's business but one account's: they hold nobody
# back.
_PART = {
    "patent_aliases", "patent_holders", "patent_classes", "patent_statuses", "patent_encumbrances",
    "enterprise_categories", "enterprise_names", "party_existences", "demand_events", "deal_parties", "deal_patents",
    "deal_events", "deal_payments", "matches", "favourites",
}  # fmt: skip
_ABOUT = {"deal_parties": "deals", "deal_patents": "deals"}  # part of a deal, but reference to a patent or a firm
_FREED = {"patents": ("application_number",), "enterprises": ("uscc",), "agencies": ("uscc",),
          "deals": ("contract_number",)}  # fmt: skip
_RENAMED = {"experts": "person_key", "offers": "identity_key", "licences": "identity_key", "deals": "identity_key"}
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Dependent:
    """Something that depends on a record of the batch: the record, and what refers to it."""

    record_id: int
    by_kind: str  # table of the row that refers, or "revisions" for a later change
    by_id: int
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """How a batch was taken back."""

    at: datetime
    reason: str
    sums: dict[str, int]


@dataclass(frozen=True, slots=True)
class UndoView:
    """Whether a batch can be taken back, or was: the dependents that hold it (the first fifty), or the act."""

    batch_id: int
    created: int
    dependents: tuple[Dependent, ...]
    dependent_count: int
    undone: Undone | None

    @property
    def possible(self) -> bool:
        """Whether it may be taken back now."""
        return self.undone is None and not self.dependent_count


def undo_view(unit: Unit, batch_id: int) -> UndoView:
    """What taking a batch back would meet; ``NotFound("batch_not_found")``."""
    unit.require("import.read")
    return _view(unit, _batch(unit, batch_id))


def _view(unit: Unit, batch: ImportBatch) -> UndoView:
    batch_id = batch.id
    row = unit.session.execute(select(BatchUndo).where(BatchUndo.batch_id == batch_id)).scalar()
    undone = None if row is None else Undone(row.undone_at, row.reason, row.sums)
    created = _created(unit, batch)
    found = [] if undone else list(_dependents(unit, batch, created))
    return UndoView(batch_id, len(created), tuple(found[:_MOST_SHOWN]), len(found), undone)


def undo_batch(unit: Unit, batch_id: int, reason: str) -> dict[str, int]:
    """Take a batch back; returns how many records were withdrawn, restored, and left as a later source wrote them.

    Raises ``NotFound("batch_not_found")``, ``Refusal("note_missing")``, ``Conflict("batch_undone")``, and
    ``Conflict("batch_in_use")`` with the number of dependents (``undo_view`` lists them).
    """
    unit.require("import.undo")
    return take_back(unit, batch_id, reason)


def take_back(unit: Unit, batch_id: int, reason: str) -> dict[str, int]:
    """``undo_batch`` for a caller that has asked for the right to the act itself."""
    hold_identities(unit, alone=True)
    batch = _batch(unit, batch_id)
    view = _view(unit, batch)
    if view.undone is not None:
        raise Conflict("batch_undone", id=batch_id)
    if not reason.strip():
        raise Refusal("note_missing")
    if view.dependent_count:
        raise Conflict("batch_in_use", id=batch_id, dependents=view.dependent_count)
    created = _created(unit, batch)
    why = f"undone:{batch_id}"
    sums = Counter(withdrawn=len(created))
    table = record_table(batch.kind)
    own = set(unit.session.execute(select(table.id).where(table.batch_id == batch.id)).scalars())
    sums.update(restore_updated(unit, batch, table, own))  # what was withdrawn by hand since was created by it too
    withdraw_facts(unit, batch_id, why)
    _withdraw(unit, batch.kind, sorted(created), why)
    _close_reviews(unit, batch_id)
    unit.session.add(
        BatchUndo(
            batch_id=batch_id,
            reason=reason.strip(),
            sums=dict(sums),
            undone_at=unit.now,
            undone_by=unit.actor.account_id,
        )
    )
    append_event(unit, "batch.undone", batch.kind, batch_id, sums=dict(sums))
    return dict(sums)


def _batch(unit: Unit, batch_id: int) -> ImportBatch:
    batch = unit.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound("batch_not_found", id=batch_id)
    return batch


def _created(unit: Unit, batch: ImportBatch) -> set[int]:
    table = record_table(batch.kind)
    chosen = select(table.id).where(table.batch_id == batch.id)
    if hasattr(table, "withdrawn_at"):
        chosen = chosen.where(table.withdrawn_at.is_(None))
    else:
        chosen = chosen.where(table.state != "withdrawn")
    return set(unit.session.execute(chosen).scalars())


def _dependents(unit: Unit, batch: ImportBatch, created: set[int]) -> Iterator[Dependent]:
    table = record_table(batch.kind)
    for part in parts(sorted(created)):
        yield from _later_changes(unit, batch, part)
        yield from _references(unit, batch, table.__tablename__, part)
        yield from _words(unit, batch.kind, part)
    yield from _grown(unit, batch, created)
    yield from _merged_since(unit, batch)


def _later_changes(unit: Unit, batch: ImportBatch, ids: Any) -> Iterator[Dependent]:
    """Records of the batch that a later source or a hand changed."""
    chosen = select(Revision.record_id, func.max(Revision.id), func.max(Revision.batch_id)).where(
        Revision.kind == batch.kind,
        Revision.record_id.in_(ids),
        ~_cancelled_out(batch),
        # what the machine notes while it imports (repetitions of demands) is part of the import
        (Revision.batch_id != batch.id) | (Revision.batch_id.is_(None) & (Revision.recorded_at > batch.started_at)),
    )
    for record_id, revision, later in unit.session.execute(chosen.group_by(Revision.record_id)):
        yield Dependent(record_id, "revisions", revision, later)


def _cancelled_out(batch: ImportBatch) -> ColumnElement[bool]:
    """Revisions that say nothing new of a record: those by which a merge filled gaps and taking it back emptied them
    again, those that only followed a firm to the record it was merged into, and those of batches that were taken back
    with what was put back then."""
    undone = select(Merge.id).where(
        Merge.kind == batch.kind,
        Merge.undone_at.is_not(None),
        or_(Merge.kept_id == Revision.record_id, Merge.merged_id == Revision.record_id),
        or_(Merge.merged_at == Revision.recorded_at, Merge.undone_at == Revision.recorded_at),
    )
    followed = select(MergeMove.id).where(
        MergeMove.table_name == batch.kind,
        MergeMove.row_id == Revision.record_id,
        MergeMove.moved_at == Revision.recorded_at,
    )
    said = aliased(Revision)
    put_back = (
        select(said.id)
        .join(BatchUndo, BatchUndo.batch_id == said.batch_id)
        .where(
            said.kind == batch.kind,
            said.record_id == Revision.record_id,
            BatchUndo.undone_at == Revision.recorded_at,
        )
    )
    gone = Revision.batch_id.in_(select(BatchUndo.batch_id))
    alone = Revision.batch_id.is_(None)
    return func.coalesce(gone, False) | (alone & or_(undone.exists(), followed.exists(), put_back.exists()))


def _references(unit: Unit, batch: ImportBatch, name: str, ids: Any) -> Iterator[Dependent]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == name and (table.name not in _PART or _is_about(table, name)):
                yield from _referring(unit, batch, table, key.parent, ids)


def _is_about(table: Table, name: str) -> bool:
    return table.name in _ABOUT and _ABOUT[table.name] != name


def _referring(unit: Unit, batch: ImportBatch, table: Table, column: Any, ids: Any) -> Iterator[Dependent]:
    chosen = select(column, table.c.id).where(column.in_(ids))
    if "batch_id" in table.c:
        gone = select(BatchUndo.batch_id)  # what was taken back already holds nobody, however its table marks that
        chosen = chosen.where(
            table.c.batch_id.is_(None) | ((table.c.batch_id != batch.id) & table.c.batch_id.not_in(gone))
        )
    if "withdrawn_at" in table.c:
        chosen = chosen.where(table.c.withdrawn_at.is_(None))
    for record_id, row_id in unit.session.execute(chosen):
        yield Dependent(record_id, table.name, row_id)


def _words(unit: Unit, kind: str, ids: Any) -> Iterator[Dependent]:
    """Evidence and confirmations, which name their record by kind and number."""
    tables: tuple[Any, ...] = (EvidenceFile, Confirmation)
    for table in tables:
        chosen = select(table.subject_id, table.id).where(
            table.subject_kind == kind, table.subject_id.in_(ids), table.withdrawn_at.is_(None)
        )
        for record_id, row_id in unit.session.execute(chosen):
            yield Dependent(record_id, table.__tablename__, row_id)


def _merged_since(unit: Unit, batch: ImportBatch) -> Iterator[Dependent]:
    """Merges of records that the batch created or changed: what it said may stand in another record by now."""
    revised = select(Revision.record_id).where(Revision.kind == batch.kind, Revision.batch_id == batch.id)
    touched = set(unit.session.execute(revised.distinct()).scalars())
    standing = select(Merge).where(Merge.kind == batch.kind, Merge.undone_at.is_(None)).order_by(Merge.id)
    for merge in unit.session.execute(standing).scalars():
        for record_id in (merge.kept_id, merge.merged_id):
            if record_id in touched and merge.merged_at >= batch.started_at:
                yield Dependent(record_id, "merges", merge.id)
                break


def _grown(unit: Unit, batch: ImportBatch, created: set[int]) -> Iterator[Dependent]:
    """Deals of earlier batches that got a party or patent from this one: such a link cannot be withdrawn alone."""
    if batch.kind != "deals":
        return
    chosen = select(Revision).where(Revision.kind == "deals", Revision.batch_id == batch.id)
    for revision in unit.session.execute(chosen).scalars():
        if revision.record_id not in created and {"seller", "buyer", "patents"} & revision.fields.keys():
            yield Dependent(revision.record_id, "deals", revision.record_id)


def _withdraw(unit: Unit, kind: str, ids: list[int], why: str) -> None:
    """Withdraw records and free what must be free for their source to come again."""
    table = record_table(kind)
    changes: list[Change] = []
    for part in parts(ids):
        for row in unit.session.execute(select(table).where(table.id.in_(part))).scalars():
            if kind == "demands":
                row.state, row.text_key = "withdrawn", f"{why}:{row.id}"[:64]
                unit.session.add(_ended(unit, row.id, why))
            else:
                changes += _withdraw_row(unit, kind, row, why)
            row.updated_at = unit.now
        if kind == "patents":
            _free_aliases(unit, part, why)
        unit.session.flush()
    write_revisions(unit, kind, None, changes)  # type: ignore[arg-type]


def _withdraw_row(unit: Unit, kind: str, row: Any, why: str) -> list[Change]:
    """Withdraw one record; its reason keeps the numbers that it gives up, and the change says which these were."""
    given_up = {name: getattr(row, name) for name in _FREED.get(kind, ()) if getattr(row, name) is not None}
    row.withdrawn_at, row.withdrawn_reason = unit.now, "; ".join([why, *map(str, given_up.values())])
    for name in given_up:
        setattr(row, name, None)
    if kind in _RENAMED:
        setattr(row, _RENAMED[kind], f"{why}:{row.id}")
    return [Change(row.id, None, dict.fromkeys(given_up))] if given_up else []


def _free_aliases(unit: Unit, patent_ids: Sequence[int], why: str) -> None:
    """Other numbers of withdrawn patents must be free for the same file, and stay readable behind the reason."""
    for alias in unit.session.execute(select(PatentAlias).where(PatentAlias.patent_id.in_(patent_ids))).scalars():
        alias.value = f"{why}:{alias.id}:{alias.value}"[:64]


def _ended(unit: Unit, demand_id: int, why: str) -> DemandEvent:
    return DemandEvent(demand_id=demand_id, state="withdrawn", occurred_on=unit.today, note=why,
                       recorded_at=unit.now, recorded_by=unit.actor.account_id)  # fmt: skip


def _close_reviews(unit: Unit, batch_id: int) -> None:
    """Rows that waited are refused; their key is freed, so that the same row may wait again."""
    chosen = select(ReviewItem).where(ReviewItem.batch_id == batch_id, ReviewItem.decision.is_(None))
    for item in unit.session.execute(chosen).scalars():
        item.decision, item.decision_note = "refused", f"undone:{batch_id}"
        item.decided_at, item.decided_by = unit.now, unit.actor.account_id
        item.unique_key = f"undone:{batch_id}:{item.unique_key}"[:255]
