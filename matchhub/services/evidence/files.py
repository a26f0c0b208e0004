"""Evidence files: kept by their hash under the home, bound to one record, checked, never deleted (PROMISES.md P13).

``store_evidence`` is the one door: what a file is, is decided by its content there, wherever it was sent.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select

from matchhub.db.tables import (
    EvidenceFile,
    Organisation,
    PatentOffer,
)
from matchhub.domain.papers import OF_PARTIES, PAPER_KINDS, Paper
from matchhub.durable import write_durably
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.evidence.content import named_by_content
from matchhub.services.evidence.pictures import look_at
from matchhub.services.evidence.repetitions import propose_repetitions
from matchhub.services.evidence.vouchers import one_after_another
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit
from matchhub.services.kernel.whole_files import is_whole

PURPOSES = ("contract", "payment_proof", "register_proof", "notice", "consent", "authorisation", "implementation_proof",
            "other")  # fmt: skip
# Records that are not counted have proofs too: who owns a patent on offer, who an organisation is.
_PROVEN = RECORD_TABLES | {"patent_offers": PatentOffer, "organisations": Organisation}
_MOST_LETTERS = 255


def store_evidence(
    unit: Unit, kind: str, record_id: int, purpose: str, name: str, content: bytes, paper: Paper | None = None
) -> int:
    """Keep a file as evidence of one record and return its number; a file that is there already keeps its own.

    ``paper`` is what the person who sends it says of it; it is put right only by withdrawing the file and adding it
    again. A file that seems to be the paper of another record is kept and proposed as its repetition
    (``evidence.repetitions``).

    Raises ``NotFound`` for an unknown record, ``Refusal`` for an unknown purpose or kind of paper, a day to come, and
    a file that is not of a kind that is kept (``pictures.look_at``), and ``Conflict("evidence_used_elsewhere")`` when
    the same bytes already prove another record (papers about a party, ``OF_PARTIES``, may).
    """
    unit.require("evidence.add")
    said = paper or Paper()
    if kind not in _PROVEN or unit.session.get(_PROVEN[kind], record_id) is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    _check_said(unit, purpose, said)
    look = look_at(content)
    digest = hashlib.sha256(content).hexdigest()
    one_after_another(unit)
    _require_unused(unit, digest, kind, record_id, said)
    if (known := _stands_already(unit, digest, kind, record_id, purpose)) is not None:
        return known
    keep_content(unit.home, digest, content)
    row = EvidenceFile(
        subject_kind=kind,
        subject_id=record_id,
        purpose=purpose,
        sha256=digest,
        size=len(content),
        name=name[:_MOST_LETTERS],
        media_type=look.media_type,
        pages=look.pages,
        picture_hash=look.picture_hash,
        paper_kind=said.kind,
        issuer=said.issuer.strip()[:_MOST_LETTERS] or None,
        number=said.number.strip()[:_MOST_LETTERS] or None,
        issued_on=said.issued_on,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        demo=_is_demo(unit, kind, record_id),
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "evidence.stored", kind, record_id, evidence=row.id, sha256=digest, purpose=purpose)
    propose_repetitions(unit, row)
    return row.id


def _check_said(unit: Unit, purpose: str, paper: Paper) -> None:
    if purpose not in PURPOSES:
        raise Refusal("evidence_purpose_unknown", purpose=purpose)
    if paper.kind not in PAPER_KINDS:
        raise Refusal("evidence_kind_unknown", kind=paper.kind)
    if paper.issued_on is not None and paper.issued_on > unit.today:
        raise Refusal("paper_day_to_come", day=paper.issued_on)


def _require_unused(unit: Unit, digest: str, kind: str, record_id: int, said: Paper) -> None:
    for other in unit.session.execute(select(EvidenceFile).where(EvidenceFile.sha256 == digest)).scalars():
        if said.kind in OF_PARTIES and other.paper_kind in OF_PARTIES:
            continue  # the licence of a firm lies with each of its contracts
        if other.withdrawn_at is None and (other.subject_kind, other.subject_id) != (kind, record_id):
            raise Conflict("evidence_used_elsewhere", kind=other.subject_kind, id=other.subject_id)


def _stands_already(unit: Unit, digest: str, kind: str, record_id: int, purpose: str) -> int | None:
    """The number of the same file for the same purpose, whole and not withdrawn: it says nothing new."""
    same = select(EvidenceFile.id).where(
        EvidenceFile.sha256 == digest,
        EvidenceFile.subject_kind == kind,
        EvidenceFile.subject_id == record_id,
        EvidenceFile.purpose == purpose,
        EvidenceFile.withdrawn_at.is_(None),
        EvidenceFile.damaged_at.is_(None),
    )
    return unit.session.execute(same.order_by(EvidenceFile.id)).scalars().first()


def _is_demo(unit: Unit, kind: str, record_id: int) -> bool:
    return bool(getattr(unit.session.get(_PROVEN[kind], record_id), "demo", False))


def place_of(home: Path, digest: str) -> Path:
    """Where the bytes with this hash are kept."""
    return home / "evidence" / digest[:2] / digest


def keep_content(home: Path, digest: str, content: bytes) -> None:
    """Put bytes under their hash, on the disk before the base speaks of them; bytes that are there already stay."""
    place = place_of(home, digest)
    if place.exists():
        return
    write_durably(place, content)


def kept_content(home: Path, digest: str) -> bytes | None:
    """The bytes with this hash; None where they are not kept, or are others by now."""
    if not digest:
        return None
    try:
        content = place_of(home, digest).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def is_kept_whole(home: Path, digest: str) -> bool:
    """Whether the bytes with this hash are kept; what was read before is not read again (``kernel.whole_files``)."""
    return bool(digest) and is_whole(place_of(home, digest), digest)


def read_evidence(unit: Unit, evidence_id: int) -> tuple[str, bytes]:
    """Name and bytes of a file; the name ends as its content demands.

    Raises ``NotFound`` when it is gone, ``Conflict("evidence_damaged")`` when its bytes are not what was stored.
    """
    row = evidence_row(unit, evidence_id)
    return named_by_content(row.name, row.media_type), checked_content(unit.home, row)


def evidence_row(unit: Unit, evidence_id: int) -> EvidenceFile:
    """The row of a file for those who may read evidence; ``NotFound`` when there is none."""
    unit.require("evidence.read")
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None:
        raise NotFound("evidence_not_found", id=evidence_id)
    return row


def checked_content(home: Path, row: EvidenceFile) -> bytes:
    """The bytes of a file as they were stored; raises as ``read_evidence`` does."""
    try:
        content = place_of(home, row.sha256).read_bytes()
    except OSError as gone:
        raise NotFound("evidence_not_found", id=row.id) from gone
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Conflict("evidence_damaged", id=row.id)
    return content


def withdraw_evidence(unit: Unit, evidence_id: int, reason: str) -> None:
    """Take a file back: it leaves the counts and stays visible as withdrawn. The reason must be given."""
    unit.require("evidence.withdraw")
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None:
        raise NotFound("evidence_not_found", id=evidence_id)
    if not reason.strip():
        raise Refusal("note_missing")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = unit.now, reason
        append_event(unit, "evidence.withdrawn", row.subject_kind, row.subject_id, evidence=row.id)
