"""Learned words as the operator sees them: the matches they came from, and striking one out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, LearnedEntry, Patent
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import NotFound
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Source:
    """One accepted match that a word came from."""

    enterprise: str
    demand_id: int
    demand: str
    patent_id: int
    patent: str


@dataclass(frozen=True, slots=True)
class LearnedView:
    """One learned word: how many enterprises speak ``firms`` for it and how many ``against``, and where it is from."""

    id: int
    plain: str
    patent_word: str
    trust: float
    firms: int
    against: int
    recorded_at: datetime
    struck_at: datetime | None
    reason: str
    sources: tuple[Source, ...]


def learned_views(unit: Unit) -> tuple[LearnedView, ...]:
    """The words in use, those with most enterprises first, then the ones that were struck out."""
    unit.require("learned.read")
    chosen = select(LearnedEntry).where(LearnedEntry.withdrawn_at.is_(None) | LearnedEntry.struck)
    rows = list(unit.session.execute(chosen).scalars())
    rows.sort(key=lambda row: (row.struck, -row.firms, row.plain, row.patent_word, row.id))
    matches = [match for row in rows for match in row.matches]
    firms = _named(unit, Enterprise.id, Enterprise.name, (match[ENTERPRISE] for match in matches))
    demands = _named(unit, Demand.id, Demand.title, (match["demand"] for match in matches))
    patents = _named(unit, Patent.id, Patent.title, (match["patent"] for match in matches))
    return tuple(
        LearnedView(
            id=row.id,
            plain=row.plain,
            patent_word=row.patent_word,
            trust=row.trust,
            firms=row.firms,
            against=row.against,
            recorded_at=row.recorded_at,
            struck_at=row.withdrawn_at,
            reason=row.withdrawn_reason or "",
            sources=tuple(_source(match, firms, demands, patents) for match in row.matches),
        )
        for row in rows
    )


def strike_out(unit: Unit, entry_id: int, reason: str = "") -> None:
    """Take a learned word out of use for good: no later training learns it again.

    ``NotFound("learned_word_not_found")`` when there is none in use of that number.
    """
    unit.require("learned.edit")
    row = unit.session.get(LearnedEntry, entry_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("learned_word_not_found", id=entry_id)
    row.withdrawn_at, row.withdrawn_reason, row.struck = unit.now, reason.strip()[:500] or "struck out", True
    unit.session.flush()
    append_event(unit, "words.struck", "learned_words", row.id, plain=row.plain, word=row.patent_word)


def _source(
    match: Mapping[str, int], firms: Mapping[int, str], demands: Mapping[int, str], patents: Mapping[int, str]
) -> Source:
    firm, demand, patent = match[ENTERPRISE], match["demand"], match["patent"]
    return Source(firms.get(firm, ""), demand, demands.get(demand, ""), patent, patents.get(patent, ""))


def _named(unit: Unit, key: Any, name: Any, ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in parts(sorted(set(ids))):
        found |= {number: text or "" for number, text in unit.session.execute(select(key, name).where(key.in_(part)))}
    return found
