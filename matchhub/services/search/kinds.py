"""Free search over every kind of record: what an actor may see of it, found by words, in order of relevance, narrowed.

Who sees what: patents, open-licence offers and agencies everybody; of demands everybody the verified ones by title and
field (an institution by a text that is open to it, too), an enterprise its own besides, the desk all; experts who
consented (PIPL 13) the enterprises, all of them the desk; enterprises the desk alone. Words are looked for only in what
the actor may read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from matchhub.services.kernel.paging import Page, page_of, paged_by_id, typed_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import ready_matcher
from matchhub.services.search import agencies, demands, enterprises, experts, offers, patents
from matchhub.services.search.narrowing import EVERYTHING
from matchhub.services.search.relevance import by_relevance, may_hold, near_ids, other_words, same_in_other_words
from recommender import Matcher

Kind = Literal["patents", "offers", "demands", "agencies", "experts", "enterprises"]
_TRIED = 10  # words looked up in the tables


@dataclass(frozen=True, slots=True)
class Searchable:
    """One kind: the act of looking, ids of what is seen under given filters (in the order of a list without words),
    where words are looked for, rows to show, the matcher that puts hits in order, and filters that narrow nothing."""

    act: str
    ids: Callable[[Unit, Any], Select[int]]
    speaks: Callable[[Unit, Sequence[str]], ColumnElement[bool]]
    rows: Callable[[Unit, Sequence[int]], Sequence[Any]]
    matcher: Callable[[Unit], Matcher | None]
    everything: Any


KINDS: dict[Kind, Searchable] = {
    "patents": Searchable("patent.browse", patents.ids, patents.speaks, patents.rows, ready_matcher, EVERYTHING),
    "offers": Searchable("offer.browse", offers.ids, offers.speaks, offers.rows, offers.matcher, offers.OfferFilters()),
    "demands": Searchable(
        "demand.browse", demands.ids, demands.speaks, demands.rows, demands.matcher, demands.DemandFilters()
    ),
    "agencies": Searchable(
        "agency.browse", agencies.ids, agencies.speaks, agencies.rows, agencies.matcher, agencies.AgencyFilters()
    ),
    "experts": Searchable(
        "expert.browse", experts.ids, experts.speaks, experts.rows, experts.matcher, experts.ExpertFilters()
    ),
    "enterprises": Searchable(
        "enterprise.browse",
        enterprises.ids,
        enterprises.speaks,
        enterprises.rows,
        enterprises.matcher,
        enterprises.EnterpriseFilters(),
    ),
}


def visible_kinds(unit: Unit) -> tuple[Kind, ...]:
    """The kinds that the actor may search."""
    return tuple(kind for kind, each in KINDS.items() if unit.may(each.act))


def search(unit: Unit, kind: Kind, query: str = "", page: int = 1, filters: Any = None) -> Page[Any]:
    """Records of a kind that hold all typed words, those that say most of them first.

    Where none holds them all the page shows what comes ``near``; without words the order is that of a list. Raises
    ``NotAllowed`` for a kind that the actor may not see.
    """
    each = _allowed(unit, kind)
    chosen = each.ids(unit, each.everything if filters is None else filters)
    words = typed_words(query)
    plain = not words or (kind == "patents" and patents.number_in(query) is not None)
    if plain:
        found = chosen if not words else chosen.where(_holding(unit, kind, query))
        return paged_by_id(unit, found, page, lambda ids: each.rows(unit, ids))
    ids, near = list(unit.session.execute(chosen.where(each.speaks(unit, words))).scalars()), False
    if (matcher := each.matcher(unit)) is not None:
        near = not ids
        ids = _near(unit, each, matcher, chosen, words) if near else by_relevance(matcher, words, ids)
    return replace(page_of(ids, page, lambda part: each.rows(unit, part)), near=near and bool(ids))


def _near(unit: Unit, each: Searchable, matcher: Matcher, chosen: Select[int], words: Sequence[str]) -> list[int]:
    """Records that say every word in other words; where there are none, those that say part of it."""
    meant = [same_in_other_words(matcher, word) for word in words]
    if any(len(group) > 1 for group in meant):
        said = and_(*(or_(*(each.speaks(unit, [word]) for word in group)) for group in meant))
        if ids := list(unit.session.execute(chosen.where(said)).scalars()):
            return by_relevance(matcher, words, ids)
    return near_ids(matcher, words, unit.session.execute(chosen).scalars())


def count_hits(unit: Unit, query: str, known: Mapping[Kind, int] | None = None) -> dict[Kind, int]:
    """How many records of each visible kind hold all typed words, whatever the filters; ``known`` are not counted."""
    told = known or {}
    return {kind: told[kind] if kind in told else _hits(unit, kind, query) for kind in visible_kinds(unit)}


def words_to_try(unit: Unit, kind: Kind, query: str, most: int = 6) -> tuple[str, ...]:
    """Words near the typed ones that find something of this kind for the actor."""
    each, words = _allowed(unit, kind), typed_words(query)
    matcher = each.matcher(unit) if words else None
    if matcher is None:
        return ()
    found: list[str] = []
    for word in islice((word for word in other_words(matcher, words) if may_hold(matcher, word)), _TRIED):
        held = each.ids(unit, each.everything).where(each.speaks(unit, [word])).order_by(None).limit(1)
        if len(found) < most and unit.session.execute(held).first() is not None:
            found.append(word)
    return tuple(found)


def _hits(unit: Unit, kind: Kind, query: str) -> int:
    each = KINDS[kind]
    held = each.ids(unit, each.everything).where(_holding(unit, kind, query)).order_by(None)
    return unit.session.execute(select(func.count()).select_from(held.subquery())).scalar_one()


def _holding(unit: Unit, kind: Kind, query: str) -> ColumnElement[bool]:
    number = patents.number_in(query) if kind == "patents" else None
    return patents.has_number(number) if number else KINDS[kind].speaks(unit, typed_words(query))


def _allowed(unit: Unit, kind: Kind) -> Searchable:
    each = KINDS[kind]
    unit.require(each.act)
    return each
