"""Records that the bureau rejected: work of the operator until they are mended, then of the bureau again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Confirmation
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.frozen import content_of, digest_of
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
    kinds = {word.subject_kind for word in words}
    labels = {
        kind: label_records(unit, kind, [word.subject_id for word in words if word.subject_kind == kind])
        for kind in kinds
    }
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
            digest_of(content_of(unit, word.subject_kind, word.subject_id)) != word.content_digest,
        )
        for word in words
    )


def _in_force(unit: Unit) -> list[Confirmation]:
    """The newest word of each person of the bureau on a record, where it is a rejection and the record stands."""
    chosen = select(Confirmation).where(
        Confirmation.role == CONFIRMING_BUREAU, Confirmation.withdrawn_at.is_(None), Confirmation.lapsed_at.is_(None)
    )
    newest: dict[tuple[str, int, int], Confirmation] = {}
    for word in unit.session.execute(chosen.order_by(Confirmation.id)).scalars():
        newest[word.subject_kind, word.subject_id, word.account_id] = word
    found = [word for word in newest.values() if word.decision == "rejected"]
    gone = {kind: _withdrawn(unit, kind) for kind in {word.subject_kind for word in found}}
    kept = [word for word in found if word.subject_id not in gone[word.subject_kind]]
    return sorted(kept, key=lambda word: word.id)


def _withdrawn(unit: Unit, kind: str) -> set[int]:
    table = RECORD_TABLES[kind]
    if not hasattr(table, "withdrawn_at"):
        return set()
    rejected = select(Confirmation.subject_id).where(
        Confirmation.subject_kind == kind, Confirmation.decision == "rejected"
    )
    gone = select(table.id).where(table.withdrawn_at.is_not(None), table.id.in_(rejected))
    return set(unit.session.execute(gone).scalars())
