"""Filters of a search for patents (专利), each as a condition on the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Enterprise, Offer, Patent, PatentClass, PatentHolder, PatentOffer, PatentStatus
from matchhub.services.kernel.paging import holds
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.page import running_offer
from matchhub.services.patents.terms import term_is_over
from matchhub.services.trades.figures import patents_of_trade

MODES = ("transfer", "licence", "open_licence", "contribution")
_PUBLISHED = (PatentOffer.state == "published", PatentOffer.withdrawn_at.is_(None))


@dataclass(frozen=True, slots=True)
class PatentFilters:
    """Narrows a search; an empty value narrows nothing.

    ``ipc`` is the beginning of a symbol, ``year`` that of filing, ``mode`` how it is to be had (``MODES``),
    ``most_yuan`` the highest fee or price stated, ``industry`` a word of the trade of its offer or of its owner,
    ``trade`` an industry of the rule pack that its classes serve.
    """

    patent_type: str = ""
    validity: str = ""
    ipc: str = ""
    holder: str = ""
    offered: bool = False
    year: int | None = None
    mode: str = ""
    most_yuan: Decimal | None = None
    industry: str = ""
    trade: str = ""


EVERYTHING = PatentFilters()


def narrowed(unit: Unit, statement: Select[int], filters: PatentFilters) -> Select[int]:
    """``statement`` over patents with the conditions of the filters."""
    if filters.patent_type:
        statement = statement.where(Patent.patent_type == filters.patent_type)
    if filters.validity:
        statement = statement.where(_shown_validity(unit, filters.validity))
    if filters.ipc:
        symbol = PatentClass.symbol.startswith(filters.ipc.strip().upper(), autoescape=True)
        statement = statement.where(Patent.id.in_(select(PatentClass.patent_id).where(symbol)))
    if filters.holder:
        named = holds(unit, PatentHolder.name, filters.holder.strip())
        statement = statement.where(Patent.id.in_(select(PatentHolder.patent_id).where(named)))
    if filters.offered:
        statement = statement.where(exists().where(Offer.patent_id == Patent.id, *running_offer(unit)))
    if filters.year is not None:
        days = (date(filters.year, 1, 1), date(filters.year, 12, 31))
        statement = statement.where(Patent.filed_on.between(*days))
    if filters.trade:
        statement = statement.where(patents_of_trade(unit, filters.trade))
    for condition in (_mode(unit, filters.mode), _price(unit, filters.most_yuan), _industry(unit, filters.industry)):
        if condition is not None:
            statement = statement.where(condition)
    return statement


def _mode(unit: Unit, mode: str) -> ColumnElement[bool] | None:
    if mode not in MODES:
        return None
    listed = exists().where(
        PatentOffer.patent_id == Patent.id, *_PUBLISHED, cast(PatentOffer.modes, Text).contains(f'"{mode}"')
    )
    if mode != "open_licence":
        return listed
    return or_(listed, exists().where(Offer.patent_id == Patent.id, *running_offer(unit)))


def _price(unit: Unit, most_yuan: Decimal | None) -> ColumnElement[bool] | None:
    if most_yuan is None:
        return None
    offered = exists().where(
        Offer.patent_id == Patent.id,
        *running_offer(unit),
        or_(Offer.fee_yuan <= most_yuan, Offer.fee_method == "free"),
    )
    return or_(
        offered, exists().where(PatentOffer.patent_id == Patent.id, *_PUBLISHED, PatentOffer.price_yuan <= most_yuan)
    )


def _industry(unit: Unit, industry: str) -> ColumnElement[bool] | None:
    word = industry.strip()
    if not word:
        return None
    offered = exists().where(Offer.patent_id == Patent.id, *running_offer(unit), holds(unit, Offer.industry, word))
    firms = select(Enterprise.name_key).where(holds(unit, Enterprise.industry, word))
    owned = select(PatentHolder.patent_id).where(PatentHolder.name_key.in_(firms), PatentHolder.role != "inventor")
    return or_(offered, Patent.id.in_(owned))


def _shown_validity(unit: Unit, validity: str) -> ColumnElement[bool]:
    """Whether a page says this of a patent (``domain.validity.shown_validity``): a term over goes before sources."""
    over = term_is_over(unit.today)
    return over if validity == "expired" else and_(not_(over), _newest_validity() == validity)


def living(unit: Unit) -> ColumnElement[bool]:
    """Whether the patent's right may still exist: no page calls it dead or expired."""
    return and_(not_(term_is_over(unit.today)), _newest_validity() != "dead")


@cache  # the same for every patent and moment, and dear to build
def _newest_validity() -> Any:
    newest = aliased(PatentStatus)
    rank = case({"dead": 2, "in_force": 1}, value=newest.validity, else_=0)
    worst = case((newest.day_told, rank), else_=0)
    said = (
        select(newest.validity)
        .where(newest.patent_id == Patent.id, newest.withdrawn_at.is_(None), newest.validity != "unknown")
        .order_by(newest.as_of_on.desc(), newest.day_told.desc(), worst.desc(), newest.id.desc())  # ``status_weight``
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(said, "unknown")
