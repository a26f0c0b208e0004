"""Records that seem to share a paper, as facts."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from matchhub.db.tables import EvidenceFile, EvidenceRepetition
from matchhub.domain.counting.facts import RepeatedPaper
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

_KINDS = frozenset({"deals", "licences"})  # kinds of record whose papers prove something countable


def repeated_papers(unit: Unit, moment: Moment) -> dict[tuple[str, int], tuple[RepeatedPaper, ...]]:
    """For each record, by kind and id, the others with which it seems to share a paper as known at ``moment``.

    A pair counts from when it was proposed, while both files are in use, and until it was found to be two papers.
    """
    pairs = unit.session.execute(moment.limit(select(EvidenceRepetition), EvidenceRepetition)).scalars().all()
    if not pairs:
        return {}
    numbers = {number for pair in pairs for number in (pair.first_id, pair.second_id)}
    rows = unit.session.execute(select(EvidenceFile).where(EvidenceFile.id.in_(numbers))).scalars()
    files = {row.id: row for row in rows if not moment.withdrawn(row)}
    found: dict[tuple[str, int], list[RepeatedPaper]] = defaultdict(list)
    for pair in pairs:
        if _told_apart(pair, moment) or not {pair.first_id, pair.second_id} <= files.keys():
            continue
        for one, other in ((pair.first_id, pair.second_id), (pair.second_id, pair.first_id)):
            mine, theirs = files[one], files[other]
            if {mine.subject_kind, theirs.subject_kind} <= _KINDS:
                fact = RepeatedPaper(kind=theirs.subject_kind, record_id=theirs.subject_id)
                found[mine.subject_kind, mine.subject_id].append(fact)
    return {record: tuple(facts) for record, facts in found.items()}


def _told_apart(pair: EvidenceRepetition, moment: Moment) -> bool:
    decided = pair.decided_at is not None and (moment.known_at is None or pair.decided_at <= moment.known_at)
    return decided and pair.decision == "different"
