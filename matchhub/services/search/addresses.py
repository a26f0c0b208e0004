"""Filters of a list as its address has them (``type=invention&year=2019``), read into those of the kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from matchhub.domain.typed import day_of
from matchhub.services.search.agencies import AgencyFilters
from matchhub.services.search.demands import STATES, DemandFilters
from matchhub.services.search.enterprises import LOCAL, EnterpriseFilters
from matchhub.services.search.experts import ExpertFilters
from matchhub.services.search.kinds import Kind
from matchhub.services.search.narrowing import MODES, PatentFilters
from matchhub.services.search.offers import FEES, REGIMES, OfferFilters

TYPES = ("invention", "utility_model", "design")
Said = Mapping[str, str]
FILTER_NAMES: dict[Kind, tuple[str, ...]] = {
    "patents": ("type", "validity", "ipc", "holder", "offered", "year", "mode", "most", "industry", "trade"),
    "offers": ("regime", "fee", "most", "until", "type", "industry", "trade"),
    "demands": ("field", "state", "year", "form", "least", "industry", "trade"),
    "agencies": ("service", "licensed"),
    "experts": ("field", "organisation", "title"),
    "enterprises": ("industry", "place", "category", "local"),
}
"""Names under which the address of a kind's list has its filters."""


def filters_of(kind: Kind, said: Said) -> Any:
    """The filters that an address asks for; a value that is none of the kind's narrows nothing."""
    return _READERS[kind]({name: said.get(name, "") for name in FILTER_NAMES[kind]})


def _patents(said: Said) -> PatentFilters:
    return PatentFilters(
        patent_type=said["type"],
        validity=said["validity"],
        ipc=said["ipc"],
        holder=said["holder"],
        offered=said["offered"] == "1",
        year=_year(said["year"]),
        mode=_one_of(said["mode"], MODES),
        most_yuan=_amount(said["most"]),
        industry=said["industry"],
        trade=said["trade"],
    )


def _offers(said: Said) -> OfferFilters:
    return OfferFilters(
        regime=_one_of(said["regime"], REGIMES),
        fee_method=_one_of(said["fee"], FEES),
        most_yuan=_amount(said["most"]),
        until_on=day_of(said["until"]),
        patent_type=_one_of(said["type"], TYPES),
        industry=said["industry"],
        trade=said["trade"],
    )


def _demands(said: Said) -> DemandFilters:
    return DemandFilters(
        field=said["field"],
        state=_one_of(said["state"], STATES),
        year=_year(said["year"]),
        form=said["form"],
        least_yuan=_amount(said["least"]),
        industry=said["industry"],
        trade=said["trade"],
    )


_READERS: dict[Kind, Callable[[Said], Any]] = {
    "patents": _patents,
    "offers": _offers,
    "demands": _demands,
    "agencies": lambda said: AgencyFilters(said["service"], said["licensed"] == "1"),
    "experts": lambda said: ExpertFilters(said["field"], said["organisation"], said["title"]),
    "enterprises": lambda said: EnterpriseFilters(
        said["industry"], said["place"], said["category"], _one_of(said["local"], tuple(LOCAL))
    ),
}


def _one_of(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 1985 <= int(text[:9]) <= 2999 else None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    return Decimal(plain) if plain.isascii() and plain.isdigit() and len(plain) < 13 else None
