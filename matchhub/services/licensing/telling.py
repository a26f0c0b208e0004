"""The parties of an open licence are told of whatever is done to it, and asked (``evidence.party_words``)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Licence, Organisation
from matchhub.services.evidence.party_words import Party, ask_parties
from matchhub.services.kernel.unit import Unit
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
