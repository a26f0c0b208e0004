"""Records that the bureau rejected: work of the operator until they are mended, then of the bureau again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import aliased

from matchhub.db.tables import Confirmation
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.frozen import contents_of, digest_of
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records


@dataclass(frozen=True, slots=True)
class Rejected:
    """One rejection in force: the record, who rejected it when and why, and whether it was changed since.

    A change does not lift a rejection (``kernel.lapsing``): the bureau has to look again.
    """

    id: int
    kind: str
    record: int
    label: Label
    reason: str
    by: str
    at: datetime
    mended: bool


def rejected_records(unit: Unit) -> tuple[Rejected, ...]:
    """Rejections in force on records that stand, the oldest first."""
    unit.require("record.read")
    words = _in_force(unit)
    labels = {kind: label_records(unit, kind, ids) for kind, ids in _about(words).items()}
    mended = _mended(unit, words)
    names = account_names(unit, [word.account_id for word in words])
    return tuple(
        Rejected(
            word.id,
            word.subject_kind,
            word.subject_id,
            labels[word.subject_kind].get(word.subject_id, Label(f"#{word.subject_id}")),
            word.note or "",
            names.get(word.account_id, ""),
            word.recorded_at,
            word.id in mended,
        )
        for word in words
    )


def mended_rejections(unit: Unit, kinds: Collection[str]) -> set[tuple[str, int]]:
    """Kind and number of records of some kinds that were rejected and changed since."""
    unit.require("record.read")
    words = _in_force(unit, kinds)
    mended = _mended(unit, words)
    return {(word.subject_kind, word.subject_id) for word in words if word.id in mended}


def _about(words: Iterable[Confirmation]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for word in words:
        found[word.subject_kind].append(word.subject_id)
    return found


def _mended(unit: Unit, words: Iterable[Confirmation]) -> set[int]:
    """Those of the words whose record is not what was rejected any more."""
    listed = list(words)
    contents = {kind: contents_of(unit, kind, ids) for kind, ids in _about(listed).items()}
    return {
        word.id
        for word in listed
        if digest_of(contents[word.subject_kind].get(word.subject_id, {})) != word.content_digest
    }


def _in_force(unit: Unit, kinds: Collection[str] | None = None) -> list[Confirmation]:
    """The newest word of each person of the bureau on a record, where it is a rejection and the record stands."""
    chosen = select(Confirmation).where(*_standing(Confirmation))
    no = aliased(Confirmation)  # words are many and rejections few
    rejected = select(no.subject_kind, no.subject_id).where(*_standing(no), no.decision == "rejected")
    chosen = chosen.where(tuple_(Confirmation.subject_kind, Confirmation.subject_id).in_(rejected))
    if kinds is not None:
        chosen = chosen.where(Confirmation.subject_kind.in_(kinds))
    newest: dict[tuple[str, int, int], Confirmation] = {}
    for word in unit.session.execute(chosen.order_by(Confirmation.id)).scalars():
        newest[word.subject_kind, word.subject_id, word.account_id] = word
    found = [word for word in newest.values() if word.decision == "rejected"]
    gone = {kind: _withdrawn(unit, kind) for kind in {word.subject_kind for word in found}}
    kept = [word for word in found if word.subject_id not in gone[word.subject_kind]]
    return sorted(kept, key=lambda word: word.id)


def _standing(word: type[Confirmation]) -> tuple[ColumnElement[bool], ...]:
    return word.role == CONFIRMING_BUREAU, word.withdrawn_at.is_(None), word.lapsed_at.is_(None)


def _withdrawn(unit: Unit, kind: str) -> set[int]:
    table = RECORD_TABLES[kind]
    if not hasattr(table, "withdrawn_at"):
        return set()
    rejected = select(Confirmation.subject_id).where(
        Confirmation.subject_kind == kind, Confirmation.decision == "rejected"
    )
    gone = select(table.id).where(table.withdrawn_at.is_not(None), table.id.in_(rejected))
    return set(unit.session.execute(gone).scalars())
