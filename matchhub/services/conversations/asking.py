"""From which demand a holder is asked: own demands beside one patent, each with what it lacks for an answer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Demand, Patent, Thread
from matchhub.domain.asking import ASKING_STATES, lacking_for_contact
from matchhub.domain.demands import TestResult, assess_demand
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.demands.facts import demand_facts_of
from matchhub.services.demands.own import own_rows
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.store import current_matcher
from matchhub.services.patents.page import ended_patents
from matchhub.services.patents.rows import PatentRow, patent_rows

_MOST = 50


@dataclass(frozen=True, slots=True)
class AskingDemand:
    """One own open demand: how well the patent fits (0..1), what is missing, the thread where there is one."""

    id: int
    title: str
    state: str
    score: float
    lacking: tuple[TestResult, ...]
    thread_id: int | None


@dataclass(frozen=True, slots=True)
class AskingPage:
    """A patent with the own demands from which its holder can be asked, the best fitting first."""

    patent: PatentRow
    ended: bool
    demands: tuple[AskingDemand, ...]


class DemandIncomplete(Refusal):
    """A holder cannot answer the demand yet; ``number`` things are missing, ``tests`` names their keys."""

    code = "contact_demand_incomplete"


def require_ready(unit: Unit, demand_id: int | None) -> Demand:
    """The actor's demand, if a holder may be asked from it (``domain.asking``).

    Raises ``Refusal("contact_demand_missing")`` without one, ``NotFound`` for somebody else's,
    ``Conflict("contact_demand_closed")`` and ``DemandIncomplete``.
    """
    if demand_id is None:
        raise Refusal("contact_demand_missing")
    demand = own_demand(unit, demand_id)
    if demand.state not in ASKING_STATES:
        raise Conflict("contact_demand_closed", title=demand.title)
    if lacking := _lacking(unit, [demand])[demand.id]:
        raise DemandIncomplete(title=demand.title, number=len(lacking), tests=tuple(test.key for test in lacking))
    return demand


def _lacking(unit: Unit, rows: list[Demand]) -> dict[int, tuple[TestResult, ...]]:
    facts = demand_facts_of(unit, rows)
    return {
        row.id: lacking_for_contact(row.state, assess_demand(facts[row.id], unit.pack.demands, unit.today))
        for row in rows
    }


def asking_page(unit: Unit, patent_id: int) -> AskingPage:
    """Own open demands beside a patent; ``NotFound("patent_not_in_base")`` for one that is not there."""
    unit.require("patent.ask_contact")
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound("patent_not_in_base", id=patent_id)
    chosen = select(Demand).where(own_rows(unit, Demand), Demand.state.in_(ASKING_STATES))
    rows = list(unit.session.execute(chosen.order_by(Demand.id.desc()).limit(_MOST)).scalars())
    lacking, scores, threads = _lacking(unit, rows), _scores(unit, rows, patent_id), _threads(unit, patent_id)
    found = [
        AskingDemand(row.id, row.title, row.state, scores.get(row.id, 0.0), lacking[row.id], threads.get(row.id))
        for row in rows
    ]
    found.sort(key=lambda each: (-each.score, -each.id))
    return AskingPage(patent_rows(unit, [patent])[0], bool(ended_patents(unit, [patent_id])), tuple(found))


def _scores(unit: Unit, rows: list[Demand], patent_id: int) -> dict[int, float]:
    matcher = current_matcher(unit)
    if not rows or str(patent_id) not in matcher.index:
        return {}
    asked = ask(unit, rows)
    found = asked.explain_each(matcher, [[str(patent_id)]] * len(rows))
    return {int(query.id): hits[0].score for query, hits in zip(asked.queries, found, strict=True) if hits}


def _threads(unit: Unit, patent_id: int) -> dict[int | None, int]:
    firm = unit.actor.enterprise_id or 0
    chosen = select(Thread.demand_id, Thread.id).where(Thread.enterprise_id == firm, Thread.patent_id == patent_id)
    return dict(unit.session.execute(chosen).all())
