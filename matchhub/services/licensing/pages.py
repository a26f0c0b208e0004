"""An offer and a licence as pages and the notice show them; the fee calculator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import Licence, Offer, Patent
from matchhub.domain.licensing import FeeMethod, fee_due, fee_limit
from matchhub.domain.validity import ENDED
from matchhub.errors import NotFound
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.declaring import FEE_METHODS, declaration_of
from matchhub.services.licensing.periods import period_of
from matchhub.services.patents.holders import holds
from matchhub.services.patents.page import validities


@dataclass(frozen=True, slots=True)
class OfferView:
    """One offer for everybody; ``own``: the actor may change it; ``licence_id``: the actor's licence under it."""

    id: int
    patent_id: int
    number: str
    title: str
    validity: str
    holder: str
    regime: str | None
    platform: str
    announcement_number: str
    declared_on: date | None
    fee_method: str | None
    fee_yuan: Decimal | None
    royalty_percent: Decimal | None
    fee_text: str
    valid_from_on: date | None
    valid_to_on: date | None
    ended_on: date | None
    industry: str
    industry_reason: str
    warnings: tuple[str, ...]
    limit: Decimal | None
    open: bool
    licences: int
    own: bool
    licence_id: int | None


def offer_view(unit: Unit, offer_id: int) -> OfferView:
    """One published offer; ``NotFound`` when there is none or it was recorded wrongly and withdrawn."""
    offer = unit.session.get(Offer, offer_id)
    if offer is None or offer.withdrawn_at is not None:
        raise NotFound("record_not_found", kind="offers", id=offer_id)
    patent = unit.session.get_one(Patent, offer.patent_id)
    validity = validities(unit, [patent])[patent.id]
    stated = declaration_of(unit, offer.id)
    method = _method(offer)
    return OfferView(
        id=offer.id,
        patent_id=patent.id,
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        validity=validity,
        holder=offer.holder_name or "",
        regime=offer.regime,
        platform=offer.platform or "",
        announcement_number=offer.announcement_number or "",
        declared_on=offer.declared_on,
        fee_method=offer.fee_method,
        fee_yuan=offer.fee_yuan,
        royalty_percent=offer.royalty_percent,
        fee_text=offer.fee_text or "",
        valid_from_on=offer.valid_from_on,
        valid_to_on=offer.valid_to_on,
        ended_on=offer.ended_on,
        industry=offer.industry or "",
        industry_reason=offer.industry_reason or "",
        warnings=tuple(stated.warnings) if stated else (),
        limit=fee_limit(method, unit.pack.licensing) if method else None,
        open=period_of(offer).is_open_on(unit.today) and validity not in ENDED,
        licences=_reached(unit, offer.id),
        own=unit.may("offer.change_any") or holds(unit, patent.id, unit.actor.organisation_id),
        licence_id=_own_licence(unit, offer.id),
    )


def _method(offer: Offer) -> FeeMethod | None:
    return next((method for method in FEE_METHODS if method == offer.fee_method), None)


def _reached(unit: Unit, offer_id: int) -> int:
    chosen = select(func.count()).select_from(Licence)
    mine = chosen.where(Licence.offer_id == offer_id, Licence.reached_on.is_not(None), Licence.withdrawn_at.is_(None))
    return unit.session.execute(mine).scalar_one()


def _own_licence(unit: Unit, offer_id: int) -> int | None:
    if unit.actor.enterprise_id is None:
        return None
    chosen = select(Licence.id).where(
        Licence.offer_id == offer_id,
        Licence.enterprise_id == unit.actor.enterprise_id,
        Licence.withdrawn_at.is_(None),
    )
    return unit.session.execute(chosen.order_by(Licence.id.desc()).limit(1)).scalar()


def fee_for(unit: Unit, offer_id: int, base_yuan: Decimal | None) -> Decimal | None:
    """The fee calculator: what the offer would cost on a base of net sales or profit; ``None`` while unknown."""
    offer = unit.session.get(Offer, offer_id)
    method = _method(offer) if offer is not None else None
    if offer is None or method is None:
        return None
    return fee_due(method, offer.fee_yuan, offer.royalty_percent, base_yuan)
