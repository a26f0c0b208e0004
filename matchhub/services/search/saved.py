"""Saved searches: kept by an account, asked again every night in its name, told once a day when something new fits.

What is new is what was not among the records found before, whether it came into the base, became public or was changed
so that it fits now. A search sees what its account may see at that moment, never more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from matchhub.db.tables import Account, SavedSearch
from matchhub.errors import Conflict, NotAllowed, NotFound
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.search.addresses import FILTER_NAMES, filters_of
from matchhub.services.search.kinds import KINDS, Kind, all_ids

MOST_SEARCHES = 30
MOST_FOUND = 5_000
_NAMED = 3  # of what is new, so many are named in the letter


@dataclass(frozen=True, slots=True)
class SavedView:
    """One saved search with how many it finds and how many of these are new to the account since
    ``seen_at``."""

    id: int
    kind: Kind
    query: str
    filters: Mapping[str, str]
    found: int
    fresh: int
    seen_at: datetime
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class NewsLine:
    """What is new for one search: its kind and question, how many, and the names of the first."""

    kind: str
    query: str
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """The day's letter to one account; no address: the page alone tells it."""

    account_id: int
    address: str | None
    message_id: str
    link: str
    lines: tuple[NewsLine, ...] = field(default=())


def save_search(unit: Unit, kind: str, query: str, said: Mapping[str, str]) -> int:
    """Keep a search; what it finds now is known. Returns its id, that of the same one where it is kept already.

    Raises ``Conflict`` with ``saved_search_empty``, ``saved_search_many`` or ``saved_search_wide`` (more than 5,000).
    """
    unit.require("search.keep_own")
    if kind not in KINDS:
        raise NotFound()
    known: Kind = kind
    filters = {name: said[name] for name in FILTER_NAMES[known] if said.get(name)}
    words = " ".join(query.split())[:200]
    if not words and not filters:
        raise Conflict("saved_search_empty")
    kept = _own(unit)
    same = next((row for row in kept if (row.kind, row.query, row.filters) == (kind, words, filters)), None)
    if same is not None:
        return same.id
    if len(kept) >= MOST_SEARCHES:
        raise Conflict("saved_search_many", most=MOST_SEARCHES)
    found = all_ids(unit, known, words, filters_of(known, filters))
    if len(found) > MOST_FOUND:
        raise Conflict("saved_search_wide", most=MOST_FOUND, found=len(found))
    row = SavedSearch(
        account_id=unit.actor.account_id,
        kind=kind,
        query=words,
        filters=filters,
        known_ids=found,
        fresh_ids=[],
        untold=0,
        made_at=unit.now,
        seen_at=unit.now,
        looked_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row.id


def own_searches(unit: Unit) -> tuple[SavedView, ...]:
    """Saved searches of the actor's account, those with something new first."""
    unit.require("search.keep_own")
    views = [_view(row) for row in _own(unit)]
    return tuple(sorted(views, key=lambda view: (-view.fresh, -view.id)))


def unseen(unit: Unit) -> int:
    """How many new records wait in the actor's saved searches."""
    if unit.actor.account_id is None:
        return 0
    chosen = select(SavedSearch.fresh_ids).where(
        SavedSearch.account_id == unit.actor.account_id, SavedSearch.removed_at.is_(None)
    )
    return sum(map(len, unit.session.execute(chosen).scalars()))


def open_search(unit: Unit, search_id: int) -> tuple[SavedView, list[Any]]:
    """One saved search with the rows that are new to the account, as far as it may still see them."""
    row = _one(unit, search_id)
    return _view(row), _rows(unit, row, row.fresh_ids)


def mark_seen(unit: Unit, search_id: int) -> None:
    """What was new is known now."""
    row = _one(unit, search_id)
    row.fresh_ids, row.untold, row.seen_at = [], 0, unit.now


def remove_search(unit: Unit, search_id: int) -> None:
    """Keep a search no longer."""
    _one(unit, search_id).removed_at = unit.now


def accounts_with_searches(unit: Unit) -> list[int]:
    """Accounts that keep searches."""
    chosen = select(SavedSearch.account_id).where(SavedSearch.removed_at.is_(None)).distinct()
    return list(unit.session.execute(chosen.order_by(SavedSearch.account_id)).scalars())


def look_again(unit: Unit) -> Digest | None:
    """Ask every search of the actor's account again; what to tell it today, or ``None``.

    The notice inside the application is written here; whoever sends the letter says with ``record_letter`` what became
    of it. A second look on the same day finds what is new and tells nothing.
    """
    rows = _own(unit)
    for row in rows:
        _ask(unit, row)
    told_today = any(row.told_on == unit.today for row in rows)
    news = [row for row in rows if row.untold]
    if told_today or not news:
        return None
    lines = tuple(_line(unit, row) for row in news)
    for row in news:
        row.told_on, row.untold = unit.today, 0
    _tell(unit, news[0].id, sum(line.number for line in lines))
    account = unit.session.get_one(Account, unit.actor.account_id)
    name = f"<searches-{account.id}-{unit.today.isoformat()}@matchhub>"
    return Digest(account.id, account.email, name, f"{unit.base_url}/searches", lines)


def record_letter(unit: Unit, digest: Digest, outcome: str, reply: str) -> None:
    """Write down how a letter went; one that never left is told again with the next day's."""
    append_event(unit, "saved_search.told", "accounts", digest.account_id, outcome=outcome, reply=reply)
    if outcome not in ("deferred", "sender_fault"):
        return
    chosen = select(SavedSearch).where(SavedSearch.account_id == digest.account_id, SavedSearch.removed_at.is_(None))
    for row in unit.session.execute(chosen.where(SavedSearch.told_on == unit.today)).scalars():
        row.untold, row.told_on = len(row.fresh_ids), None


def _ask(unit: Unit, row: SavedSearch) -> None:
    kind = cast(Kind, row.kind)
    try:
        found = all_ids(unit, kind, row.query, filters_of(kind, row.filters))[:MOST_FOUND]
    except NotAllowed:  # the account lost the right to look: nothing is told of what it may not see
        row.known_ids, row.fresh_ids, row.untold, row.looked_at = [], [], 0, unit.now
        return
    known, still = set(row.known_ids), set(found)
    fresh = [key for key in found if key not in known]
    row.fresh_ids = [*fresh, *(key for key in row.fresh_ids if key in still and key not in fresh)]
    row.untold = min(row.untold + len(fresh), len(row.fresh_ids))
    row.known_ids, row.looked_at = found, unit.now


def _line(unit: Unit, row: SavedSearch) -> NewsLine:
    names = (name_of(each) for each in _rows(unit, row, row.fresh_ids[: min(_NAMED, row.untold)]))
    return NewsLine(row.kind, row.query, row.untold, tuple(name for name in names if name))


def name_of(row: Any) -> str:
    """What a row of a list is called."""
    return next((str(said) for name in ("title", "patent_title", "name") if (said := getattr(row, name, ""))), "")


def _tell(unit: Unit, search_id: int, number: int) -> None:
    key = f"{unit.actor.account_id}:{unit.today.isoformat()}"
    subject = ("saved_searches", search_id)
    notify(unit, [unit.actor.organisation_id], "notice_saved_search", subject, key, number=number, who=unit.actor.name)


def _rows(unit: Unit, row: SavedSearch, wanted: list[int]) -> list[Any]:
    each = KINDS[cast(Kind, row.kind)]
    unit.require(each.act)
    chosen = each.ids(unit, filters_of(cast(Kind, row.kind), row.filters))
    (key,) = chosen.selected_columns
    seen = set(unit.session.execute(chosen.where(key.in_(wanted))).scalars())
    return list(each.rows(unit, [one for one in wanted if one in seen]))


def _own(unit: Unit) -> list[SavedSearch]:
    chosen = select(SavedSearch).where(
        SavedSearch.account_id == (unit.actor.account_id or 0), SavedSearch.removed_at.is_(None)
    )
    return list(unit.session.execute(chosen.order_by(SavedSearch.id)).scalars())


def _one(unit: Unit, search_id: int) -> SavedSearch:
    unit.require("search.keep_own")
    row = unit.session.get(SavedSearch, search_id)
    if row is None or row.account_id != unit.actor.account_id or row.removed_at is not None:
        raise NotFound(id=search_id)
    return row


def _view(row: SavedSearch) -> SavedView:
    filters = {name: str(said) for name, said in row.filters.items()}
    return SavedView(
        row.id,
        cast(Kind, row.kind),
        row.query,
        filters,
        len(row.known_ids),
        len(row.fresh_ids),
        row.seen_at,
        row.looked_at,
    )
