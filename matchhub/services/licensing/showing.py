"""An offer and a licence as pages and the notice show them; the fee calculator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, Licence, Offer, Patent
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.licensing import FeeMethod, fee_due, fee_limit, filing_due_on
from matchhub.errors import NotFound
from matchhub.services.catalogue.patent_page import newest_statuses
from matchhub.services.counts import explain_record, question
from matchhub.services.licensing.accepting import licence_to_change
from matchhub.services.licensing.declaring import FEE_METHODS
from matchhub.services.meeting.holders import holds
from matchhub.services.meeting.signing import declaration_of, discreet
from matchhub.services.unit import Unit


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


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence for its parties, the operator and the bureau."""

    id: int
    offer_id: int | None
    patent_id: int
    number: str
    title: str
    licensor: str
    licensee: str
    licensee_uscc: str
    regime: str | None
    announcement_number: str
    fee_method: str | None
    fee_yuan: Decimal | None
    royalty_percent: Decimal | None
    fee_text: str
    notified_on: date | None
    reached_on: date | None
    paid_on: date | None
    paid_yuan: Decimal | None
    voucher: str
    evidence_id: int | None
    filed_on: date | None
    filing_number: str
    filing_due_on: date | None
    days_left: int | None
    licensee_is_actor: bool
    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]


def offer_view(unit: Unit, offer_id: int) -> OfferView:
    """One published offer; ``NotFound`` when there is none or it was recorded wrongly and withdrawn."""
    offer = unit.session.get(Offer, offer_id)
    if offer is None or offer.withdrawn_at is not None:
        raise NotFound("record_not_found", kind="offers", id=offer_id)
    patent = unit.session.get_one(Patent, offer.patent_id)
    status = newest_statuses(unit, [patent.id]).get(patent.id)
    stated = declaration_of(unit, offer.id)
    method = _method(offer)
    return OfferView(
        id=offer.id,
        patent_id=patent.id,
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        validity=status.validity if status else "unknown",
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
        open=_is_open(unit, offer) and not (status is not None and status.validity == "dead"),
        licences=_reached(unit, offer.id),
        own=unit.actor.role == "operator" or holds(unit, patent.id, unit.actor.organisation_id),
        licence_id=_own_licence(unit, offer.id),
    )


def _method(offer: Offer) -> FeeMethod | None:
    return next((method for method in FEE_METHODS if method == offer.fee_method), None)


def _is_open(unit: Unit, offer: Offer) -> bool:
    begun = offer.valid_from_on or offer.declared_on
    ended = offer.ended_on is not None and offer.ended_on <= unit.today
    over = offer.valid_to_on is not None and offer.valid_to_on < unit.today
    return not ended and not over and (begun is None or begun <= unit.today)


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


def licence_view(unit: Unit, licence_id: int) -> LicenceView:
    """One licence for its parties, the operator and the bureau; ``NotFound`` for anybody else."""
    licence = licence_to_change(unit, licence_id)
    offer = unit.session.get(Offer, licence.offer_id) if licence.offer_id is not None else None
    patent = unit.session.get_one(Patent, licence.patent_id)
    firm = unit.session.get(Enterprise, licence.enterprise_id) if licence.enterprise_id is not None else None
    due = filing_due_on(licence.reached_on, unit.pack.licensing) if licence.reached_on else None
    said = explain_record(unit, "licences", licence.id, question(unit))
    return LicenceView(
        id=licence.id,
        offer_id=licence.offer_id,
        patent_id=patent.id,
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        licensor=licence.licensor_name or "",
        licensee=licence.licensee_name,
        licensee_uscc=licence.licensee_uscc or (firm.uscc if firm else None) or "",
        regime=licence.regime,
        announcement_number=(offer.announcement_number if offer else None) or "",
        fee_method=offer.fee_method if offer else None,
        fee_yuan=offer.fee_yuan if offer else None,
        royalty_percent=offer.royalty_percent if offer else None,
        fee_text=(offer.fee_text if offer else None) or "",
        notified_on=licence.notified_on,
        reached_on=licence.reached_on,
        paid_on=licence.paid_on,
        paid_yuan=licence.paid_yuan,
        voucher=licence.payment_proof or "",
        evidence_id=licence.payment_evidence_id,
        filed_on=licence.filed_on,
        filing_number=licence.filing_number or "",
        filing_due_on=due,
        days_left=(due - unit.today).days if due and not licence.filed_on else None,
        licensee_is_actor=unit.actor.enterprise_id is not None and licence.enterprise_id == unit.actor.enterprise_id,
        literal=said.literal,
        strict=said.strict,
        reasons=tuple(replace(each, data=discreet(unit, each.data)) for each in said.reasons),
    )
