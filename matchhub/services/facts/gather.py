"""Everything one count looks at, gathered from the base."""

from __future__ import annotations

from matchhub.domain.counting.facts import Facts
from matchhub.services.facts.base import agency_facts, demand_facts, enterprise_facts, expert_facts, patent_facts
from matchhub.services.facts.history import Moment
from matchhub.services.facts.trade import deal_facts, licence_facts, offer_facts, push_facts
from matchhub.services.unit import Unit


def gather_facts(unit: Unit, moment: Moment) -> Facts:
    """Facts of all nine thresholds as known at ``moment``."""
    return Facts(
        patents=patent_facts(unit, moment),
        enterprises=enterprise_facts(unit, moment),
        experts=expert_facts(unit, moment),
        agencies=agency_facts(unit, moment),
        local_demands=demand_facts(unit, moment),
        pushes=push_facts(unit, moment),
        invention_deals=deal_facts(unit, moment),
        open_licence_offers=offer_facts(unit, moment),
        open_licences=licence_facts(unit, moment),
    )
