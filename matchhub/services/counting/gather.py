"""Everything one count looks at, gathered from the base."""

from __future__ import annotations

from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.kinds import THRESHOLD_OF
from matchhub.services.facts.clocks import records_written_back
from matchhub.services.facts.deals import deal_facts
from matchhub.services.facts.known import Known
from matchhub.services.facts.licensing import licence_facts, offer_facts
from matchhub.services.facts.patents import agency_facts, demand_facts, enterprise_facts, expert_facts, patent_facts
from matchhub.services.facts.pushes import push_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit


def gather_facts(unit: Unit, moment: Moment) -> Facts:
    """Facts of all nine thresholds as known at ``moment``."""
    known = Known(unit, moment)
    back = records_written_back(unit, known.written_back)
    return Facts(
        patents=patent_facts(known),
        enterprises=enterprise_facts(known),
        experts=expert_facts(known),
        agencies=agency_facts(known),
        local_demands=demand_facts(known),
        pushes=push_facts(known),
        invention_deals=deal_facts(known),
        open_licence_offers=offer_facts(known),
        open_licences=licence_facts(known),
        set_back={THRESHOLD_OF[kind]: found for kind, found in back.items()},
    )
