"""The parties of an open licence are told of whatever is done to it, and asked (``evidence.party_words``).

What is done to the declaration itself they are told of and not asked: it is no part of what they agreed on.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Licence, Offer, Organisation, Patent
from matchhub.services.evidence.party_words import Party, ask_parties, speaking_for
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.patents.holders import holder_organisation


def parties_of_licence(unit: Unit, licence: Licence) -> tuple[Party, ...]:
    """Licensor and licensee, as seller and buyer; the patent's holder speaks as its licensor."""
    found = []
    place = holder_organisation(unit, licence.patent_id)
    holder = unit.session.execute(select(Organisation.name).where(Organisation.id == (place or 0))).scalar()
    if (name := holder or licence.licensor_name) is not None:
        found.append(Party("seller", name, None, None))
    found.append(Party("buyer", licence.licensee_name, licence.licensee_uscc, licence.enterprise_id))
    return tuple(found)


def tell_parties_of_licence(unit: Unit, licence: Licence, act: str, **said: Any) -> None:
    """Tell both what was done; ``said`` fills the sentence of the act."""
    ask_parties(unit, ("licences", licence.id), parties_of_licence(unit, licence), act, **said)


def tell_of_offer(unit: Unit, offer: Offer, act: str, **said: Any) -> None:
    """Tell the patent's holder and every licensee what became of a declaration, all but whoever did it."""
    standing = (Licence.offer_id == offer.id, Licence.withdrawn_at.is_(None), Licence.terminated_on.is_(None))
    licences = unit.session.execute(select(Licence).where(*standing).order_by(Licence.id)).scalars()
    licensees = {Party("buyer", row.licensee_name, row.licensee_uscc, row.enterprise_id): None for row in licences}
    places = [holder_organisation(unit, offer.patent_id), *speaking_for(unit, tuple(licensees)).values()]
    others = [place for place in places if place != unit.actor.organisation_id]
    title = unit.session.get_one(Patent, offer.patent_id).title or ""
    # Put right, an announcement is told of anew: another number or day is another piece of news.
    key = ":".join([str(offer.id), *(str(each) for each in said.values())])
    notify(unit, others, f"told_offers_{act}", ("offers", offer.id), key, title=title, **said)
