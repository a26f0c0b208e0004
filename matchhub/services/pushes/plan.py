"""Choosing pushes from the latest match run by the rules of the pack."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from matchhub.db.tables import (
    Demand,
    Enterprise,
    Match,
    MatchRun,
    Patent,
    Push,
    PushItem,
    Suppression,
)
from matchhub.domain.pushes import Candidate, PastPush, PlannedPush, plan_pushes
from matchhub.domain.validity import Life, ended_on, life_on
from matchhub.errors import Conflict
from matchhub.services.demands.facts import OPEN_STATES
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.facts.stock import statuses
from matchhub.services.kernel.bulk import insert_rows, new_ids
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.feedback import done_with
from matchhub.services.matching.results import explain_pairs, is_good
from matchhub.services.matching.runs import latest_run
from matchhub.services.pushes.bounces import bounced_keys, reach
from matchhub.services.pushes.delivery import firms_with_account
from matchhub.services.pushes.links import token_hash, token_of


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
    unit.require("push.plan")
    run = latest_run(unit)
    if run is None:
        raise Conflict("no_match_run")
    with garbage_collection_paused():
        chosen = plan_pushes(_candidates(unit, run), _history(unit), unit.pack, unit.now)
        _write(unit, chosen.planned, run)
    left_out = dict(Counter(each.code for each in chosen.left_out).most_common())
    append_event(unit, "push.planned", "match_runs", run.id, planned=len(chosen.planned), left_out=left_out)
    return PlanSummary(len(chosen.planned), left_out)


def _candidates(unit: Unit, run: MatchRun) -> Iterable[Candidate]:
    now = Moment()
    ends, known = _terms(unit, run), statuses(unit, now, {})
    encumbrances = recorded_encumbrances(unit)
    off = set(
        unit.session.execute(select(Suppression.enterprise_id).where(Suppression.withdrawn_at.is_(None))).scalars()
    )
    gone = gone_enterprises(unit, unit.today)
    lost, readers, bounced = bounced_keys(unit), firms_with_account(unit), dict[int, bool]()
    lives: dict[int, Life] = {}
    declined, best = done_with(unit), _best_scores(unit, run)
    pairs = (
        select(Match.patent_id, Match.demand_id, Match.score, Demand.enterprise_id)
        .add_columns(Demand.contact_email, Enterprise.contact_email)
        .join(Demand, Demand.id == Match.demand_id)
        .join(Enterprise, Enterprise.id == Demand.enterprise_id)
        .where(Match.run_id == run.id, Demand.state.in_(OPEN_STATES))
    )
    for patent_id, demand_id, score, enterprise_id, *fields in unit.session.execute(pairs):
        if demand_id not in bounced:
            why_not = reach(tuple(fields), lost).why_not
            bounced[demand_id] = why_not == "address_bounced" and enterprise_id not in readers
        if patent_id not in lives:
            lives[patent_id] = life_on(unit.today, known.get(patent_id, ()), *ends[patent_id])
        yield Candidate(
            patent_id=patent_id,
            enterprise_id=enterprise_id,
            score=score,
            model=run.model,
            demand_id=demand_id,
            life=lives[patent_id],
            encumbrances=encumbrances.get(patent_id, ()),
            suppressed=enterprise_id in off,
            good=is_good(best.get(demand_id)),
            declined=(enterprise_id, patent_id) in declined,
            gone=enterprise_id in gone,
            bounced=bounced[demand_id],
        )


def _best_scores(unit: Unit, run: MatchRun) -> dict[int, float]:
    """The best score of every demand of a run: what tells whether it has a good match at all."""
    best = select(Match.demand_id, func.max(Match.score)).where(Match.run_id == run.id).group_by(Match.demand_id)
    return dict(unit.session.execute(best).all())


def _terms(unit: Unit, run: MatchRun) -> dict[int, tuple[date | None, date | None]]:
    """Day of grant, and first day without protection, of every patent of a run."""
    columns = select(Patent.id, Patent.granted_on, Patent.application_number, Patent.filed_on, Patent.expires_on)
    rows = unit.session.execute(columns.where(Patent.id.in_(select(Match.patent_id).where(Match.run_id == run.id))))
    return {key: (granted, ended_on(number, filed, expires)) for key, granted, number, filed, expires in rows}


def _history(unit: Unit) -> list[PastPush]:
    """Planned, delivered and written pushes; the suppressed, failed and withdrawn ones never reached anybody."""
    past = (
        select(PushItem.patent_id, Push.enterprise_id, Push.delivered_at, Push.written_at, Push.recorded_at)
        .join(Push)
        .where(Push.state.in_(("planned", "sending", "delivered", "written")), Push.withdrawn_at.is_(None))
    )
    return [
        PastPush(patent_id=patent_id, enterprise_id=enterprise_id, at=delivered_at or written_at or recorded_at)
        for patent_id, enterprise_id, delivered_at, written_at, recorded_at in unit.session.execute(past)
    ]


def _write(unit: Unit, planned: Sequence[PlannedPush], run: MatchRun) -> None:
    """Store the chosen pushes with the reasons of today; all rows go in by two statements."""
    demo, floor = holds_rows(unit, demo=True), unit.pack.pushes.floor_of(run.model) or 0.0
    reasons, addresses, rounds = _reasons(unit, planned), _addresses(unit, planned), _rounds(unit)
    pushes, items = [], []
    for push_id, each in zip(new_ids(unit, Push, len(planned)), planned, strict=True):
        pair = (each.candidate.enterprise_id, each.candidate.patent_id)
        message_id = f"<push.{secrets.token_hex(12)}@matchhub>"
        pushes.append(
            {
                "id": push_id,
                "enterprise_id": each.candidate.enterprise_id,
                "demand_id": each.candidate.demand_id,
                "run_id": run.id,
                "model": run.model,
                # One key per pair and round: only a push that reached nobody makes room for another of the same pair.
                "unique_key": digest("push", *pair, rounds[pair]),
                "message_id": message_id,
                "token_hash": token_hash(token_of(unit.secret, message_id)),
                "recipient_email": addresses.get(each.candidate.demand_id),
                "due_on": unit.today,
                "state": "planned",
                "demo": demo,
                "recorded_at": unit.now,
                "recorded_by": unit.actor.account_id,
            }
        )
        items.append(
            {
                "push_id": push_id,
                "patent_id": each.candidate.patent_id,
                "position": 1,
                "score": each.candidate.score,
                "floor": floor,
                "reasons": reasons[each.candidate.demand_id, each.candidate.patent_id],
                "warnings": [fault.code for fault in each.warnings],
            }
        )
    insert_rows(unit, Push.__table__, pushes)  # type: ignore[arg-type]
    insert_rows(unit, PushItem.__table__, items)  # type: ignore[arg-type]


def _reasons(unit: Unit, planned: Sequence[PlannedPush]) -> dict[tuple[object, object], list[dict[str, object]]]:
    """Reasons of every planned pair; each demand is read once for all its patents."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for each in planned:
        wanted[int(str(each.candidate.demand_id))].append(int(str(each.candidate.patent_id)))
    explained = explain_pairs(unit, wanted)
    return {(demand_id, patent_id): [each.to_json() for each in found] for demand_id, patent_id, found in explained}


def _addresses(unit: Unit, planned: Sequence[PlannedPush]) -> dict[object, str | None]:
    """Where to write, by demand: the demand's own contact first, else the firm's; what bounced is passed over."""
    chosen = select(Demand.id, Demand.contact_email, Enterprise.contact_email).join(
        Enterprise, Enterprise.id == Demand.enterprise_id
    )
    ids = sorted({each.candidate.demand_id for each in planned if isinstance(each.candidate.demand_id, int)})
    rows = [row for part in parts(ids) for row in unit.session.execute(chosen.where(Demand.id.in_(part)))]
    bounced = bounced_keys(unit)
    return {demand_id: reach((own, firm), bounced).address for demand_id, own, firm in rows}


def _rounds(unit: Unit) -> Counter[tuple[object, object]]:
    """How often a push of each (enterprise, patent) reached nobody so far."""
    lost = select(Push.enterprise_id, PushItem.patent_id).join(PushItem).where(Push.state.in_(("failed", "suppressed")))
    return Counter((enterprise_id, patent_id) for enterprise_id, patent_id in unit.session.execute(lost))
