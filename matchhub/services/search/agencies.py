"""Service agencies (服务机构), without their contact persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, cast, select

from matchhub.db.tables import Agency
from matchhub.services.kernel.paging import holds, holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.search.word_index import word_matcher
from recommender import Matcher

_SERVICES = cast(Agency.service_types, Text)


@dataclass(frozen=True, slots=True)
class AgencyFilters:
    """Narrows a list of agencies: ``service`` a word of a service, ``patent_agency`` those licensed for patents."""

    service: str = ""
    patent_agency: bool = False


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency, without its contact person and telephone."""

    id: int
    name: str
    service_types: tuple[str, ...]
    is_patent_agency: bool
    agency_code: str | None
    licence_number: str | None


def ids(unit: Unit, filters: AgencyFilters) -> Select[int]:
    """Agencies that stand, by name."""
    chosen = select(Agency.id).where(Agency.withdrawn_at.is_(None)).order_by(Agency.name, Agency.id)
    if filters.service.strip():
        chosen = chosen.where(holds(unit, _SERVICES, filters.service.strip()))
    return chosen.where(Agency.is_patent_agency) if filters.patent_agency else chosen


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Agencies whose name, services or code hold all words."""
    return holds_words(unit, words, Agency.name, _SERVICES, Agency.agency_code)


def matcher(unit: Unit) -> Matcher:
    """The matcher over agencies."""
    return word_matcher(unit, "agencies")


def rows(unit: Unit, wanted: Sequence[int]) -> list[AgencyRow]:
    """Rows of a list, in the order asked."""
    found = {row.id: row for row in unit.session.execute(select(Agency).where(Agency.id.in_(wanted))).scalars()}
    return [
        AgencyRow(
            id=agency.id,
            name=agency.name,
            service_types=tuple(agency.service_types or ()),
            is_patent_agency=agency.is_patent_agency,
            agency_code=agency.agency_code,
            licence_number=agency.licence_number,
        )
        for agency in (found[key] for key in wanted if key in found)
    ]


ORDERS = {"name": (Agency.name, Agency.id)}
