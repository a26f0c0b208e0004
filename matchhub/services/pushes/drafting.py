"""A plan of pushes as a draft: every pair judged, the chosen and the left out kept with their reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from matchhub.db.tables import MatchRun, PushDraft, PushDraftPair
from matchhub.domain.pushes import Candidate, LeftOut, PlannedPush, PushPlan, plan_pushes, push_floor
from matchhub.errors import Conflict
from matchhub.services.kernel.bulk import insert_rows, new_ids
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.garbage import garbage_collection_paused
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bands import score_band
from matchhub.services.matching.results import explain_pairs
from matchhub.services.matching.runs import latest_run
from matchhub.services.matching.trade_matches import explain_trades, trade_matches
from matchhub.services.pushes.candidates import Pair, judged_pairs, past_pushes, run_pairs
from matchhub.services.pushes.reach import plan_day

OPEN, CONFIRMED, DISCARDED, REPLACED = "open", "confirmed", "discarded", "replaced"
CHOSEN, ADDED, LEFT_OUT, TAKEN_OUT, QUEUED, FELL_OUT = (
    "chosen", "added", "left_out", "taken_out", "queued", "fell_out",
)  # fmt: skip
WAITING = (CHOSEN, ADDED)
"""States of pairs that are to be confirmed."""
_KEPT_DRAFTS = 5  # what older ones left out is only history; their decisions stay
Reasons = dict[tuple[int | None, int, int], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it was made: its number, its pairs to be confirmed, and why the others were left out."""

    draft_id: int
    chosen: int
    left_out: Mapping[str, int]


def make_draft(unit: Unit, *, courteous: bool = False) -> Drafted:
    """Choose pushes from the latest run into a draft; nothing is queued. ``Conflict("no_match_run")`` without a run.

    ``courteous``: on a day off it is one for the next working day. An open draft is replaced: what was taken out of it
    stays out, and what was added to it by hand is added again.
    """
    unit.require("push.draft")
    run = _run(unit)
    before = open_draft(unit)
    day = plan_day(unit, courteous=courteous)
    chosen = chosen_now(unit, run, day)
    draft_id = keep_plan(unit, run, chosen, day, state=OPEN)
    if before is not None:
        settle(unit, before, REPLACED)
        _carry_over(unit, before.id, draft_id)
    left_out = dict(Counter(each.code for each in chosen.left_out).most_common())
    append_event(unit, "push.drafted", "push_drafts", draft_id, chosen=len(chosen.planned), left_out=left_out)
    return Drafted(draft_id, len(chosen.planned), left_out)


def _run(unit: Unit) -> MatchRun:
    run = latest_run(unit)
    if run is None:
        raise Conflict("no_match_run")
    return run


def open_draft(unit: Unit) -> PushDraft | None:
    """The draft that waits for confirmation."""
    chosen = select(PushDraft).where(PushDraft.state == OPEN).order_by(PushDraft.id.desc()).limit(1)
    return unit.session.execute(chosen.with_for_update()).scalar()


def chosen_now(unit: Unit, run: MatchRun, day: date) -> PushPlan:
    """What the rules choose today for ``day`` from a run, and from new patents for the trades of firms."""
    with garbage_collection_paused():
        pairs = run_pairs(unit, run) + _trade_pairs(unit, run)
        return plan_pushes(judged_pairs(unit, pairs), past_pushes(unit), unit.pack, unit.now, day)


def _trade_pairs(unit: Unit, run: MatchRun) -> list[Pair]:
    """New patents for the trades of firms, under the model of the run (after a change of it: from the next run on)."""
    found = trade_matches(unit, unit.pack.pushes.new_days, run.model)
    return [Pair(patent, firm, None, score, run.model) for firm, patent, score in found]


def keep_plan(unit: Unit, run: MatchRun, plan: PushPlan, day: date, state: str, push_ids: Sequence[int] = ()) -> int:
    """Store a plan with all its pairs; ``push_ids`` where its chosen pairs are queued already. Returns its number."""
    automatic = state == CONFIRMED
    draft = PushDraft(
        run_id=run.id,
        model=run.model,
        state=state,
        automatic=automatic,
        planned_on=day,
        made_at=unit.now,
        made_by=unit.actor.account_id,
        settled_at=unit.now if automatic else None,
        settled_by=unit.actor.account_id if automatic else None,
    )
    unit.session.add(draft)
    unit.session.flush()
    reasons = {} if push_ids else reasons_of(unit, [each.candidate for each in plan.planned])
    rows = [_chosen_row(unit, draft, each, reasons) for each in plan.planned]
    for row, push_id in zip(rows, push_ids, strict=False):
        row |= {"state": QUEUED, "push_id": push_id}
    rows += [_left_row(unit, draft, each) for each in plan.left_out]
    ids = new_ids(unit, PushDraftPair, len(rows))
    for place, (row, key) in enumerate(zip(rows, ids, strict=True), start=1):
        row |= {"id": key, "place": place}
    insert_rows(unit, PushDraftPair.__table__, rows)  # type: ignore[arg-type]
    _forget_old(unit)
    return draft.id


def _row(unit: Unit, draft: PushDraft, candidate: Candidate) -> dict[str, Any]:
    return {
        "draft_id": draft.id,
        "enterprise_id": candidate.enterprise_id,
        "patent_id": candidate.patent_id,
        "demand_id": candidate.demand_id,
        "score": candidate.score,
        "floor": push_floor(unit.pack.pushes, candidate.model, candidate.demand_id) or 0.0,
        "band": score_band(candidate.score),
        "due_on": draft.planned_on,
        "push_id": None,
    }


def _chosen_row(unit: Unit, draft: PushDraft, each: PlannedPush, reasons: Reasons) -> dict[str, Any]:
    warnings = [fault.code for fault in each.warnings]
    told = reasons.get(key_of(each.candidate))
    return _row(unit, draft, each.candidate) | {
        "state": CHOSEN, "code": "", "data": {}, "reasons": told, "warnings": warnings,
    }  # fmt: skip


def _left_row(unit: Unit, draft: PushDraft, each: LeftOut) -> dict[str, Any]:
    return _row(unit, draft, each.candidate) | {
        "state": LEFT_OUT, "code": each.code, "data": to_json(dict(each.data)), "reasons": None, "warnings": [],
    }  # fmt: skip


def key_of(candidate: Candidate) -> tuple[int | None, int, int]:
    """By what the reasons of a pair are found: demand, enterprise, patent."""
    demand = candidate.demand_id
    return None if demand is None else int(str(demand)), int(str(candidate.enterprise_id)), int(
        str(candidate.patent_id)
    )  # fmt: skip


def reasons_of(unit: Unit, candidates: Sequence[Candidate]) -> Reasons:
    """Reasons of pairs by ``key_of``; each demand and each trade is read once for all its patents."""
    demands: dict[int, list[int]] = defaultdict(list)
    firms: dict[int, list[int]] = defaultdict(list)
    owner: dict[int, int] = {}
    for demand, firm, patent in map(key_of, candidates):
        if demand is None:
            firms[firm].append(patent)
        else:
            demands[demand].append(patent)
            owner[demand] = firm
    found: Reasons = {
        (demand, owner[demand], patent): [reason.to_json() for reason in told]
        for demand, patent, told in explain_pairs(unit, demands)
    }
    for firm, patent, told in explain_trades(unit, firms):
        found[None, firm, patent] = [reason.to_json() for reason in told]
    return found


def settle(unit: Unit, draft: PushDraft, state: str) -> None:
    """Close a draft."""
    draft.state, draft.settled_at, draft.settled_by = state, unit.now, unit.actor.account_id


def _carry_over(unit: Unit, old: int, new: int) -> None:
    """What a person added to the old draft is in the new one, unless the rules chose it now or it is there no more."""
    chosen = select(PushDraftPair).where(PushDraftPair.draft_id == old, PushDraftPair.state == ADDED)
    for row in unit.session.execute(chosen).scalars().all():
        found = select(PushDraftPair).where(
            PushDraftPair.draft_id == new,
            PushDraftPair.enterprise_id == row.enterprise_id,
            PushDraftPair.patent_id == row.patent_id,
        )
        same = [each for each in unit.session.execute(found).scalars() if each.demand_id == row.demand_id]
        if not same:
            row.draft_id = new
        for each in same:
            if each.state != CHOSEN:
                each.state, each.code, each.data, each.note = ADDED, "", {}, row.note
                each.reasons, each.warnings = row.reasons, row.warnings
                each.decided_at, each.decided_by = row.decided_at, row.decided_by
    unit.session.flush()


def _forget_old(unit: Unit) -> None:
    kept = unit.session.execute(select(PushDraft.id).order_by(PushDraft.id.desc()).limit(_KEPT_DRAFTS)).scalars().all()
    old = delete(PushDraftPair).where(PushDraftPair.state == LEFT_OUT, PushDraftPair.draft_id.not_in(kept))
    unit.session.execute(old)
