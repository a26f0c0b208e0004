"""Two records that a person found to be one, and taking that back.

The kept record takes over every reference and fills its gaps; the merged one stays, withdrawn from now on. Nothing is
forgotten: each moved reference is written down (``merge_moves``), innovation categories are withdrawn there and
recorded anew here, fields change by revisions. So past counts stay as they were, and ``unmerge_records`` restores both.
Merges are taken back in the reverse order: of two that share a record the later one first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select, update

from matchhub.db.base import Base
from matchhub.db.tables import BatchUndo, Demand, EnterpriseCategory, Merge, MergeMove, Organisation
from matchhub.errors import Conflict, NotFound
from matchhub.services.imports.mergeable import FIELDS, UNIQUE, table_of
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.identities import hold_identities
from matchhub.services.kernel.revisions import Change, parts, to_json, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.recorders import EnterpriseRecorder

_APART = {"enterprise_categories"}  # dated facts of their own: withdrawn there, recorded anew here
_FOLDED = {"demands", "licences"}  # whose past is read from revisions, so the move must stand there too
_EMPTY: tuple[Any, ...] = (None, "", [])
MERGED = "merged:"  # beginning of the reason under which a merged record is withdrawn


def merge_records(unit: Unit, kind: str, kept_id: int, merged_id: int, pair_id: int | None = None) -> int:
    """Make ``merged_id`` part of ``kept_id``; returns the number of the merge.

    Raises ``NotFound("record_not_found")`` unless both stand, ``Conflict("merge_with_itself")``, and
    ``Conflict("merge_two_accounts")`` where both have an organisation with accounts.
    """
    unit.require("pair.decide")
    hold_identities(unit, alone=True)
    kept, merged = _standing(unit, kind, kept_id), _standing(unit, kind, merged_id)
    if kept_id == merged_id:
        raise Conflict("merge_with_itself")
    if kind == "enterprises":
        _one_organisation(unit, kept_id, merged_id)
    filled = _gaps(kind, kept, merged)
    released = {name: getattr(merged, name) for name in UNIQUE[kind] if name in filled}
    merge = Merge(kind=kind, kept_id=kept_id, merged_id=merged_id, pair_id=pair_id, merged_at=unit.now,
                  merged_by=unit.actor.account_id, filled=to_json(filled), released=to_json(released))  # fmt: skip
    unit.session.add(merge)
    _change(unit, kind, merged, dict.fromkeys(released))
    _change(unit, kind, kept, filled)
    merged.withdrawn_at, merged.withdrawn_reason = unit.now, f"{MERGED}{kept_id}"
    unit.session.flush()
    _move_all(unit, merge.id, kind, merged_id, kept_id)
    if kind == "enterprises":
        _copy_categories(unit, merge)
    append_event(unit, "record.merged", kind, kept_id, merged=merged_id, merge=merge.id)
    return merge.id


def unmerge_records(unit: Unit, merge_id: int) -> None:
    """Take a merge back: both records stand again with what was theirs.

    What was recorded for the kept record since stays with it. Raises ``NotFound("merge_not_found")``, ``Conflict``
    ``merge_undone``, ``merge_has_later`` with the ``later`` merge that must be taken back first, and
    ``merge_number_taken`` when another record bears the number that the merged one gave up.
    """
    unit.require("pair.decide")
    hold_identities(unit, alone=True)
    merge = unit.session.get(Merge, merge_id)
    if merge is None:
        raise NotFound("merge_not_found", id=merge_id)
    if merge.undone_at is not None:
        raise Conflict("merge_undone", id=merge_id)
    if (later := _later_merge(unit, merge)) is not None:
        raise Conflict("merge_has_later", id=merge_id, later=later)
    _require_free(unit, merge)
    table = table_of(merge.kind)
    kept, merged = unit.session.get(table, merge.kept_id), unit.session.get(table, merge.merged_id)
    assert kept is not None and merged is not None
    mine: dict[str, Any] = {
        name: [] if isinstance(value, list) else None
        for name, value in merge.filled.items()
        if to_json(getattr(kept, name)) == value
    }
    _change(unit, merge.kind, kept, mine)
    _change(unit, merge.kind, merged, dict(merge.released))
    merged.withdrawn_at = merged.withdrawn_reason = None
    merge.undone_at, merge.undone_by = unit.now, unit.actor.account_id
    unit.session.flush()
    _move_back(unit, merge)
    if merge.kind == "enterprises":
        _split_categories(unit, merge)
    append_event(unit, "record.unmerged", merge.kind, merge.kept_id, merged=merge.merged_id, merge=merge.id)


def _later_merge(unit: Unit, merge: Merge) -> int | None:
    """The newest standing merge after this one that one of its two records takes part in."""
    pair = (merge.kept_id, merge.merged_id)
    chosen = select(Merge.id).where(
        Merge.kind == merge.kind,
        Merge.id > merge.id,
        Merge.undone_at.is_(None),
        Merge.kept_id.in_(pair) | Merge.merged_id.in_(pair),
    )
    return unit.session.execute(chosen.order_by(Merge.id.desc()).limit(1)).scalar()


def _require_free(unit: Unit, merge: Merge) -> None:
    table = table_of(merge.kind)
    for name, value in merge.released.items():
        chosen = select(table.id).where(getattr(table, name) == value, table.id != merge.kept_id)
        if (other := unit.session.execute(chosen).scalar()) is not None:
            raise Conflict("merge_number_taken", number=value, other=other)


def _standing(unit: Unit, kind: str, record_id: int) -> Any:
    record = unit.session.get(table_of(kind), record_id)
    if record is None or record.withdrawn_at is not None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    return record


def _one_organisation(unit: Unit, kept_id: int, merged_id: int) -> None:
    chosen = select(Organisation.enterprise_id).where(Organisation.enterprise_id.in_((kept_id, merged_id)))
    if len(set(unit.session.execute(chosen).scalars())) > 1:
        raise Conflict("merge_two_accounts")


def _gaps(kind: str, kept: Any, merged: Any) -> dict[str, Any]:
    """What the merged record knows and the kept one does not."""
    return {
        name: getattr(merged, name)
        for name in FIELDS[kind]
        if getattr(kept, name) in _EMPTY and getattr(merged, name) not in _EMPTY
    }


def _change(unit: Unit, kind: str, record: Any, values: dict[str, Any]) -> None:
    """Set fields, what follows from them, and write the revision; the unique ones leave before they arrive."""
    if not values:
        return
    for name, value in values.items():
        setattr(record, name, value)
    new = dict(values)
    if kind == "enterprises" and record.local_decided_by != "hand":
        state = {name: getattr(record, name) for name in FIELDS[kind]}
        derived = EnterpriseRecorder(unit, None).derive(state)
        for name in ("local", "local_decided_by"):
            if getattr(record, name) != derived.get(name):
                setattr(record, name, derived.get(name))
                new[name] = derived.get(name)
    record.updated_at = unit.now
    write_revisions(unit, kind, None, [Change(record.id, None, new)])  # type: ignore[arg-type]
    unit.session.flush()


def references_to(table_name: str) -> Iterator[tuple[Table, str]]:
    """Every column of the schema that refers to a table: whatever is added later is moved as well."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == table_name:
                yield table, key.parent.name


def _move_all(unit: Unit, merge_id: int, kind: str, old: int, new: int) -> None:
    for table, column in references_to(table_of(kind).__tablename__):
        if table.name in _APART:
            continue
        chosen = select(table.c.id).where(table.c[column] == old).order_by(table.c.id)
        rows = list(unit.session.execute(chosen).scalars())
        _move(unit, merge_id, table, column, rows, old, new)


def _move_back(unit: Unit, merge: Merge) -> None:
    chosen = select(MergeMove).where(MergeMove.merge_id == merge.id).order_by(MergeMove.id)
    moves = unit.session.execute(chosen).scalars().all()
    places = dict.fromkeys((move.table_name, move.column_name) for move in moves)
    for name, column in places:
        table = Base.metadata.tables[name]
        rows = [move.row_id for move in moves if (move.table_name, move.column_name) == (name, column)]
        # A row that was given to another record since (by hand, by a correction) stays where it was put.
        still = select(table.c.id).where(table.c[column] == merge.kept_id).order_by(table.c.id)
        left: list[int] = []
        for part in parts(rows):
            left += unit.session.execute(still.where(table.c.id.in_(part))).scalars()
        _move(unit, merge.id, table, column, left, merge.kept_id, merge.merged_id)


def _move(unit: Unit, merge_id: int, table: Table, column: str, rows: list[int], old: int, new: int) -> None:
    """Point rows from one record to another and write down that they were moved."""
    if not rows:
        return
    for part in parts(rows):
        unit.session.execute(update(table).where(table.c.id.in_(part)).values({column: new}))
    moved = {"merge_id": merge_id, "table_name": table.name, "column_name": column, "from_id": old, "to_id": new}
    told = [{**moved, "row_id": row, "moved_at": unit.now} for row in rows]
    insert_rows(unit, MergeMove.__table__, told)  # type: ignore[arg-type]
    if table.name in _FOLDED:
        write_revisions(unit, table.name, None, [Change(row, None, {column: new}) for row in rows])  # type: ignore[arg-type]
    if table.name == "demands":
        _renew_text_keys(unit, rows, old, new)
    unit.session.expire_all()


def _renew_text_keys(unit: Unit, ids: list[int], old: int, new: int) -> None:
    """A demand is known again by its firm and wording; the firm has another number now."""
    for part in parts(ids):
        for demand in unit.session.execute(select(Demand).where(Demand.id.in_(part))).scalars():
            for title in (demand.title, None):
                if demand.text_key == digest(old, title, demand.text):
                    demand.text_key = digest(new, title, demand.text)
    unit.session.flush()


def _claims(unit: Unit, enterprise_id: int) -> list[EnterpriseCategory]:
    chosen = select(EnterpriseCategory).where(
        EnterpriseCategory.enterprise_id == enterprise_id, EnterpriseCategory.withdrawn_at.is_(None)
    )
    return list(unit.session.execute(chosen.order_by(EnterpriseCategory.id)).scalars())


def _copy_categories(unit: Unit, merge: Merge) -> None:
    """Record the merged firm's claims anew for the kept one, equal ones too: each goes back to whom it came from."""
    for claim in _claims(unit, merge.merged_id):
        unit.session.add(_copied(unit, claim, merge.kept_id))
        claim.withdrawn_at, claim.withdrawn_reason = unit.now, _reason(merge)
    unit.session.flush()


def _reason(merge: Merge) -> str:
    return f"merge:{merge.id}"


def _copied(unit: Unit, claim: EnterpriseCategory, owner: int) -> EnterpriseCategory:
    return EnterpriseCategory(
        enterprise_id=owner,
        category=claim.category,
        certificate_number=claim.certificate_number,
        official_list=claim.official_list,
        valid_from_on=claim.valid_from_on,
        valid_to_on=claim.valid_to_on,
        root_id=claim.root_id or claim.id,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        batch_id=claim.batch_id,
        source_line=claim.source_line,
    )


def _split_categories(unit: Unit, merge: Merge) -> None:
    """The merged firm gets back what was withdrawn by the merge; the kept one loses what came only from there."""
    chosen = select(EnterpriseCategory).where(
        EnterpriseCategory.enterprise_id == merge.merged_id, EnterpriseCategory.withdrawn_reason == _reason(merge)
    )
    undone = select(BatchUndo.batch_id)
    chosen = chosen.where(EnterpriseCategory.batch_id.is_(None) | EnterpriseCategory.batch_id.not_in(undone))
    theirs = list(unit.session.execute(chosen.order_by(EnterpriseCategory.id)).scalars())
    roots = {claim.root_id or claim.id for claim in theirs}
    # The row a claim was first recorded by tells whose it is: the kept firm may hold an equal claim of its own.
    for claim in _claims(unit, merge.kept_id):
        if claim.root_id in roots:
            claim.withdrawn_at, claim.withdrawn_reason = unit.now, f"unmerged:{merge.merged_id}"
    unit.session.add_all([_copied(unit, claim, merge.merged_id) for claim in theirs])
    unit.session.flush()
