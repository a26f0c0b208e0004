"""Everything one count looks at, gathered from the base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matchhub.domain.counting.facts import ClockFact, Facts, RecordId
from matchhub.domain.counting.kinds import THRESHOLD_OF
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
    "local_demands": demand_facts,
    "pushes": push_facts,
    "invention_deals": deal_facts,
    "open_licence_offers": offer_facts,
    "open_licences": licence_facts,
}


def gather_facts(unit: Unit, moment: Moment) -> Facts:
    """Facts of all nine thresholds as known at ``moment``."""
    known = Known(unit, moment)
    back = records_written_back(unit, known.written_back)
    gathered = {threshold: gather(known) for threshold, gather in GATHERERS.items()}
    return Facts(**gathered, set_back=by_threshold(back))


def by_threshold(back: Mapping[str, Mapping[RecordId, ClockFact]]) -> dict[str, Mapping[RecordId, ClockFact]]:
    """What is known by kind, by the threshold that its records are judged for."""
    return {THRESHOLD_OF[kind]: found for kind, found in back.items()}
