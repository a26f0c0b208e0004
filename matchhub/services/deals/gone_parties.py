"""Parties of a deal that, as a register says, no longer exist on its day: told to whoever reads the deal."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from matchhub.db.tables import DealParty
from matchhub.domain.deals import Finding
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises


def gone_parties(unit: Unit, deal_id: int, on: date) -> list[Finding]:
    """A warning for each seller and buyer that was struck off, closed or moved out by ``on``."""
    gone = gone_enterprises(unit, on)
    if not gone:
        return []
    parties = list(unit.session.execute(select(DealParty).where(DealParty.deal_id == deal_id)).scalars())
    links = link_enterprises(unit, [(each.uscc, each.name) for each in parties])
    found = []
    for each in parties:
        firm = links.find(each.uscc, each.name)
        if firm is not None and firm.id in gone:
            fact = gone[firm.id]
            data = {"name": each.name or firm.name, "wording": fact.wording, "looked_on": fact.as_of_on}
            found.append(Finding("warns", "deal_party_gone", data))
    return found
