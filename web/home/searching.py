"""Search and lists of every kind: one address per kind, its words, filters and page in it."""

from __future__ import annotations

from flask import render_template

from matchhub.services.kernel.unit import Unit
from matchhub.services.search.addresses import FILTER_NAMES, TYPES, filters_of
from matchhub.services.search.demands import STATES
from matchhub.services.search.kinds import KINDS, Kind, count_hits, visible_kinds, words_to_try
from matchhub.services.search.kinds import search as search_kind
from matchhub.services.search.narrowing import MODES
from matchhub.services.search.offers import FEES, REGIMES
from matchhub.services.search.saved import unseen
from web.gate import act
from web.home import blueprint
from web.paging import asked_page, asked_text
from web.units import reading

OVERVIEW = 4  # records of each kind shown before one kind is chosen


@blueprint.get("/search")
@act("base.search")
def search() -> str:
    """What every kind holds of the words: its number and the first few."""
    query = asked_text("q")
    with reading() as unit:
        found = {kind: search_kind(unit, kind, query) for kind in visible_kinds(unit)} if query else {}
        counts = {kind: 0 if page.near else page.total for kind, page in found.items()}
        offered = (words_to_try(unit, kind, query) for kind in found)
        tries = () if any(counts.values()) else next((words for words in offered if words), ())
    return render_template("home/search.html", query=query, found=found, counts=counts, shown=OVERVIEW, tries=tries)


@blueprint.get("/patents")
@act("patent.browse")
def patents() -> str:
    """Patents by words or number, narrowed by type, status, class, holder, way to have them, price, trade and year."""
    return _list("patents", modes=MODES, types=TYPES)


@blueprint.get("/offers")
@act("offer.browse")
def offers() -> str:
    """Open-licence offers that stand today, with their fees."""
    return _list("offers", regimes=REGIMES, fees=FEES, types=TYPES)


@blueprint.get("/demands")
@act("demand.browse")
def demands() -> str:
    """Demands by title and field; the desk finds them by all their words."""
    return _list("demands", states=STATES)


@blueprint.get("/agencies")
@act("agency.browse")
def agencies() -> str:
    """Service agencies, without contact persons."""
    return _list("agencies")


@blueprint.get("/experts")
@act("expert.browse")
def experts() -> str:
    """Experts, without contact data; enterprises see those who consented."""
    return _list("experts")


@blueprint.get("/enterprises")
@act("enterprise.browse")
def enterprises() -> str:
    """Enterprises by name, code, trade and place."""
    return _list("enterprises")


def asked_filters(kind: Kind) -> dict[str, str]:
    """The filters that the address names, as they stand there."""
    return {name: asked_text(name) for name in FILTER_NAMES[kind] if asked_text(name)}


def _list(kind: Kind, **choices: object) -> str:
    query, said, sort = asked_text("q"), asked_filters(kind), asked_text("sort")
    filters, each = filters_of(kind, said), KINDS[kind]
    narrowed = filters != each.everything
    with reading() as unit:
        page = search_kind(unit, kind, query, asked_page(), filters, sort)
        known = {} if page.near or narrowed else {kind: page.total}
        counts = count_hits(unit, query, known) if query else {}
        tries = words_to_try(unit, kind, query) if query and (page.near or not page.total) else ()
        kinds = visible_kinds(unit)
        categories, new = _categories(unit), unseen(unit)
    return render_template(
        f"home/{kind}.html",
        kind=kind,
        kinds=kinds,
        page=page,
        query=query,
        marked=page.meant or query,
        filters=filters,
        said=said,
        sort=sort if sort in each.orders else "",
        orders=tuple(each.orders),
        counts=counts,
        tries=tries,
        narrowed=narrowed,
        categories=categories,
        unseen=new,
        **choices,
    )


def _categories(unit: Unit) -> dict[str, tuple[str, str]]:
    """Innovation categories of the rule pack, in both languages."""
    return {key: (each.zh, each.en) for key, each in unit.pack.categories.items()}
