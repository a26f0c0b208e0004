"""The values a batch changed, put back to what they were before, unless a later source changed them again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from matchhub.db.tables import (
    BatchUndo,
    DealEvent,
    DealPayment,
    EnterpriseCategory,
    EnterpriseName,
    FirmGrade,
    HolderGrade,
    ImportBatch,
    Merge,
    PartyExistence,
    PartyRelation,
    Patent,
    PatentAlias,
    PatentClass,
    PatentEncumbrance,
    PatentHolder,
    PatentStatus,
    Revision,
)
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.revisions import Change, parts, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.recorder import CLASSES, HOLDERS

DATED: tuple[Any, ...] = (
    PatentStatus,
    PatentEncumbrance,
    EnterpriseCategory,
    PartyRelation,
    EnterpriseName,
    PartyExistence,
    DealEvent,
    DealPayment,
    HolderGrade,
    FirmGrade,
)


def withdraw_facts(unit: Unit, batch_id: int, why: str) -> None:
    """Withdraw the dated facts that a batch added: statuses, encumbrances, categories, names, deals, grades."""
    for table in DATED:
        chosen = select(table).where(table.batch_id == batch_id, table.withdrawn_at.is_(None))
        for row in unit.session.execute(chosen).scalars():
            row.withdrawn_at, row.withdrawn_reason = unit.now, why
    unit.session.flush()


def restore_updated(unit: Unit, batch: ImportBatch, table: Any, created: Collection[int]) -> Counter[str]:
    """Put earlier values back into records that the batch changed but did not create.

    The sums: ``restored`` records, and ``kept`` fields that a later source or hand wrote again.
    """
    undone = dict(unit.session.execute(select(BatchUndo.batch_id, BatchUndo.undone_at)).all())
    merged_and_back = _merged_and_back(unit, batch.kind)
    mine = select(Revision.record_id).where(Revision.kind == batch.kind, Revision.batch_id == batch.id).distinct()
    ids = sorted(set(unit.session.execute(mine).scalars()) - set(created))
    sums: Counter[str] = Counter(restored=0, kept=0)
    for part in parts(ids):
        chosen = select(Revision).where(Revision.kind == batch.kind, Revision.record_id.in_(part))
        histories: dict[int, list[Revision]] = defaultdict(list)
        for revision in unit.session.execute(chosen.order_by(Revision.id)).scalars():
            histories[revision.record_id].append(revision)
        changes = []
        for record_id, history in histories.items():
            earlier, kept = _earlier(_standing(history, undone, merged_and_back[record_id]), batch.id)
            sums["kept"] += kept
            if earlier:
                _put_back(unit, table, record_id, earlier)
                changes.append(Change(record_id, None, earlier))
                sums["restored"] += 1
        write_revisions(unit, batch.kind, None, changes)  # type: ignore[arg-type]
    return sums


def _merged_and_back(unit: Unit, kind: str) -> dict[int, set[datetime]]:
    """By record the moments of the merges that were taken back, and of their taking back."""
    found: dict[int, set[datetime]] = defaultdict(set)
    for merge in unit.session.execute(select(Merge).where(Merge.kind == kind, Merge.undone_at.is_not(None))).scalars():
        for record_id in (merge.kept_id, merge.merged_id):
            found[record_id] |= {at for at in (merge.merged_at, merge.undone_at) if at is not None}
    return found


def _standing(history: list[Revision], undone: Mapping[int, datetime], back: set[datetime]) -> list[Revision]:
    """The revisions that still say something: neither of batches taken back nor what was put back then, nor of merges
    that were taken back (``back``: their moments).

    What was put back came from an earlier source, which may have been taken back itself since.
    """
    silent = back | {undone[row.batch_id] for row in history if row.batch_id is not None and row.batch_id in undone}
    return [
        row
        for row in history
        if row.batch_id not in undone
        and not (row.batch_id is None and row.source_line is None and row.recorded_at in silent)
    ]


def _earlier(history: list[Revision], batch_id: int) -> tuple[dict[str, Any], int]:
    """Values before the batch of the fields that it was the last to write, and how many it was not."""
    last = {name: revision for revision in history for name in revision.fields}
    touched = {name for revision in history if revision.batch_id == batch_id for name in revision.fields}
    mine = {name for name in touched if last[name].batch_id == batch_id}
    before: dict[str, Any] = dict.fromkeys(mine)
    for revision in history:
        if revision.batch_id != batch_id:
            before |= {name: value for name, value in revision.fields.items() if name in mine}
    return before, len(touched - mine)


def _put_back(unit: Unit, table: Any, record_id: int, values: dict[str, Any]) -> None:
    row = unit.session.get(table, record_id)
    assert row is not None
    columns = table.__table__.columns
    for name, value in values.items():
        if name in columns:
            setattr(row, name, _storable(columns[name], value))
    row.updated_at = unit.now
    if table is Patent:
        _put_back_lists(unit, record_id, values)
    unit.session.flush()


def _storable(column: Any, value: Any) -> Any:
    """A value of a revision as its column takes it, and nothing of its own kind where it must not be empty."""
    kind = _python_type(column)
    if value is None:
        return None if column.nullable else {bool: False, str: ""}.get(kind, [])
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    return Decimal(value) if column.name.endswith("_yuan") or kind is Decimal else value


def _python_type(column: Any) -> type:
    try:
        return column.type.python_type
    except NotImplementedError:
        return list


def _put_back_lists(unit: Unit, patent_id: int, values: dict[str, Any]) -> None:
    for names, table, column in ((HOLDERS, PatentHolder, "role"), (CLASSES, PatentClass, "scheme")):
        for name, stored in names.items():
            if name not in values:
                continue
            shelf: Any = table
            unit.session.execute(delete(shelf).where(shelf.patent_id == patent_id, getattr(shelf, column) == stored))
            for at, said in enumerate(values[name] or ()):
                unit.session.add(_listed(shelf, patent_id, stored, at, said))
    if "aliases" in values:
        left = set(values["aliases"] or ())
        for alias in unit.session.execute(select(PatentAlias).where(PatentAlias.patent_id == patent_id)).scalars():
            if alias.value not in left:
                alias.value = f"undone:{alias.id}:{alias.value}"[:64]


def _listed(table: Any, patent_id: int, stored: str, at: int, said: str) -> Any:
    if table is PatentHolder:
        return PatentHolder(patent_id=patent_id, role=stored, position=at, name=said, name_key=normalise_name(said))
    return PatentClass(patent_id=patent_id, scheme=stored, position=at, symbol=said)
