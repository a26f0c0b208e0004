"""Choosing pushes from the latest match run by the rules of the pack, and queueing them without the desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matchhub.domain.pushes import push_floor
from matchhub.errors import Conflict
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.runs import latest_run
from matchhub.services.pushes.drafting import CONFIRMED, chosen_now, keep_plan, key_of, open_draft, reasons_of
from matchhub.services.pushes.holders import tell_holders
from matchhub.services.pushes.queueing import Queued, queue
from matchhub.services.pushes.reach import plan_day


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """How many pushes were planned, and why the other pairs were left out (code -> number)."""

    planned: int
    left_out: dict[str, int]

    def to_json(self) -> dict[str, object]:
        """As the contract words it, with the reasons beside."""
        return {"planned": self.planned, "left_out": self.left_out}


def plan(unit: Unit, *, courteous: bool = False) -> PlanSummary:
    """Plan and queue today's pushes from the latest run; ``Conflict("no_match_run")`` when there is none.

    ``courteous``: on a day off those of the next working day.
    What was chosen and left out is kept as a draft that was confirmed by itself, to be read on the desk.
    """
    unit.require("push.plan")
    run = latest_run(unit)
    if run is None:
        raise Conflict("no_match_run")
    day = plan_day(unit, courteous=courteous)
    chosen = chosen_now(unit, run, day)
    candidates = [each.candidate for each in chosen.planned]
    reasons = reasons_of(unit, candidates)
    queued = []
    for each in chosen.planned:
        demand, firm, patent = key = key_of(each.candidate)
        floor = push_floor(unit.pack.pushes, run.model, demand) or 0.0
        warnings = [fault.code for fault in each.warnings]
        queued.append(
            Queued(firm, patent, demand, run.id, run.model, each.candidate.score, floor, reasons[key], warnings, day)
        )
    ids = queue(unit, queued)
    keep_plan(unit, run, chosen, day, CONFIRMED, ids)
    tell_holders(unit, run)
    left_out = dict(Counter(each.code for each in chosen.left_out).most_common())
    append_event(unit, "push.planned", "match_runs", run.id, planned=len(chosen.planned), left_out=left_out)
    return PlanSummary(len(chosen.planned), left_out)


def desk_has_draft(unit: Unit) -> bool:
    """Whether somebody works on a draft that was made today: the plan of the day is theirs."""
    draft = open_draft(unit)
    return draft is not None and draft.made_by is not None and unit.day_of(draft.made_at) == unit.today
