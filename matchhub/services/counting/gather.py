"""Everything one count looks at, gathered from the base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matchhub.domain.counting.facts import Facts
from matchhub.domain.rules import RulePack
from matchhub.services.facts.clocks import records_written_back
from matchhub.services.facts.deals import deal_facts
from matchhub.services.facts.known import Known
from matchhub.services.facts.licensing import licence_facts, offer_facts
from matchhub.services.facts.patents import agency_facts, demand_facts, enterprise_facts, expert_facts, patent_facts
from matchhub.services.facts.pushes import push_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

GATHERERS: Mapping[str, Callable[[Known], tuple[Any, ...]]] = {
    "patents": patent_facts,
    "enterprises": enterprise_facts,
    "experts": expert_facts,
    "agencies": agency_facts,
    "demands": demand_facts,
    "pushes": push_facts,
    "deals": deal_facts,
    "offers": offer_facts,
    "licences": licence_facts,
}


def gather_facts(unit: Unit, moment: Moment, pack: RulePack) -> Facts:
    """Facts of all kinds of record as known at ``moment``; ``pack`` says who is local and which clock ran behind."""
    known = Known(unit, moment, asked=pack)
    back = records_written_back(unit, known.written_back)
    gathered = {kind: gather(known) for kind, gather in GATHERERS.items()}
    return Facts(**gathered, set_back=back)
