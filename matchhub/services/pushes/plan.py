"""Choosing pushes from the latest match run by the rules of the pack."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise, Match, MatchRun, PatentEncumbrance, Push, PushItem, Suppression
from matchhub.domain.counting.facts import EncumbranceFact
from matchhub.domain.pushes import Candidate, PastPush, PlannedPush, plan_pushes
from matchhub.domain.validity import Life, life_on
from matchhub.errors import Conflict
from matchhub.services.demo_mark import holds_rows
from matchhub.services.facts.history import Moment
from matchhub.services.facts.stock import patent_states, statuses
from matchhub.services.imports.keys import digest
from matchhub.services.log import append_event
from matchhub.services.matching.answers import explain_pair
from matchhub.services.matching.runs import OPEN_STATES, latest_run
from matchhub.services.pushes.links import token_hash, token_of
from matchhub.services.unit import Unit


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """How many pushes were planned, and why the other pairs were left out (code -> number)."""

    planned: int
    left_out: dict[str, int]

    def to_json(self) -> dict[str, object]:
        """As the contract words it, with the reasons beside."""
        return {"planned": self.planned, "left_out": self.left_out}


def plan(unit: Unit) -> PlanSummary:
    """Plan today's pushes from the latest run; ``Conflict("no_match_run")`` when there is none."""
    unit.require("operator")
    run = latest_run(unit)
    if run is None:
        raise Conflict("no_match_run")
    chosen = plan_pushes(_candidates(unit, run), _history(unit), unit.pack, unit.now)
    demo = holds_rows(unit, demo=True)
    for planned in chosen.planned:
        _write(unit, planned, run, demo)
    left_out = dict(Counter(each.code for each in chosen.left_out).most_common())
    append_event(unit, "push.planned", "match_runs", run.id, planned=len(chosen.planned), left_out=left_out)
    return PlanSummary(len(chosen.planned), left_out)


def _candidates(unit: Unit, run: MatchRun) -> Iterable[Candidate]:
    now = Moment()
    patents, known = patent_states(unit, now), statuses(unit, now)
    burdens: dict[int, list[EncumbranceFact]] = {}
    for row in unit.session.execute(
        select(PatentEncumbrance).where(PatentEncumbrance.withdrawn_at.is_(None))
    ).scalars():
        fact = EncumbranceFact(kind=row.encumbrance_type, from_on=row.from_on, to_on=row.to_on)  # type: ignore[arg-type]
        burdens.setdefault(row.patent_id, []).append(fact)
    off = set(
        unit.session.execute(select(Suppression.enterprise_id).where(Suppression.withdrawn_at.is_(None))).scalars()
    )
    lives: dict[int, Life] = {}
    pairs = (
        select(Match.patent_id, Match.demand_id, Match.score, Demand.enterprise_id)
        .join(Demand, Demand.id == Match.demand_id)
        .where(Match.run_id == run.id, Demand.state.in_(OPEN_STATES))
    )
    for patent_id, demand_id, score, enterprise_id in unit.session.execute(pairs):
        if patent_id not in lives:
            s = patents[patent_id]
            lives[patent_id] = life_on(unit.today, known.get(patent_id, ()), s["granted_on"])
        yield Candidate(
            patent_id=patent_id,
            enterprise_id=enterprise_id,
            score=score,
            model=run.model,
            demand_id=demand_id,
            life=lives[patent_id],
            encumbrances=tuple(burdens.get(patent_id, ())),
            suppressed=enterprise_id in off,
        )


def _history(unit: Unit) -> list[PastPush]:
    """Planned and delivered pushes; the suppressed, failed and withdrawn ones never reached anybody."""
    past = (
        select(PushItem.patent_id, Push.enterprise_id, Push.delivered_at, Push.recorded_at)
        .join(Push)
        .where(Push.state.in_(("planned", "sending", "delivered")), Push.withdrawn_at.is_(None))
    )
    return [
        PastPush(patent_id=patent_id, enterprise_id=enterprise_id, at=delivered_at or recorded_at)
        for patent_id, enterprise_id, delivered_at, recorded_at in unit.session.execute(past)
    ]


def _write(unit: Unit, planned: PlannedPush, run: MatchRun, demo: bool) -> None:
    candidate = planned.candidate
    assert isinstance(candidate.demand_id, int) and isinstance(candidate.patent_id, int)
    assert isinstance(candidate.enterprise_id, int)
    hit = explain_pair(unit, candidate.demand_id, candidate.patent_id)
    message_id = f"<push.{secrets.token_hex(12)}@matchhub>"
    push = Push(
        enterprise_id=candidate.enterprise_id,
        demand_id=candidate.demand_id,
        run_id=run.id,
        model=run.model,
        unique_key=_unique_key(unit, candidate),
        message_id=message_id,
        token_hash=token_hash(token_of(unit.secret, message_id)),
        recipient_email=_address(unit, candidate),
        due_on=unit.today,
        state="planned",
        attempts=0,
        demo=demo,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(push)
    unit.session.flush()
    floor = unit.pack.pushes.floor_of(run.model)
    unit.session.add(
        PushItem(
            push_id=push.id,
            patent_id=candidate.patent_id,
            position=1,
            score=candidate.score,
            floor=floor or 0.0,
            reasons=[reason.to_json() for reason in hit.reasons],
            warnings=[fault.code for fault in planned.warnings],
        )
    )
    unit.session.flush()


def _address(unit: Unit, candidate: Candidate) -> str | None:
    demand = unit.session.get(Demand, candidate.demand_id)
    firm = unit.session.get(Enterprise, candidate.enterprise_id)
    return (demand.contact_email if demand else None) or (firm.contact_email if firm else None)


def _unique_key(unit: Unit, candidate: Candidate) -> str:
    """One key per pair and round: only a push that reached nobody makes room for another of the same pair."""
    lost = (
        select(func.count())
        .select_from(Push)
        .join(PushItem)
        .where(
            Push.enterprise_id == candidate.enterprise_id,
            PushItem.patent_id == candidate.patent_id,
            Push.state.in_(("failed", "suppressed")),
        )
    )
    return digest("push", candidate.enterprise_id, candidate.patent_id, unit.session.execute(lost).scalar())
