"""How much is read of a demand, and how often a draft is matched: what one account can ask of everybody's processor."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import replace
from datetime import datetime, timedelta

from matchhub.services.kernel.unit import Unit
from recommender import Query, whole_text

MOST_READ = 6_000
"""Characters of a demand that are matched; what stands behind them is kept and shown, but not asked for."""
BRIEF = 12
DRAFTS = 40
WITHIN = timedelta(minutes=1)
_MOST_ACCOUNTS = 10_000
_asked: OrderedDict[int, deque[datetime]] = OrderedDict()
_asking = threading.Lock()


def bounded(query: Query) -> Query:
    """The query with ``MOST_READ`` characters of title and text together; words chosen for it all stay."""
    if len(query.title) + len(query.text) <= MOST_READ:
        return query
    title = query.title[:MOST_READ]
    return replace(query, title=title, text=query.text[: MOST_READ - len(title)])


def is_brief(query: Query) -> bool:
    """Whether something is written and too little to name product, problem and aim: the form asks one question back."""
    return 0 < len(whole_text(query).strip()) < BRIEF


def cut_at(query: Query) -> int:
    """``MOST_READ`` where a query is longer than what is read of it, which whoever reads the answer is told; else 0."""
    return MOST_READ if len(query.title) + len(query.text) > MOST_READ else 0


def may_match_draft(unit: Unit) -> bool:
    """Whether the account may have a draft matched now: ``DRAFTS`` times within a minute in each process."""
    account = unit.actor.account_id or 0
    with _asking:
        moments = _asked.setdefault(account, deque())
        _asked.move_to_end(account)
        while len(_asked) > _MOST_ACCOUNTS:
            _asked.popitem(last=False)
        while moments and moments[0] <= unit.now - WITHIN:
            moments.popleft()
        if len(moments) >= DRAFTS:
            return False
        moments.append(unit.now)
        return True
