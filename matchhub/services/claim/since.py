"""The records of a goal as they stand now, to be laid beside a package that was built of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile
from matchhub.services.claim.package import goal_of
from matchhub.services.counting.changed import changed_after
from matchhub.services.counting.counts import bare_atoms, question
from matchhub.services.evidence.files import is_kept_whole
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class RecordsNow:
    """One threshold: the kind of its records, the units that each counts strictly, the digests of its papers that
    stand, and the records of which something else became known since a moment: a field, a payment, a dated event."""

    kind: str
    units: Mapping[int, frozenset[str]]
    papers: Mapping[int, frozenset[str]]
    revised: frozenset[int]


def records_now(unit: Unit, goal: str, policy: str, since: datetime | None) -> dict[str, RecordsNow]:
    """By threshold of the goal; ``NotFound("goal_unknown")`` where the pack has no such goal any more."""
    unit.require("claim.read")
    asked = question(unit, policy=policy)
    thresholds = [each.threshold for each in goal_of(unit, asked, goal).thresholds]
    atoms = bare_atoms(unit, asked)
    return {
        each.key: RecordsNow(
            each.counter,
            _units((int(atom.record_id), atom.unit) for atom in atoms[each.key] if atom.strict),
            _papers(unit, each.counter),
            _revised(unit, each.counter, since),
        )
        for each in thresholds
    }


def _units(pairs: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for record, key in pairs:
        found[record].add(key)
    return {record: frozenset(keys) for record, keys in found.items()}


def _papers(unit: Unit, kind: str) -> dict[int, frozenset[str]]:
    chosen = select(EvidenceFile.subject_id, EvidenceFile.sha256).where(
        EvidenceFile.subject_kind == kind, EvidenceFile.withdrawn_at.is_(None), EvidenceFile.damaged_at.is_(None)
    )
    whole = (row for row in unit.session.execute(chosen) if is_kept_whole(unit.home, row.sha256))
    return _units((row.subject_id, row.sha256) for row in whole)


def _revised(unit: Unit, kind: str, since: datetime | None) -> frozenset[int]:
    return frozenset() if since is None else frozenset(changed_after(unit, kind, since, papers=False))
