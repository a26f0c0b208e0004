"""The period of one offer, and the day its licences are reached, asked of the rules with what stands in the base."""

from __future__ import annotations

from datetime import date

from matchhub.db.tables import Offer
from matchhub.domain.licensing import OfferPeriod, offer_period, reached_on


def period_of(offer: Offer) -> OfferPeriod:
    """When the offer can be accepted."""
    return offer_period(offer.valid_from_on, offer.declared_on, offer.valid_to_on, offer.ended_on)


def reached_under(offer: Offer | None, notified_on: date | None, paid_on: date | None) -> date | None:
    """The day a licence under the offer was reached; None while it is not, or where no offer is known."""
    if offer is None:
        return None
    return reached_on(notified_on, paid_on, period_of(offer), free=offer.fee_method == "free")
