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

from matchhub.services.demands.public import shown_changes, shown_demands
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.page import ended_patents
from recommender import Matcher

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


def own_scores(unit: Unit, own: frozenset[int]) -> dict[int, tuple[Pair, ...]]:
    """Best own patents (not dead, score at least the published floor) per published demand that has any."""
    matcher = current_matcher(unit)
    floor = unit.pack.pushes.floor_of(matcher.model) or 0.0
    kept = _kept_scores((unit.home, unit.actor.organisation_id or 0), matcher, own)
    changed = shown_changes(unit)
    stale = [key for key, at in changed.items() if kept.scores.get(key, (None,))[0] != at]
    fresh = [row for part in parts(stale) for row in shown_demands(unit, part)]
    found: dict[int, list[Pair]] = {row.id: [] for row in fresh}
    if fresh and own:
        dead = ended_patents(unit, sorted(own))
        mask = matcher.index.mask(str(key) for key in own - dead)
        for demand_id, patent_id, score in matcher.match(ask(unit, fresh).queries, _PER_DEMAND, mask):
            if score >= floor:
                found[int(demand_id)].append((int(patent_id), score))
    kept.scores.update({row.id: (row.updated_at, tuple(found[row.id])) for row in fresh})
    return {key: kept.scores[key][1] for key in changed if key in kept.scores and kept.scores[key][1]}


def _kept_scores(key: tuple[Path, int], matcher: Matcher, own: frozenset[int]) -> _Kept:
    with _keeping:
        held = _kept.pop(key, None)
        if held is None or held.matcher is not matcher or held.patents != own:
            held = _Kept(matcher, own)
        _kept[key] = held
        while len(_kept) > _KEPT_INSTITUTIONS:
            _kept.popitem(last=False)
        return held
