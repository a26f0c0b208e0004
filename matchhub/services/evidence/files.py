"""Evidence files: kept by their hash under the home, bound to one record, checked, never deleted (PROMISES.md P13)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select

from matchhub.db.tables import (
    EvidenceFile,
    Organisation,
    PatentOffer,
)
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

PURPOSES = ("contract", "payment_proof", "register_proof", "notice", "consent", "authorisation", "other")
MOST_BYTES = 20 * 1024 * 1024
# Records that are not counted have proofs too: who owns a patent on offer, who an organisation is.
_PROVEN = RECORD_TABLES | {"patent_offers": PatentOffer, "organisations": Organisation}


def store_evidence(unit: Unit, kind: str, record_id: int, purpose: str, name: str, content: bytes) -> int:
    """Keep a file as evidence of one record and return its number.

    Raises ``NotFound`` for an unknown record, ``Refusal`` for an empty or too large file or an unknown purpose, and
    ``Conflict("evidence_used_elsewhere")`` when the same bytes already prove another record.
    """
    unit.require("evidence.add")
    if kind not in _PROVEN or unit.session.get(_PROVEN[kind], record_id) is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    if purpose not in PURPOSES:
        raise Refusal("evidence_purpose_unknown", purpose=purpose)
    if not content or len(content) > MOST_BYTES:
        raise Refusal("evidence_size", megabytes=MOST_BYTES // 1024**2)
    digest = hashlib.sha256(content).hexdigest()
    for other in unit.session.execute(select(EvidenceFile).where(EvidenceFile.sha256 == digest)).scalars():
        if other.withdrawn_at is None and (other.subject_kind, other.subject_id) != (kind, record_id):
            raise Conflict("evidence_used_elsewhere", kind=other.subject_kind, id=other.subject_id)
    keep_content(unit.home, digest, content)
    row = EvidenceFile(
        subject_kind=kind,
        subject_id=record_id,
        purpose=purpose,
        sha256=digest,
        size=len(content),
        name=name[:255],
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        demo=_is_demo(unit, kind, record_id),
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "evidence.stored", kind, record_id, evidence=row.id, sha256=digest, purpose=purpose)
    return row.id


def _is_demo(unit: Unit, kind: str, record_id: int) -> bool:
    return bool(getattr(unit.session.get(_PROVEN[kind], record_id), "demo", False))


def place_of(home: Path, digest: str) -> Path:
    """Where the bytes with this hash are kept."""
    return home / "evidence" / digest[:2] / digest


def keep_content(home: Path, digest: str, content: bytes) -> None:
    """Put bytes under their hash; bytes that are there already stay."""
    place = place_of(home, digest)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    part.write_bytes(content)
    part.replace(place)


def read_evidence(unit: Unit, evidence_id: int) -> tuple[str, bytes]:
    """Name and bytes of a file; ``NotFound`` when it is gone, ``Conflict`` when its bytes are not what was stored."""
    unit.require("evidence.read")
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None:
        raise NotFound("evidence_not_found", id=evidence_id)
    try:
        content = place_of(unit.home, row.sha256).read_bytes()
    except FileNotFoundError as gone:
        raise NotFound("evidence_not_found", id=evidence_id) from gone
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Conflict("evidence_damaged", id=evidence_id)
    return row.name, content


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
