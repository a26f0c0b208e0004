"""The best score of each of some demands, kept between page views.

A score follows from the index and from what is asked of it: the demand's words, those chosen for it, the answers of its
enterprise and the patents it holds. It is asked for again when one of these is another, never because a page is opened.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matchhub.db.tables import Demand
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import Asked, ask
from matchhub.services.matching.store import current_matcher
from recommender import Matcher

_MOST_KEPT = 20_000


@dataclass
class _Kept:
    """Scores under one matcher: per demand what was asked, and the best score; ``None``: nothing was found."""

    matcher: Matcher
    scores: OrderedDict[int, tuple[Any, float | None]] = field(default_factory=OrderedDict)


_kept: dict[Path, _Kept] = {}
_keeping = threading.Lock()


def best_scores(unit: Unit, demands: Sequence[Demand]) -> dict[int, float]:
    """By demand the score 0..1 of its best patent; demands for which nothing is found are left out."""
    if not demands:
        return {}
    matcher, asked = current_matcher(unit), ask(unit, demands)
    marks = {int(query.id): _mark(asked, query.id) for query in asked.queries}
    with _keeping:
        kept = _kept.get(unit.home)
        if kept is None or kept.matcher is not matcher:
            kept = _kept[unit.home] = _Kept(matcher)
        known = {key: kept.scores[key][1] for key, mark in marks.items() if kept.scores.get(key, (None,))[0] == mark}
    fresh = Asked(tuple(query for query in asked.queries if int(query.id) not in known), asked.lessons, asked.own)
    found = {int(key): score for key, _, score in fresh.match(matcher, top=1)} if fresh.queries else {}
    with _keeping:
        for query in fresh.queries:
            kept.scores[int(query.id)] = (marks[int(query.id)], found.get(int(query.id)))
        while len(kept.scores) > _MOST_KEPT:
            kept.scores.popitem(last=False)
    return {key: score for key, score in (known | found).items() if score is not None}


def _mark(asked: Asked, demand_id: str) -> Any:
    """All that a demand's score follows from beside the index."""
    (query,) = asked.only(demand_id).queries
    lesson = asked.lessons.get(demand_id)
    worth = tuple(sorted(lesson.worth.items())) if lesson else ()
    return query, worth, asked.unwanted(demand_id)
