"""Search and lists of every kind: one address per kind, its words, filters and page in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template

from matchhub.services.kernel.unit import Unit
from matchhub.services.search.agencies import AgencyFilters
from matchhub.services.search.demands import STATES, DemandFilters
from matchhub.services.search.enterprises import EnterpriseFilters
from matchhub.services.search.experts import ExpertFilters
from matchhub.services.search.kinds import KINDS, Kind, count_hits, visible_kinds, words_to_try
from matchhub.services.search.kinds import search as search_kind
from matchhub.services.search.narrowing import MODES, PatentFilters
from matchhub.services.search.offers import FEES, REGIMES, OfferFilters
from web.gate import act
from web.home import blueprint
from web.paging import asked_page, asked_text
from web.units import reading

OVERVIEW = 4  # records of each kind shown before one kind is chosen
TYPES = ("invention", "utility_model", "design")


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
    return _list("patents", _patent_filters, modes=MODES, types=TYPES)


@blueprint.get("/offers")
@act("offer.browse")
def offers() -> str:
    """Open-licence offers that stand today, with their fees."""
    return _list("offers", _offer_filters, regimes=REGIMES, fees=FEES, types=TYPES)


@blueprint.get("/demands")
@act("demand.browse")
def demands() -> str:
    """Demands by title and field; the desk finds them by all their words."""
    return _list("demands", _demand_filters, states=STATES)


@blueprint.get("/agencies")
@act("agency.browse")
def agencies() -> str:
    """Service agencies, without contact persons."""
    return _list("agencies", lambda: AgencyFilters(asked_text("service"), asked_text("licensed") == "1"))


@blueprint.get("/experts")
@act("expert.browse")
def experts() -> str:
    """Experts, without contact data; enterprises see those who consented."""
    return _list("experts", lambda: ExpertFilters(asked_text("field"), asked_text("organisation"), asked_text("title")))


@blueprint.get("/enterprises")
@act("enterprise.browse")
def enterprises() -> str:
    """Enterprises by name, code, trade and place."""
    return _list(
        "enterprises",
        lambda: EnterpriseFilters(
            asked_text("industry"), asked_text("place"), asked_text("category"), _one_of("local", ("yes", "no", "open"))
        ),
    )


def _list(kind: Kind, read: Callable[[], Any], **choices: object) -> str:
    query, filters = asked_text("q"), read()
    with reading() as unit:
        page = search_kind(unit, kind, query, asked_page(), filters)
        known = {} if page.near or filters != KINDS[kind].everything else {kind: page.total}
        counts = count_hits(unit, query, known) if query else {}
        tries = words_to_try(unit, kind, query) if query and (page.near or not page.total) else ()
        kinds = visible_kinds(unit)
        categories = _categories(unit)
    narrowed = filters != KINDS[kind].everything
    return render_template(
        f"home/{kind}.html",
        kind=kind,
        kinds=kinds,
        page=page,
        query=query,
        filters=filters,
        counts=counts,
        tries=tries,
        narrowed=narrowed,
        categories=categories,
        **choices,
    )


def _categories(unit: Unit) -> dict[str, tuple[str, str]]:
    """Innovation categories of the rule pack, in both languages."""
    return {key: (each.zh, each.en) for key, each in unit.pack.categories.items()}


def _patent_filters() -> PatentFilters:
    return PatentFilters(
        patent_type=asked_text("type"),
        validity=asked_text("validity"),
        ipc=asked_text("ipc"),
        holder=asked_text("holder"),
        offered=asked_text("offered") == "1",
        year=_year(asked_text("year")),
        mode=_one_of("mode", MODES),
        most_yuan=_amount(asked_text("most")),
        industry=asked_text("industry"),
    )


def _offer_filters() -> OfferFilters:
    return OfferFilters(
        regime=_one_of("regime", REGIMES),
        fee_method=_one_of("fee", FEES),
        most_yuan=_amount(asked_text("most")),
        until_on=_day(asked_text("until")),
        patent_type=_one_of("type", TYPES),
        industry=asked_text("industry"),
    )


def _demand_filters() -> DemandFilters:
    return DemandFilters(
        field=asked_text("field"),
        state=_one_of("state", STATES),
        year=_year(asked_text("year")),
        form=asked_text("form"),
        least_yuan=_amount(asked_text("least")),
        industry=asked_text("industry"),
    )


def _one_of(name: str, known: tuple[str, ...]) -> str:
    return asked_text(name) if asked_text(name) in known else ""


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1985 <= int(text[:9]) <= 2999 else None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    return Decimal(plain) if plain.isascii() and plain.isdigit() and len(plain) < 13 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
