"""Evidence files, payments and affiliations as facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile
from matchhub.domain.counting.facts import EvidenceFact, PaymentFact
from matchhub.domain.papers import paper_kind_of
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit


def _fact(row: EvidenceFile, moment: Moment) -> EvidenceFact:
    damaged = row.damaged_at is not None and (moment.known_at is None or row.damaged_at <= moment.known_at)
    return EvidenceFact(
        digest=row.sha256,
        paper=paper_kind_of(row.purpose, row.paper_kind),
        kind=row.purpose,  # type: ignore[arg-type]
        identified=bool(row.number and row.issued_on),
        recorded_at=row.recorded_at,
        intact=not damaged,
        withdrawn=moment.withdrawn(row),
    )


def evidence_by_id(unit: Unit, moment: Moment) -> dict[int, EvidenceFact]:
    """Every evidence file known at ``moment``, by its own id."""
    rows = unit.session.execute(moment.limit(select(EvidenceFile), EvidenceFile)).scalars()
    return {row.id: _fact(row, moment) for row in rows}


def evidence_of(
    unit: Unit, kind: str, moment: Moment, only: Collection[int] | None = None
) -> dict[int, tuple[EvidenceFact, ...]]:
    """Evidence files of the records of one kind, or of ``only`` some few of them."""
    found: dict[int, list[EvidenceFact]] = defaultdict(list)
    chosen = select(EvidenceFile).where(EvidenceFile.subject_kind == kind)
    if only is not None:
        chosen = chosen.where(EvidenceFile.subject_id.in_(list(only)))
    for row in unit.session.execute(moment.limit(chosen.order_by(EvidenceFile.id), EvidenceFile)).scalars():
        found[row.subject_id].append(_fact(row, moment))
    return {key: tuple(values) for key, values in found.items()}


def payment(row: Any, files: dict[int, EvidenceFact]) -> PaymentFact:
    """A row of ``deal_payments`` as a fact."""
    return PaymentFact(
        paid_on=row.paid_on,
        amount_yuan=row.amount_yuan,
        evidence=files.get(row.evidence_id) if row.evidence_id is not None else None,
        voucher=row.proof,
        recorded_at=row.recorded_at,
    )
