"""Open-licence offers (专利开放许可) that stand today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, not_, or_, select

from matchhub.db.tables import Offer, OfferDeclaration, Patent
from matchhub.services.kernel.paging import holds, holds_words
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.page import running_offer
from matchhub.services.search.narrowing import living
from matchhub.services.search.word_index import word_matcher
from matchhub.services.trades.figures import offers_of_trade
from recommender import Matcher

REGIMES = ("cnipa", "pilot")
FEES = ("free", "fixed", "royalty_sales", "royalty_profit")


@dataclass(frozen=True, slots=True)
class OfferFilters:
    """Narrows a list of offers; an empty value narrows nothing.

    ``most_yuan`` is the highest fixed fee (a free licence fits always), ``until_on`` a day on which the offer must
    still stand.
    """

    regime: str = ""
    fee_method: str = ""
    most_yuan: Decimal | None = None
    until_on: date | None = None
    patent_type: str = ""
    industry: str = ""
    trade: str = ""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One open-licence offer with its patent."""

    id: int
    patent_id: int
    patent_number: str
    patent_title: str
    patent_type: str | None
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


def ids(unit: Unit, filters: OfferFilters) -> Select[int]:
    """Offers that stand today, the newest first."""
    statement = select(Offer.id).join(Patent, Patent.id == Offer.patent_id)
    statement = statement.where(
        Patent.withdrawn_at.is_(None), *running_offer(unit), _announced(), living(unit), *_narrowed(unit, filters)
    )
    return statement.order_by(Offer.declared_on.desc().nulls_last(), Offer.id.desc())


def _announced() -> ColumnElement[bool]:
    """An offer declared here under the Patent Law stands once the national office has announced it (art. 50)."""
    declared_here = exists().where(OfferDeclaration.offer_id == Offer.id)
    awaited = and_(Offer.regime == "cnipa", Offer.announcement_number.is_(None), declared_here)
    return not_(func.coalesce(awaited, false()))


def _narrowed(unit: Unit, filters: OfferFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in ((Offer.regime, filters.regime), (Offer.fee_method, filters.fee_method)):
        if value:
            conditions.append(column == value)
    if filters.patent_type:
        conditions.append(Patent.patent_type == filters.patent_type)
    if filters.most_yuan is not None:
        conditions.append(or_(Offer.fee_yuan <= filters.most_yuan, Offer.fee_method == "free"))
    if filters.until_on is not None:
        conditions.append(or_(Offer.valid_to_on.is_(None), Offer.valid_to_on >= filters.until_on))
    if filters.industry.strip():
        conditions.append(holds(unit, Offer.industry, filters.industry.strip()))
    if filters.trade:
        conditions.append(offers_of_trade(unit, filters.trade))
    return conditions


def speaks(unit: Unit, words: Sequence[str]) -> ColumnElement[bool]:
    """Offers whose patent, holder, industry or numbers hold all words."""
    numbers = (Patent.application_number, Offer.announcement_number)
    return holds_words(unit, words, Patent.title, Patent.abstract, Offer.holder_name, Offer.industry, *numbers)


def matcher(unit: Unit) -> Matcher:
    """The matcher over offers."""
    return word_matcher(unit, "offers")


def rows(unit: Unit, wanted: Sequence[int]) -> list[OfferRow]:
    """Rows of a list, in the order asked."""
    chosen = select(Offer, Patent).join(Patent, Patent.id == Offer.patent_id).where(Offer.id.in_(wanted))
    found = {offer.id: (offer, patent) for offer, patent in unit.session.execute(chosen)}
    pairs = [found[key] for key in wanted if key in found]
    return [
        OfferRow(
            id=offer.id,
            patent_id=patent.id,
            patent_number=patent.application_number or patent.publication_number or "",
            patent_title=patent.title or "",
            patent_type=patent.patent_type,
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
        for offer, patent in pairs
    ]


ORDERS = {
    "newest": (Offer.declared_on.desc().nulls_last(), Offer.id.desc()),
    "cheapest": (case((Offer.fee_method == "free", 0), else_=Offer.fee_yuan).asc().nulls_last(), Offer.id),
    "ending": (Offer.valid_to_on.asc().nulls_last(), Offer.id),
}
