"""Stored runs of the matcher over all open demands."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select

from matchhub.db.tables import (
    Demand,
    DemandEvent,
    DemandRefinement,
    LearnedEntry,
    Match,
    MatchRun,
    PushAnswer,
    Revision,
    ThesaurusEntry,
)
from matchhub.services.demands.facts import OPEN_STATES
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import ask
from matchhub.services.matching.cluster import ClusterState, cluster_state
from matchhub.services.matching.store import refresh_index

_KEPT_RUNS = 3  # results of older runs are only history; pushes carry their own score and reasons


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as the contract tells it; ``seconds`` is the matching alone; ``cluster``: the state of the cluster that
    was to match, where one is set."""

    run_id: int
    model: str
    demands: int
    patents: int
    pairs: int
    seconds: float
    cluster: ClusterState | None = None

    def to_json(self) -> dict[str, object]:
        """As the contract words it."""
        where = {} if self.cluster is None else {"cluster": self.cluster.code or "cluster_used"}
        return {
            "model": self.model,
            "demands": self.demands,
            "patents": self.patents,
            "pairs": self.pairs,
            "seconds": round(self.seconds, 3),
            **where,
        }


def open_demands(unit: Unit) -> list[Demand]:
    """Demands that still wait for an answer today, oldest first."""
    chosen = select(Demand).where(
        Demand.state.in_(OPEN_STATES), or_(Demand.valid_until_on.is_(None), Demand.valid_until_on >= unit.today)
    )
    return list(unit.session.execute(chosen.order_by(Demand.id)).scalars())


def run_match(unit: Unit, top: int = 20) -> RunSummary:
    """Match every open demand and store the best ``top`` for each.

    Call ``refresh_index`` in a reading unit before, so that the writing one does not wait for a build.
    """
    unit.require("match.run")
    matcher = refresh_index(unit)
    demands = open_demands(unit)
    asked = ask(unit, demands)
    begun = time.perf_counter()
    table = list(asked.match(matcher, top))
    seconds = time.perf_counter() - begun
    run = MatchRun(
        model=matcher.model,
        started_at=unit.now,
        demands=len(demands),
        patents=len(matcher.index),
        pairs=len(table),
        seconds=seconds,
    )
    unit.session.add(run)
    unit.session.flush()
    rows = list(_rows(run.id, table))
    if rows:
        unit.session.execute(insert(Match), rows)
    run.finished_at = unit.now
    _drop_old_results(unit, run.id)
    append_event(unit, "match.run", "match_runs", run.id, model=matcher.model, demands=len(demands), pairs=len(rows))
    cluster = cluster_state(unit.dask) if unit.dask else None
    return RunSummary(run.id, matcher.model, len(demands), len(matcher.index), len(rows), seconds, cluster)


def _rows(run_id: int, table: Iterable[tuple[str, str, float]]) -> Iterable[dict[str, object]]:
    ranks: dict[str, int] = defaultdict(int)
    for demand_id, patent_id, score in table:
        ranks[demand_id] += 1
        yield {
            "run_id": run_id,
            "demand_id": int(demand_id),
            "patent_id": int(patent_id),
            "rank": ranks[demand_id],
            "score": score,
        }


def _drop_old_results(unit: Unit, newest: int) -> None:
    kept = unit.session.execute(select(MatchRun.id).order_by(MatchRun.id.desc()).limit(_KEPT_RUNS)).scalars().all()
    unit.session.execute(delete(Match).where(Match.run_id.not_in([*kept, newest])))


def latest_run(unit: Unit) -> MatchRun | None:
    """The newest finished run."""
    chosen = select(MatchRun).where(MatchRun.finished_at.is_not(None)).order_by(MatchRun.id.desc()).limit(1)
    return unit.session.execute(chosen).scalar()


def match_is_due(unit: Unit) -> bool:
    """Whether anything a run reads changed since the latest one began: patents, demands and the words chosen for them,
    answers, the operator's thesaurus, learned words."""
    return is_due_after(unit, latest_run(unit))


def is_due_after(unit: Unit, run: MatchRun | None) -> bool:
    """The same where the latest run was read already; ``None``: there was none."""
    if run is None:
        return bool(open_demands(unit))
    changed = select(func.max(Revision.recorded_at)).where(Revision.kind.in_(("patents", "demands")))
    recorded = (DemandEvent.recorded_at, PushAnswer.recorded_at, DemandRefinement.recorded_at,
                ThesaurusEntry.recorded_at, DemandRefinement.withdrawn_at, ThesaurusEntry.withdrawn_at,
                LearnedEntry.recorded_at, LearnedEntry.withdrawn_at)  # fmt: skip
    newest = (changed, *(select(func.max(each)) for each in recorded))
    moments = unit.session.execute(select(*(each.scalar_subquery() for each in newest))).one()
    return any(moment is not None and moment > run.started_at for moment in moments)
