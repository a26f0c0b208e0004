"""One demand (技术需求) as its own enterprise sees it: what it is worth, its life, its matches, who offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, DemandEvent, Organisation, Patent, PlatformEvent
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.demands import proof_of_words
from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.demands import DemandAssessment, assess_demand, reconfirmation_due_on
from matchhub.domain.records import DemandRecord, Source
from matchhub.services.demands.facts import OPEN_STATES, demand_facts_of, reconfirmation_is_due
from matchhub.services.demands.posting import own_demand
from matchhub.services.kernel.freshness import seen_token
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import read_to
from matchhub.services.matching.shown import MatchView, match_of_pair, matches_of_demand

MATCHED_STATES = (*OPEN_STATES, "returned")  # a returned demand is still being worked on, so it shows its matches


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a demand."""

    state: str
    occurred_on: date
    note: str | None


@dataclass(frozen=True, slots=True)
class OfferedPatent:
    """An institution would offer this patent for the demand."""

    institution: str
    patent_id: int
    title: str
    at: datetime
    wanted: bool  # the enterprise has asked for contact about it too


@dataclass(frozen=True, slots=True)
class DemandPage:
    """One demand of the actor's enterprise, whole; ``record`` holds its fields as the form knows them."""

    id: int
    state: str
    record: DemandRecord
    assessment: DemandAssessment
    proof: tuple[Reason, ...]  # what the count says of verification and authorisation
    may_authorise: bool
    reconfirm_due_on: date | None
    reconfirm: bool
    steps: tuple[Step, ...]
    matches: tuple[MatchView, ...]
    offers: tuple[OfferedPatent, ...]
    wanted: frozenset[int]  # patents the enterprise has asked contact about
    seen: str  # what a form carries of the demand's last change
    read_to: int = 0  # characters that are matched, where more was written

    @property
    def open(self) -> bool:
        """Whether patents are still looked for."""
        return self.state in OPEN_STATES

    @property
    def returned_note(self) -> str | None:
        """Why the operator returned it, while it is returned."""
        notes = [step.note for step in self.steps if step.state == "returned"]
        return notes[-1] if notes and self.state == "returned" else None


@dataclass(frozen=True, slots=True)
class OwnPair:
    """One own demand with one patent; ``wanted``: the enterprise has asked for contact about the patent."""

    demand_id: int
    demand_title: str
    open: bool
    match: MatchView
    wanted: bool


def demand_page(unit: Unit, demand_id: int, top: int = 20, known_first: bool = False) -> DemandPage:
    """One own demand with its life, its ``top`` matches and who offered; ``NotFound`` for anybody else's.

    ``known_first``: matches whose legal status nobody knows come last.
    """
    unit.require("demand.read_own")
    demand = own_demand(unit, demand_id)
    facts = demand_facts_of(unit, [demand])[demand.id]
    due = reconfirmation_due_on(facts, unit.pack.demands, unit.today)
    matches = matches_of_demand(unit, demand, top, known_first) if demand.state in MATCHED_STATES else ()
    wanted = _wanted(unit)
    return DemandPage(
        id=demand.id,
        state=demand.state,
        record=_record(demand),
        assessment=assess_demand(facts, unit.pack.demands, unit.today),
        proof=tuple(proof_of_words(facts, unit.pack)),
        may_authorise=unit.may("demand.authorise") and demand.state != "withdrawn" and not _stands_for_it(facts),
        reconfirm_due_on=due,
        reconfirm=reconfirmation_is_due(unit, demand, due),
        steps=_steps(unit, demand.id),
        matches=matches,
        offers=_offers(unit, demand.id, wanted) if unit.actor.proven else (),
        wanted=wanted,
        seen=seen_token(demand.updated_at),
        read_to=read_to(demand),
    )


def _stands_for_it(facts: DemandFacts) -> bool:
    """Whether the enterprise has said through its own account that the demand is its as it reads now."""
    said = facts.own_word is not None and facts.own_word.stands
    return said and facts.authorised_on is not None and bool(facts.authorised_by)


def own_pair(unit: Unit, demand_id: int, patent_id: int) -> OwnPair:
    """One own demand with one patent, whatever its rank; ``NotFound`` for anybody else's demand."""
    unit.require("demand.read_own")
    demand = own_demand(unit, demand_id)
    match = match_of_pair(unit, demand, patent_id)
    wanted = patent_id in _wanted(unit)
    return OwnPair(demand.id, demand.title, demand.state in OPEN_STATES, match, wanted)


def _wanted(unit: Unit) -> frozenset[int]:
    chosen = select(PlatformEvent.patent_id).where(
        PlatformEvent.enterprise_id == (unit.actor.enterprise_id or 0), PlatformEvent.event == "contact"
    )
    return frozenset(unit.session.execute(chosen).scalars())


def _offers(unit: Unit, demand_id: int, wanted: frozenset[int]) -> tuple[OfferedPatent, ...]:
    chosen = (
        select(PlatformEvent, Patent, Organisation.name)
        .join(Patent, Patent.id == PlatformEvent.patent_id)
        .outerjoin(Account, Account.id == PlatformEvent.recorded_by)
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .where(PlatformEvent.demand_id == demand_id, PlatformEvent.event == "interest")
        .order_by(PlatformEvent.id.desc())
    )
    return tuple(
        OfferedPatent(name or "", patent.id, patent.title or "", event.occurred_at, patent.id in wanted)
        for event, patent, name in unit.session.execute(chosen)
    )


def _steps(unit: Unit, demand_id: int) -> tuple[Step, ...]:
    chosen = select(DemandEvent).where(DemandEvent.demand_id == demand_id).order_by(DemandEvent.id)
    return tuple(Step(row.state, row.occurred_on, row.note) for row in unit.session.execute(chosen).scalars())


def _record(demand: Demand) -> DemandRecord:
    return DemandRecord(
        source=Source("base", demand.id),
        title=demand.title,
        text=demand.text,
        object=demand.object,
        aim=demand.aim,
        targets=demand.targets,
        existing=demand.existing,
        technical_field=demand.technical_field,
        ipc=tuple(demand.ipc),
        cooperation_form=demand.cooperation_form,
        budget_yuan=demand.budget_yuan,
        budget_negotiable=demand.budget_negotiable,
        contact_name=demand.contact_name,
        contact_phone=demand.contact_phone,
        contact_email=demand.contact_email,
        posted_on=demand.posted_on,
        valid_until_on=demand.valid_until_on,
        authorised_on=demand.authorised_on,
        authorised_by=demand.authorised_by,
    )
