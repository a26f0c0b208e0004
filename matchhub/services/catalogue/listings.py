"""Counts of the base, open-licence offers (开放许可), titles of demands (技术需求) and agencies (服务机构)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from matchhub.db.tables import Agency, Demand, Enterprise, Expert, Offer, Patent
from matchhub.errors import NotFound
from matchhub.services.catalogue.paging import Page, holds_words, paged, typed_words
from matchhub.services.catalogue.patent_page import newest_statuses, standing_offer
from matchhub.services.unit import Unit

# A demand is public once a person has verified it; its text, its firm and its contact stay with the platform.
PUBLIC_STATES = ("verified", "solved")


@dataclass(frozen=True, slots=True)
class BaseCounts:
    """Rows on record, not the counts of any bonus: nothing here is judged."""

    patents: int
    enterprises: int
    experts: int
    agencies: int
    demands: int
    offers: int


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One open-licence offer with its patent."""

    id: int
    patent_id: int
    patent_number: str
    patent_title: str
    patent_type: str | None
    validity: str
    holder_name: str
    regime: str | None
    announcement_number: str | None
    declared_on: date | None
    fee_method: str | None
    fee_yuan: Decimal | None
    royalty_percent: Decimal | None
    fee_text: str | None
    valid_to_on: date | None
    industry: str | None


@dataclass(frozen=True, slots=True)
class DemandPublic:
    """What everybody may know of a demand."""

    id: int
    title: str
    technical_field: str
    posted_on: date
    valid_until_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency, without its contact person and telephone."""

    id: int
    name: str
    service_types: tuple[str, ...]
    is_patent_agency: bool
    agency_code: str | None
    licence_number: str | None


def base_counts(unit: Unit) -> BaseCounts:
    """How many records the base holds and shows."""

    def number(table: Any, *conditions: Any) -> int:
        return int(unit.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())

    return BaseCounts(
        patents=number(Patent, Patent.withdrawn_at.is_(None)),
        enterprises=number(Enterprise, Enterprise.withdrawn_at.is_(None)),
        experts=number(Expert, Expert.withdrawn_at.is_(None)),
        agencies=number(Agency, Agency.withdrawn_at.is_(None)),
        demands=number(Demand, Demand.state.in_(PUBLIC_STATES), Demand.confidentiality != "invited"),
        offers=number(Offer, *standing_offer(unit)),
    )


def list_offers(unit: Unit, query: str = "", page: int = 1) -> Page[OfferRow]:
    """Offers that stand today, the newest first; ``query`` searches title, abstract, holder and industry."""
    statement: Select[*tuple[Any, ...]] = (
        select(Offer, Patent)
        .join(Patent, Patent.id == Offer.patent_id)
        .where(Patent.withdrawn_at.is_(None), *standing_offer(unit))
        .order_by(Offer.declared_on.desc().nulls_last(), Offer.id.desc())
    )
    if words := typed_words(query):
        statement = statement.where(
            holds_words(unit, words, Patent.title, Patent.abstract, Offer.holder_name, Offer.industry)
        )
    return paged(unit, statement, page, lambda rows: _offer_rows(unit, rows))


def _offer_rows(unit: Unit, rows: Sequence[Any]) -> list[OfferRow]:
    statuses = newest_statuses(unit, [patent.id for _, patent in rows])
    return [
        OfferRow(
            id=offer.id,
            patent_id=patent.id,
            patent_number=patent.application_number or patent.publication_number or "",
            patent_title=patent.title or "",
            patent_type=patent.patent_type,
            validity=statuses[patent.id].validity if patent.id in statuses else "unknown",
            holder_name=offer.holder_name or "",
            regime=offer.regime,
            announcement_number=offer.announcement_number,
            declared_on=offer.declared_on,
            fee_method=offer.fee_method,
            fee_yuan=offer.fee_yuan,
            royalty_percent=offer.royalty_percent,
            fee_text=offer.fee_text,
            valid_to_on=offer.valid_to_on,
            industry=offer.industry,
        )
        for offer, patent in rows
    ]


def list_demands_public(unit: Unit, query: str = "", page: int = 1) -> Page[DemandPublic]:
    """Verified demands, the newest first; ``query`` searches title and field, never the text that is not shown."""
    statement = (
        select(Demand)
        .where(Demand.state.in_(PUBLIC_STATES), Demand.confidentiality != "invited")
        .order_by(Demand.posted_on.desc(), Demand.id.desc())
    )
    if words := typed_words(query):
        statement = statement.where(holds_words(unit, words, Demand.title, Demand.technical_field))
    return paged(unit, statement, page, lambda rows: [_demand(row[0]) for row in rows])


def demand_public(unit: Unit, demand_id: int) -> DemandPublic:
    """The public part of one demand; raises ``NotFound`` unless it is verified or solved, and for invited
    institutions only."""
    demand = unit.session.get(Demand, demand_id)
    if demand is None or demand.state not in PUBLIC_STATES or demand.confidentiality == "invited":
        raise NotFound(id=demand_id)
    return _demand(demand)


def _demand(demand: Demand) -> DemandPublic:
    return DemandPublic(
        id=demand.id,
        title=demand.title,
        technical_field=demand.technical_field or "",
        posted_on=demand.posted_on,
        valid_until_on=demand.valid_until_on,
        state=demand.state,
    )


def list_agencies(unit: Unit, query: str = "", page: int = 1) -> Page[AgencyRow]:
    """Agencies by name; ``query`` searches the name."""
    statement = select(Agency).where(Agency.withdrawn_at.is_(None)).order_by(Agency.name, Agency.id)
    if words := typed_words(query):
        statement = statement.where(holds_words(unit, words, Agency.name))
    return paged(unit, statement, page, lambda rows: [_agency(row[0]) for row in rows])


def _agency(agency: Agency) -> AgencyRow:
    return AgencyRow(
        id=agency.id,
        name=agency.name,
        service_types=tuple(agency.service_types or ()),
        is_patent_agency=agency.is_patent_agency,
        agency_code=agency.agency_code,
        licence_number=agency.licence_number,
    )
