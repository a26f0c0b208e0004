"""What was said of demands by operator and enterprise, and whether the demand still says what it said then.

A word holds for the demand as it read at that moment. Whatever changes it later, by whatever door, is a revision; so
the few demands that were changed are folded up to each word and compared with what they say at the moment asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand, DemandEvent, Revision
from matchhub.domain.counting.facts import DemandWordFact, EvidenceFact
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

# What the operator verified: all that the eight tests read, save how long it lasts: the enterprise extends that itself.
_VERIFIED = frozenset({
    "title", "text", "object", "aim", "targets", "technical_field", "ipc", "cooperation_form", "budget_yuan",
    "budget_negotiable", "contact_name", "contact_phone", "contact_email", "posted_on",
})  # fmt: skip
_AUTHORISED = _VERIFIED | {"valid_until_on"}
_EMPTY: tuple[object, ...] = (None, "", [], False)


@dataclass(frozen=True, slots=True)
class DemandWords:
    """The words on one demand; ``outdated``: digests of its files from before a later change."""

    verification: DemandWordFact | None = None
    own_word: DemandWordFact | None = None
    outdated: frozenset[str] = frozenset()


NO_WORDS = DemandWords()


@dataclass
class _Said:
    verified: DemandEvent | None = None
    authorised: DemandEvent | None = None
    papers: tuple[EvidenceFact, ...] = ()
    revisions: list[tuple[datetime, Mapping[str, Any]]] = field(default_factory=list)


def demand_words(
    unit: Unit, moment: Moment, papers: Mapping[int, tuple[EvidenceFact, ...]], only: Collection[int] | None = None
) -> dict[int, DemandWords]:
    """The words on every demand (or on ``only`` some few) of which anything was said; ``papers`` are their files."""
    found: dict[int, _Said] = defaultdict(_Said)
    chosen = select(DemandEvent).where(DemandEvent.state.in_(("verified", "authorised"))).order_by(DemandEvent.id)
    if only is not None:
        chosen = chosen.where(DemandEvent.demand_id.in_(list(only)))
    for row in unit.session.execute(moment.limit(chosen, DemandEvent)).scalars():
        if row.state == "authorised":
            found[row.demand_id].authorised = row
        elif row.how and row.spoken_to:
            found[row.demand_id].verified = row
    for demand_id, files in papers.items():
        found[demand_id].papers = files
    _add_revisions(unit, moment, found, only)
    return {key: _words(said) for key, said in found.items()}


def _add_revisions(unit: Unit, moment: Moment, found: Mapping[int, _Said], only: Collection[int] | None) -> None:
    """All revisions of those demands that were changed after they came on record."""
    changed = select(Revision.record_id).join(Demand, Demand.id == Revision.record_id)
    changed = changed.where(Revision.kind == "demands", Revision.recorded_at > Demand.recorded_at)
    if only is not None:
        changed = changed.where(Revision.record_id.in_(list(only)))
    chosen = select(Revision.record_id, Revision.recorded_at, Revision.fields).where(
        Revision.kind == "demands", Revision.record_id.in_(changed)
    )
    for key, at, fields in unit.session.execute(moment.limit(chosen.order_by(Revision.id), Revision)):
        if key in found:
            found[key].revisions.append((at, fields))


def _words(said: _Said) -> DemandWords:
    verified, authorised = said.verified, said.authorised
    old = (paper.digest for paper in said.papers
           if paper.recorded_at is not None and not _stands(said, paper.recorded_at, _AUTHORISED))  # fmt: skip
    return DemandWords(_word(said, verified, _VERIFIED), _word(said, authorised, _AUTHORISED), frozenset(old))


def _word(said: _Said, event: DemandEvent | None, names: frozenset[str]) -> DemandWordFact | None:
    if event is None:
        return None
    return DemandWordFact(on=event.occurred_on, stands=_stands(said, event.recorded_at, names))


def _stands(said: _Said, at: datetime, names: frozenset[str]) -> bool:
    """Whether the fields say what they said at the moment ``at``."""
    return _folded(said.revisions, names, at) == _folded(said.revisions, names)


def _folded(
    revisions: Iterable[tuple[datetime, Mapping[str, Any]]], names: frozenset[str], until: datetime | None = None
) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for at, fields in revisions:
        if until is None or at <= until:
            state.update({name: value for name, value in fields.items() if name in names})
    return {name: value for name, value in state.items() if value not in _EMPTY}
