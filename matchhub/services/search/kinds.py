"""Free search over every kind of record: what an actor may see of it, found by words, in order of relevance, narrowed.

Who sees what: patents, open-licence offers and agencies everybody; of demands everybody the verified ones by title and
field (an institution by a text that is open to it, too), an enterprise its own besides, the desk all; experts who
consented (PIPL 13) the enterprises, all of them the desk; enterprises the desk alone. Words are looked for only in what
the actor may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Select, func, select

from matchhub.services.kernel.paging import Page, page_of, paged_by_id, typed_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import ready_matcher
from matchhub.services.search import agencies, demands, enterprises, experts, offers, patents
from matchhub.services.search.finding import Found, find, holding
from matchhub.services.search.narrowing import EVERYTHING
from matchhub.services.search.numbers import named
from matchhub.services.search.relevance import by_relevance, may_hold, other_words
from matchhub.services.search.searchable import Searchable

Kind = Literal["patents", "offers", "demands", "agencies", "experts", "enterprises"]
_TRIED = 10  # words looked up in the tables


KINDS: dict[Kind, Searchable] = {
    "patents": Searchable(
        "patent.browse",
        patents.ids,
        patents.speaks,
        patents.rows,
        ready_matcher,
        EVERYTHING,
        patents.ORDERS,
        named,
    ),
    "offers": Searchable(
        "offer.browse",
        offers.ids,
        offers.speaks,
        offers.rows,
        offers.matcher,
        offers.OfferFilters(),
        offers.ORDERS,
        named,
    ),
    "demands": Searchable(
        "demand.browse",
        demands.ids,
        demands.speaks,
        demands.rows,
        demands.matcher,
        demands.DemandFilters(),
        demands.ORDERS,
    ),
    "agencies": Searchable(
        "agency.browse",
        agencies.ids,
        agencies.speaks,
        agencies.rows,
        agencies.matcher,
        agencies.AgencyFilters(),
        agencies.ORDERS,
    ),
    "experts": Searchable(
        "expert.browse",
        experts.ids,
        experts.speaks,
        experts.rows,
        experts.matcher,
        experts.ExpertFilters(),
        experts.ORDERS,
    ),
    "enterprises": Searchable(
        "enterprise.browse",
        enterprises.ids,
        enterprises.speaks,
        enterprises.rows,
        enterprises.matcher,
        enterprises.EnterpriseFilters(),
        enterprises.ORDERS,
    ),
}


def visible_kinds(unit: Unit) -> tuple[Kind, ...]:
    """The kinds that the actor may search."""
    return tuple(kind for kind, each in KINDS.items() if unit.may(each.act))


def search(unit: Unit, kind: Kind, query: str = "", page: int = 1, filters: Any = None, sort: str = "") -> Page[Any]:
    """Records of a kind that hold all typed words, those that say most of them first, or in the order ``sort``.

    Where none holds them all, what was typed is read in other ways, and the page says so (``way``, ``meant``); else it
    shows what comes ``near``. Without words the order is that of a list. Raises ``NotAllowed`` for a kind that the
    actor may not see.
    """
    each = _allowed(unit, kind)
    chosen = _chosen(unit, each, filters, sort)
    if not typed_words(query):
        return paged_by_id(unit, chosen, page, lambda ids: each.rows(unit, ids))
    found = _ranked(unit, each, find(unit, each, query, chosen), sort)
    shown = page_of(found.ids, page, lambda part: each.rows(unit, part))
    near = found.near and bool(found.ids)
    return replace(shown, near=near, way=found.way, meant=found.meant, others=found.others)


def all_ids(unit: Unit, kind: Kind, query: str = "", filters: Any = None, sort: str = "") -> list[int]:
    """Ids of all that ``search`` finds, in its order; nothing that only comes near."""
    each = _allowed(unit, kind)
    chosen = _chosen(unit, each, filters, sort)
    if not typed_words(query):
        return list(unit.session.execute(chosen).scalars())
    found = find(unit, each, query, chosen)
    return [] if found.near else list(_ranked(unit, each, found, sort).ids)


def _chosen(unit: Unit, each: Searchable, filters: Any, sort: str) -> Select[int]:
    chosen = each.ids(unit, each.everything if filters is None else filters)
    return chosen.order_by(None).order_by(*each.orders[sort]) if sort in each.orders else chosen


def _ranked(unit: Unit, each: Searchable, found: Found, sort: str) -> Found:
    matcher = each.matcher(unit) if found.words and found.ids and sort not in each.orders else None
    return found if matcher is None else replace(found, ids=by_relevance(matcher, found.words, found.ids))


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
    held = each.ids(unit, each.everything).where(holding(unit, each, query)).order_by(None)
    return unit.session.execute(select(func.count()).select_from(held.subquery())).scalar_one()


def _allowed(unit: Unit, kind: Kind) -> Searchable:
    each = KINDS[kind]
    unit.require(each.act)
    return each
