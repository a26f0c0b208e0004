"""Whether the evidence files kept are still what was stored: every night by the worker, and by command (P13).

Reading all files takes long and needs no lock, so it comes first; what was found is written down afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from matchhub.db.tables import EvidenceFile, LogEntry
from matchhub.services.evidence.files import place_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

_CHECKED = "evidence.examined"


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """What a check found: how many files it read, and the numbers of those missing or changed."""

    files: int
    damaged: tuple[int, ...]

    def to_json(self) -> dict[str, object]:
        """``{"valid", "files", "damaged"}``."""
        return {"valid": not self.damaged, "files": self.files, "damaged": list(self.damaged)}


def read_all_evidence(unit: Unit) -> dict[int, bool]:
    """Whether the bytes kept are those that were stored, by number of the file. Reads every file; writes nothing."""
    rows = unit.session.execute(select(EvidenceFile.id, EvidenceFile.sha256).order_by(EvidenceFile.id)).all()
    return {number: _is_sound(place_of(unit.home, digest), digest) for number, digest in rows}


def _is_sound(place: Path, digest: str) -> bool:
    try:
        with place.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except OSError:  # gone, or the disk gives it no more
        return False


def check_evidence(unit: Unit, found: Mapping[int, bool] | None = None) -> EvidenceCheck:
    """Mark the files that are missing or changed, from now on, and take the mark from those that are sound again.

    ``found`` is what ``read_all_evidence`` told; without it the files are read now, under the lock of this unit.
    """
    sound = read_all_evidence(unit) if found is None else found
    rows = unit.session.execute(select(EvidenceFile).order_by(EvidenceFile.id)).scalars()
    for row in rows:
        if row.id in sound and sound[row.id] != (row.damaged_at is None):
            row.damaged_at = None if sound[row.id] else unit.now
            append_event(unit, "evidence.checked", row.subject_kind, row.subject_id, evidence=row.id,
                         sound=sound[row.id])  # fmt: skip
    damaged = tuple(number for number, is_sound in sound.items() if not is_sound)
    append_event(unit, _CHECKED, "evidence", None, files=len(sound), damaged=len(damaged))
    return EvidenceCheck(len(sound), damaged)


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file in use that is missing or changed, and the record it was to prove."""

    id: int
    name: str
    kind: str
    record_id: int
    since_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """The last check (``None``: there was none yet), the files in use, and those found missing or changed."""

    checked_at: datetime | None
    files: int
    damaged: tuple[DamagedFile, ...]


def evidence_state(unit: Unit) -> EvidenceState:
    """What the last check of the evidence files found; withdrawn files prove nothing any more and are left out."""
    unit.require("evidence.read")
    newest = select(LogEntry.recorded_at).where(LogEntry.verb == _CHECKED).order_by(LogEntry.id.desc()).limit(1)
    in_use = select(EvidenceFile).where(EvidenceFile.withdrawn_at.is_(None))
    bad = in_use.where(EvidenceFile.damaged_at.is_not(None)).order_by(EvidenceFile.id)
    return EvidenceState(
        unit.session.execute(newest).scalar(),
        unit.session.execute(select(func.count()).select_from(in_use.subquery())).scalar_one(),
        tuple(
            DamagedFile(row.id, row.name, row.subject_kind, row.subject_id, row.damaged_at)
            for row in unit.session.execute(bad).scalars()
            if row.damaged_at is not None
        ),
    )
