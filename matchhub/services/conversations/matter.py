"""What a thread is about, as its reader may see it: the demand's text, the match with its reasons, the patent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchhub.db.tables import Demand, Patent, Thread
from matchhub.domain.organisations import ENTERPRISE, OPERATOR, Side
from matchhub.errors import NotFound
from matchhub.services.demands.confidentiality import Sight, sight_of
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.shown import MatchView, match_of_pair, without_words
from matchhub.services.patents.rows import PatentRow, patent_rows


@dataclass(frozen=True, slots=True)
class DemandMatter:
    """The demand of a thread without contact data; beside the title only where its reader sees it in full."""

    id: int
    title: str
    sight: Sight
    text: str
    object: str
    aim: str
    targets: str
    technical_field: str
    cooperation_form: str
    valid_until_on: date | None
    own: bool  # the reader's own, so that the page may lead to it


@dataclass(frozen=True, slots=True)
class Matter:
    """Demand (``None`` where none was named or shown), patent, and why they fit; ``match`` is ``None`` without one."""

    demand: DemandMatter | None
    patent: PatentRow
    match: MatchView | None


def matter_of(unit: Unit, thread: Thread, side: Side) -> Matter:
    """What ``side`` sees of the matter of a thread it is in."""
    patent = patent_rows(unit, [unit.session.get_one(Patent, thread.patent_id)])[0]
    demand = unit.session.get(Demand, thread.demand_id) if thread.demand_id is not None else None
    if demand is None:
        return Matter(None, patent, None)
    sight = _sight(unit, demand, side)
    if sight == "nothing":
        return Matter(None, patent, None)
    match = _match(unit, demand, patent.id, plainly=side not in (ENTERPRISE, OPERATOR))
    if match is not None and sight != "full":
        match = without_words(match)
    return Matter(_demand(demand, sight, side), patent, match)


def _sight(unit: Unit, demand: Demand, side: Side) -> Sight:
    """The thread is the interest between the two: a holder that registered after it was opened reads the demand too."""
    if side == "holder" and demand.confidentiality == "interest":
        return "full"
    return sight_of(unit, demand)


def _match(unit: Unit, demand: Demand, patent_id: int, plainly: bool) -> MatchView | None:
    try:
        return match_of_pair(unit, demand, patent_id, plainly)
    except NotFound:  # a patent that the index does not hold, an ended one
        return None


def _demand(demand: Demand, sight: Sight, side: Side) -> DemandMatter:
    full = sight == "full"
    return DemandMatter(
        id=demand.id,
        title=demand.title,
        sight=sight,
        text=demand.text if full else "",
        object=(demand.object or "") if full else "",
        aim=(demand.aim or "") if full else "",
        targets=(demand.targets or "") if full else "",
        technical_field=demand.technical_field or "",
        cooperation_form=demand.cooperation_form or "",
        valid_until_on=demand.valid_until_on,
        own=side == ENTERPRISE,
    )
