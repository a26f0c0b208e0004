"""Files of evidence that seem to be one paper, for those who compare them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile, EvidenceRepetition
from matchhub.services.accounts.names import account_names
from matchhub.services.evidence.repetitions import First, Second
from matchhub.services.kernel.paging import Orders, Page, Sought, holds_words, paged, typed_words
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records

SIGNS = ("picture", "number")
ORDERS = Orders(
    EvidenceRepetition.id,
    {
        "id": EvidenceRepetition.id,
        "sign": EvidenceRepetition.sign,
        "apart": EvidenceRepetition.bits_apart,
        "found": EvidenceRepetition.recorded_at,
        "decided_at": EvidenceRepetition.decided_at,
    },
)


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """One file of a pair: what is said of the paper, and the record it is to prove."""

    id: int
    name: str
    pages: int
    paper_kind: str
    issuer: str
    number: str
    issued_on: date | None
    recorded_at: datetime
    recorded_by: str
    kind: str
    record_id: int
    label: Label
    has_page: bool  # whether the record has a page of its own


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two files that seem to be one paper; ``decision`` is "" while they wait."""

    id: int
    first: ComparedFile
    second: ComparedFile
    sign: str
    bits_apart: int | None
    found_at: datetime
    decision: str
    decided_at: datetime | None
    decided_by: str
    note: str


def list_repetitions(
    unit: Unit, decided: bool = False, sought: Sought | None = None, sign: str = "", query: str = ""
) -> Page[Comparison]:
    """A page of pairs of files in use that wait for a person, or of those decided; the oldest first.

    ``sign``: what the two share, one of ``SIGNS``; ``query``: words of the names or numbers of the files.
    """
    unit.require("evidence.read")
    answered = EvidenceRepetition.decision.is_not(None) if decided else EvidenceRepetition.decision.is_(None)
    chosen = (
        select(EvidenceRepetition, First, Second)
        .join(First, First.id == EvidenceRepetition.first_id)
        .join(Second, Second.id == EvidenceRepetition.second_id)
        .where(answered, First.withdrawn_at.is_(None), Second.withdrawn_at.is_(None))
        .order_by(EvidenceRepetition.id)
    )
    if sign:
        chosen = chosen.where(EvidenceRepetition.sign == sign)
    if words := typed_words(query):
        chosen = chosen.where(holds_words(unit, words, First.name, Second.name, First.number, Second.number))
    return paged(unit, chosen, sought or Sought(), lambda rows: _comparisons(unit, rows), orders=ORDERS)


def _comparisons(unit: Unit, rows: Sequence[Any]) -> list[Comparison]:
    files = [file for _, first, second in rows for file in (first, second)]
    labels = _labels(unit, files)
    names = account_names(unit, [*(file.recorded_by for file in files), *(pair.decided_by for pair, _, _ in rows)])
    return [
        Comparison(
            id=pair.id,
            first=_compared(first, labels, names),
            second=_compared(second, labels, names),
            sign=pair.sign,
            bits_apart=pair.bits_apart,
            found_at=pair.recorded_at,
            decision=pair.decision or "",
            decided_at=pair.decided_at,
            decided_by=names.get(pair.decided_by or 0, ""),
            note=pair.note or "",
        )
        for pair, first, second in rows
    ]


def _labels(unit: Unit, files: Iterable[EvidenceFile]) -> dict[tuple[str, int], Label]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for file in files:
        if file.subject_kind in RECORD_TABLES:
            wanted[file.subject_kind].add(file.subject_id)
    return {(kind, key): label for kind, ids in wanted.items() for key, label in label_records(unit, kind, ids).items()}


def _compared(file: EvidenceFile, labels: dict[tuple[str, int], Label], names: dict[int, str]) -> ComparedFile:
    return ComparedFile(
        id=file.id,
        name=file.name,
        pages=file.pages,
        paper_kind=file.paper_kind,
        issuer=file.issuer or "",
        number=file.number or "",
        issued_on=file.issued_on,
        recorded_at=file.recorded_at,
        recorded_by=names.get(file.recorded_by or 0, ""),
        kind=file.subject_kind,
        record_id=file.subject_id,
        label=labels.get((file.subject_kind, file.subject_id), Label(f"#{file.subject_id}")),
        has_page=file.subject_kind in RECORD_TABLES,
    )
