"""Hints while a demand is being written: likely technical fields and words that patents use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import PatentClass
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bounds import bounded
from matchhub.services.matching.shown import MatchView
from matchhub.services.matching.store import current_matcher
from recommender import Query, suggest_terms, whole_text

_LEAST_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class FieldHint:
    """An IPC class (``A43``) and its share, 0..1, of the scores of the patents found so far."""

    ipc_class: str
    share: float


def likely_fields(unit: Unit, matches: Sequence[MatchView], most: int = 3) -> tuple[FieldHint, ...]:
    """Main IPC classes of the patents found, weighted by their scores; none when nothing was found."""
    scores = {match.patent.id: match.score for match in matches}
    chosen = select(PatentClass.patent_id, PatentClass.symbol).where(
        PatentClass.patent_id.in_(scores), PatentClass.scheme == "ipc", PatentClass.position == 0
    )
    sums: dict[str, float] = defaultdict(float)
    for patent_id, symbol in unit.session.execute(chosen):
        sums[symbol[:3]] += scores[patent_id]
    total = sum(sums.values()) or 1.0
    best = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return tuple(FieldHint(key, value / total) for key, value in best if value / total >= _LEAST_SHARE)


def further_words(unit: Unit, query: Query, most: int = 6) -> tuple[str, ...]:
    """Words of patents that the text does not say yet."""
    if not whole_text(query).strip():
        return ()
    return tuple(each.word for each in suggest_terms(current_matcher(unit), bounded(query), most))
