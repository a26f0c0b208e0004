"""Everything one count looks at, gathered from the base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matchhub.domain.counting.facts import Facts
from matchhub.services.facts.deals import deal_facts
from matchhub.services.facts.known import Known
from matchhub.services.facts.licensing import licence_facts, offer_facts
from matchhub.services.facts.patents import agency_facts, demand_facts, enterprise_facts, expert_facts, patent_facts
from matchhub.services.facts.pushes import push_facts
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

# Kind of a command -> the threshold its records are judged for.
THRESHOLD_OF = {
    "patents": "patents",
    "enterprises": "enterprises",
    "experts": "experts",
    "agencies": "agencies",
    "demands": "local_demands",
    "pushes": "pushes",
    "deals": "invention_deals",
    "offers": "open_licence_offers",
    "licences": "open_licences",
}
KIND_OF = {threshold: kind for kind, threshold in THRESHOLD_OF.items()}

GATHERERS: Mapping[str, Callable[[Known], tuple[Any, ...]]] = {
    "patents": patent_facts,
    "enterprises": enterprise_facts,
    "experts": expert_facts,
    "agencies": agency_facts,
    "local_demands": demand_facts,
    "pushes": push_facts,
    "invention_deals": deal_facts,
    "open_licence_offers": offer_facts,
    "open_licences": licence_facts,
}


def gather_facts(unit: Unit, moment: Moment) -> Facts:
    """Facts of all nine thresholds as known at ``moment``."""
    known = Known(unit, moment)
    return Facts(**{threshold: gather(known) for threshold, gather in GATHERERS.items()})
