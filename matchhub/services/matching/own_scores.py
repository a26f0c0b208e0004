"""Own patents of an institution (机构) scored against the published demands, kept between page views.

The demands on the way to the match are the slow part (about a millisecond each), so scores stay in memory and only
demands that changed are matched again; another index, other words or other patents begin anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Demand, Organisation, Patent, PatentHolder
from matchhub.errors import NotFound
from matchhub.services.catalogue.patent_page import newest_statuses
from matchhub.services.matching.asking import ask
from matchhub.services.matching.store import current_matcher
from matchhub.services.meeting.confidentiality import listed
from matchhub.services.unit import Unit
from recommender import Matcher

SHOWN_STATE = "verified"
_PER_DEMAND = 20
_KEPT_INSTITUTIONS = 64
Pair = tuple[int, float]
"""A patent and its score."""


@dataclass
class _Kept:
    """Scores of one institution under one matcher: per demand when it last changed, and its best own patents."""

    matcher: Matcher
    patents: frozenset[int]
    scores: dict[int, tuple[datetime, tuple[Pair, ...]]] = field(default_factory=dict)


_kept: OrderedDict[tuple[Path, int], _Kept] = OrderedDict()
_keeping = threading.Lock()


def own_patent_ids(unit: Unit) -> frozenset[int]:
    """Patents of the actor's organisation."""
    unit.require("institution")
    other = aliased(PatentHolder)
    owned = exists().where(other.patent_id == PatentHolder.patent_id, other.role == "owner")
    chosen = (
        select(PatentHolder.patent_id)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(
            PatentHolder.name_key == own_organisation(unit).name_key,
            Patent.withdrawn_at.is_(None),
            or_(PatentHolder.role == "owner", (PatentHolder.role == "applicant") & ~owned),
        )
    )
    return frozenset(unit.session.execute(chosen).scalars())


def own_organisation(unit: Unit) -> Organisation:
    """The actor's organisation."""
    found = unit.session.get(Organisation, unit.actor.organisation_id) if unit.actor.organisation_id else None
    if found is None:
        raise NotFound()
    return found


def shown_demands(unit: Unit, demand_id: int | None = None) -> list[Demand]:
    """Demands that the actor's institution is shown today: verified, term not passed, not for invited others only."""
    chosen = select(Demand).where(
        Demand.state == SHOWN_STATE, or_(Demand.valid_until_on.is_(None), Demand.valid_until_on >= unit.today)
    )
    chosen = chosen.where(listed(unit))
    chosen = chosen if demand_id is None else chosen.where(Demand.id == demand_id)
    return list(unit.session.execute(chosen.order_by(Demand.id)).scalars())


def own_scores(unit: Unit, own: frozenset[int]) -> dict[int, tuple[Pair, ...]]:
    """Best own patents (not dead, score at least the published floor) per published demand that has any."""
    matcher = current_matcher(unit)
    floor = unit.pack.pushes.floor_of(matcher.model) or 0.0
    kept = _kept_scores((unit.home, unit.actor.organisation_id or 0), matcher, own)
    demands = shown_demands(unit)
    fresh = [row for row in demands if kept.scores.get(row.id, (None,))[0] != row.updated_at]
    found: dict[int, list[Pair]] = {row.id: [] for row in fresh}
    if fresh and own:
        dead = {key for key, status in newest_statuses(unit, sorted(own)).items() if status.validity == "dead"}
        mask = matcher.index.mask(str(key) for key in own - dead)
        for demand_id, patent_id, score in matcher.match(ask(unit, fresh).queries, _PER_DEMAND, mask):
            if score >= floor:
                found[int(demand_id)].append((int(patent_id), score))
    kept.scores.update({row.id: (row.updated_at, tuple(found[row.id])) for row in fresh})
    return {row.id: kept.scores[row.id][1] for row in demands if kept.scores[row.id][1]}


def _kept_scores(key: tuple[Path, int], matcher: Matcher, own: frozenset[int]) -> _Kept:
    with _keeping:
        held = _kept.pop(key, None)
        if held is None or held.matcher is not matcher or held.patents != own:
            held = _Kept(matcher, own)
        _kept[key] = held
        while len(_kept) > _KEPT_INSTITUTIONS:
            _kept.popitem(last=False)
        return held
