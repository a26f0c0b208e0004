"""Words of the parties as facts, as they stood at a moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import PartyWord
from matchhub.domain.counting.facts import PartyWordFact
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit


def party_words(unit: Unit, kind: str, moment: Moment) -> dict[int, tuple[PartyWordFact, ...]]:
    """What the parties of the records of one kind were told and said by then, by record, in the order told."""
    found: dict[int, list[PartyWordFact]] = defaultdict(list)
    chosen = select(PartyWord).where(PartyWord.subject_kind == kind).order_by(PartyWord.id)
    for row in unit.session.execute(moment.limit(chosen, PartyWord)).scalars():
        fact = PartyWordFact(
            role=row.role,
            party=row.name,
            organisation_id=row.organisation_id,
            answer=row.answer if _by(row.answered_at, moment) else None,
            settled=_by(row.settled_at, moment),
        )
        found[row.subject_id].append(fact)
    return {key: tuple(values) for key, values in found.items()}


def _by(at: datetime | None, moment: Moment) -> bool:
    return at is not None and (moment.known_at is None or at <= moment.known_at)
