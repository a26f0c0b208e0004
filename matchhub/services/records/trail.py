"""Behind a record: its evidence, the words people gave on it, and how it came to be known, source by source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Confirmation, EvidenceFile, Patent, Revision
from matchhub.services.accounts.names import account_names
from matchhub.services.evidence.repetitions import files_in_doubt
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.origins import files_of, is_said

MOST_REVISIONS = 50


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file kept as proof; ``damaged`` and ``withdrawn_at`` files prove nothing any more."""

    id: int
    purpose: str
    name: str
    sha256: str
    size: int
    media_type: str
    pages: int  # that can be shown
    paper_kind: str
    issuer: str
    number: str
    issued_on: date | None
    in_doubt: bool  # it seems to be another record's paper, and nobody has decided
    recorded_at: datetime
    recorded_by: str
    damaged: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What changed in a confirmed record: the field, and what stood there before and stands there since.

    Of lists (parties, patents, events, payments, evidence) the lines that went and that came, each as texts.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    """One person's word: confirmed or rejected, with the note; ``own`` when the actor gave it."""

    id: int
    decision: str
    role: str
    account: str
    second_factor: bool
    note: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str
    lapsed_at: datetime | None  # out of force since then: the record was changed
    lapsed_by: str
    changes: tuple[ChangeView, ...]  # what changed
    own: bool


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What one source or act made known: the fields that changed, and the file, line and batch they came from."""

    at: datetime
    account: str
    batch_id: int | None
    files: tuple[str, ...]
    line: int | None
    fields: tuple[tuple[str, Any], ...]


def evidence_views(unit: Unit, kind: str, record_id: int) -> tuple[EvidenceView, ...]:
    """Every file ever kept for a record, withdrawn ones included."""
    chosen = select(EvidenceFile).where(EvidenceFile.subject_kind == kind, EvidenceFile.subject_id == record_id)
    rows = unit.session.execute(chosen.order_by(EvidenceFile.id)).scalars().all()
    names = account_names(unit, [row.recorded_by for row in rows])
    doubted = files_in_doubt(unit, [row.id for row in rows])
    return tuple(
        EvidenceView(
            id=row.id,
            purpose=row.purpose,
            name=row.name,
            sha256=row.sha256,
            size=row.size,
            media_type=row.media_type,
            pages=row.pages,
            paper_kind=row.paper_kind,
            issuer=row.issuer or "",
            number=row.number or "",
            issued_on=row.issued_on,
            in_doubt=row.id in doubted,
            recorded_at=row.recorded_at,
            recorded_by=names.get(row.recorded_by or 0, ""),
            damaged=row.damaged_at is not None,
            withdrawn_at=row.withdrawn_at,
            withdrawn_reason=row.withdrawn_reason or "",
        )
        for row in rows
    )


def confirmations_on(unit: Unit, kind: str, record_id: int) -> tuple[ConfirmationView, ...]:
    """Confirmations and rejections of a record, the oldest first, withdrawn ones included."""
    chosen = select(Confirmation).where(Confirmation.subject_kind == kind, Confirmation.subject_id == record_id)
    rows = unit.session.execute(chosen.order_by(Confirmation.id)).scalars().all()
    names = account_names(unit, [each for row in rows for each in (row.account_id, row.lapsed_by) if each is not None])
    return tuple(
        ConfirmationView(
            id=row.id,
            decision=row.decision,
            role=row.role,
            account=names.get(row.account_id, ""),
            second_factor=row.second_factor,
            note=row.note or "",
            at=row.recorded_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_reason=row.withdrawn_reason or "",
            lapsed_at=row.lapsed_at,
            lapsed_by=names.get(row.lapsed_by or 0, ""),
            changes=tuple(_changes(unit, row.lapse or ())),
            own=row.account_id == unit.actor.account_id,
        )
        for row in rows
    )


def _changes(unit: Unit, lapse: Iterable[Mapping[str, Any]]) -> Iterator[ChangeView]:
    """The changes as a page shows them: patents and enterprises by what they are called."""
    for each in lapse:
        name, before, after = str(each["field"]), each["before"], each["after"]
        if name in ("patents", "patent_id"):
            before, after = _patents(unit, before), _patents(unit, after)
        elif name.endswith("_yuan"):
            before, after = _money(before), _money(after)
        elif name == "payments":
            before, after = ([[on, _money(yuan), *rest] for on, yuan, *rest in each] for each in (before, after))
        yield ChangeView(name, before, after)


def _money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _patents(unit: Unit, value: Any) -> Any:
    ids = [line[0] for line in value] if isinstance(value, list) else [value]
    chosen = select(Patent.id, Patent.application_number).where(Patent.id.in_([each for each in ids if each]))
    numbers = {key: number for key, number in unit.session.execute(chosen)}  # noqa: C416
    return [[numbers.get(each) or f"#{each}"] for each in ids if each]


def revision_views(unit: Unit, kind: str, record_id: int) -> tuple[tuple[RevisionView, ...], int]:
    """The newest revisions of a record, newest first, and how many there are in all."""
    mine = (Revision.kind == kind, Revision.record_id == record_id)
    total = unit.session.execute(select(func.count()).select_from(Revision).where(*mine)).scalar_one()
    chosen = select(Revision).where(*mine).order_by(Revision.id.desc()).limit(MOST_REVISIONS)
    rows = unit.session.execute(chosen).scalars().all()
    names = account_names(unit, [row.recorded_by for row in rows])
    files = files_of(unit, rows)
    return tuple(
        RevisionView(
            at=row.recorded_at,
            account=names.get(row.recorded_by or 0, ""),
            batch_id=row.batch_id,
            files=files[row.id],
            line=row.source_line,
            fields=tuple(
                (name, masked(name, value)) for name, value in row.fields.items() if is_said(row.fields, name)
            ),
        )
        for row in rows
    ), total
