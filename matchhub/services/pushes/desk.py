"""The operator's desk: pairs of a draft are taken out, put back, added by hand, moved to a day; then confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, update

from matchhub.db.tables import Demand, Patent, PatentAlias, PushDraft, PushDraftPair
from matchhub.domain.evidence import Fault
from matchhub.domain.identifiers import normalise_application_number, normalise_publication_number
from matchhub.domain.pushes import Candidate, PastPush, PushDesk, push_floor, push_warnings
from matchhub.errors import Conflict, IdentifierInvalid, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts, to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.bands import score_band
from matchhub.services.matching.runs import latest_run
from matchhub.services.pushes.candidates import Pair, judged_pairs, past_pushes
from matchhub.services.pushes.drafting import (
    ADDED,
    CHOSEN,
    CONFIRMED,
    DISCARDED,
    FELL_OUT,
    LEFT_OUT,
    OPEN,
    QUEUED,
    TAKEN_OUT,
    WAITING,
    key_of,
    reasons_of,
    settle,
)
from matchhub.services.pushes.holders import tell_holders
from matchhub.services.pushes.queueing import Queued, queue
from matchhub.services.pushes.reach import plan_day

MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation did: pushes queued now, pairs that fell out by reason, pairs that were queued before."""

    queued: int
    fell_out: Mapping[str, int]
    already: int


@dataclass(frozen=True, slots=True)
class Moved:
    """How many pairs were moved to the day, and why others were not."""

    moved: int
    kept: Mapping[str, int]


def take_out(unit: Unit, draft_id: int, pair_ids: Collection[int], reason: str) -> int:
    """Take pairs out of a draft, with the reason; later plans leave them out too. Returns how many were taken out."""
    said = _reason(reason)
    _open(unit, draft_id)
    rows = _pairs(unit, draft_id, pair_ids, WAITING)
    for row in rows:
        _decide(unit, row, TAKEN_OUT, said)
    append_event(unit, "push.taken_out", "push_drafts", draft_id, pairs=[row.id for row in rows], reason=said)
    return len(rows)


def put_back(unit: Unit, draft_id: int, pair_id: int) -> None:
    """Choose a pair again that was taken out, now or in an earlier draft; ``Conflict`` with the rule against it."""
    _open(unit, draft_id)
    row = _pair(unit, draft_id, pair_id, (TAKEN_OUT, LEFT_OUT))
    if row.state == LEFT_OUT and row.code != "push_taken_out":
        raise Conflict("push_not_taken_out")
    same = (PushDraftPair.enterprise_id == row.enterprise_id, PushDraftPair.patent_id == row.patent_id)
    unit.session.execute(
        update(PushDraftPair)
        .where(*same, PushDraftPair.state == TAKEN_OUT, PushDraftPair.id != row.id)
        .values(state=LEFT_OUT, code="push_taken_out", data={"reason": ""})
    )
    row.state = LEFT_OUT
    unit.session.flush()
    candidate = _candidate(unit, row)
    _refuse(_desk(unit, draft_id, row.id).fault(candidate, row.due_on))
    _choose(unit, row, candidate, CHOSEN, None)
    append_event(unit, "push.put_back", "push_drafts", draft_id, pair=row.id)


def add_pair(unit: Unit, draft_id: int, pair_id: int, reason: str, day: date | None = None) -> None:
    """Add a pair that was left out, with the reason, for a day (that of the plan).

    Below the floor too: such a push does not count strictly. What protects the recipient and the right stays: a dead or
    blocked patent, a recipient who wants none, a pair sent before and the caps raise ``Conflict`` with that code.
    """
    said = _reason(reason)
    _open(unit, draft_id)
    row = _pair(unit, draft_id, pair_id, (LEFT_OUT, FELL_OUT, TAKEN_OUT))
    candidate = _candidate(unit, row)
    row.due_on = plan_day(unit, _not_past(unit, day) or row.due_on)
    _refuse(_desk(unit, draft_id, row.id).fault(candidate, row.due_on, by_hand=True))
    _choose(unit, row, candidate, ADDED, said)
    append_event(unit, "push.added", "push_drafts", draft_id, pair=row.id, reason=said)


def add_patent(unit: Unit, draft_id: int, demand_id: int, number: str, reason: str) -> int:
    """Add a patent for a demand by its number, whatever its rank was; refusals as in ``add_pair``. Returns the pair.

    Raises ``NotFound`` ``demand_not_found`` or ``push_patent_unknown``.
    """
    said = _reason(reason)
    draft = _open(unit, draft_id)
    demand, patent = unit.session.get(Demand, demand_id), _patent_numbered(unit, number)
    if demand is None:
        raise NotFound("demand_not_found", id=demand_id)
    known = select(PushDraftPair.id).where(
        PushDraftPair.draft_id == draft_id,
        PushDraftPair.enterprise_id == demand.enterprise_id,
        PushDraftPair.patent_id == patent.id,
        or_(PushDraftPair.state.in_(WAITING), PushDraftPair.demand_id == demand_id),
    )
    same = unit.session.execute(known.order_by(PushDraftPair.state).limit(1)).scalar()
    if same is not None:
        add_pair(unit, draft_id, same, said)
        return same
    pair = Pair(patent.id, demand.enterprise_id, demand.id, 0.0, draft.model)
    (candidate,) = judged_pairs(unit, [pair])
    told = reasons_of(unit, [candidate]).get(key_of(candidate), [])
    score = min(1.0, max(0.0, sum(float(each["weight"]) for each in told)))
    row = PushDraftPair(
        draft_id=draft_id, place=_last_place(unit, draft_id) + 1, enterprise_id=demand.enterprise_id,
        patent_id=patent.id, demand_id=demand.id, score=score, band=score_band(score), state=LEFT_OUT, data={},
        floor=push_floor(unit.pack.pushes, draft.model, demand.id) or 0.0, warnings=[],
        due_on=plan_day(unit, draft.planned_on),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    add_pair(unit, draft_id, row.id, said)
    return row.id


def move_to(unit: Unit, draft_id: int, pair_ids: Collection[int], day: date | None) -> Moved:
    """Let pairs go out on another day; ``Refusal`` ``push_day_missing``, ``push_day_past``. Those for which the day is
    full stay where they are."""
    _open(unit, draft_id)
    if (day := _not_past(unit, day)) is None:
        raise Refusal("push_day_missing")
    rows = _pairs(unit, draft_id, pair_ids, WAITING)
    desk = _desk(unit, draft_id, *(row.id for row in rows))
    kept: Counter[str] = Counter()
    moved = 0
    for row, candidate in zip(rows, _candidates(unit, rows), strict=True):
        fault = desk.fault(candidate, plan_day(unit, day), by_hand=row.state == ADDED)
        if fault is None:
            row.due_on, moved = plan_day(unit, day), moved + 1
        else:
            kept[fault.code] += 1
        desk.add(candidate, row.due_on)
    append_event(unit, "push.moved", "push_drafts", draft_id, pairs=[row.id for row in rows], day=day.isoformat())
    return Moved(moved, dict(kept))


def discard(unit: Unit, draft_id: int) -> None:
    """Give a draft up; nothing of it is sent."""
    draft = _open(unit, draft_id)
    settle(unit, draft, DISCARDED)
    append_event(unit, "push.draft_discarded", "push_drafts", draft_id)


def confirm_draft(unit: Unit, draft_id: int, pair_ids: Collection[int] | None = None) -> Confirmed:
    """Queue the chosen pairs of a draft (``pair_ids``: only these), each judged once more by what is known now.

    What no longer passes falls out with the reason. Whoever confirms a second time, or beside somebody else, queues
    nothing twice. ``Conflict("push_draft_settled")`` for a draft that was given up or replaced.
    """
    unit.require("push.confirm")
    draft = _locked(unit, draft_id)
    if draft.state not in (OPEN, CONFIRMED):
        raise Conflict("push_draft_settled", state=draft.state)
    rows = _pairs(unit, draft_id, pair_ids, WAITING)
    already = len(_pairs(unit, draft_id, pair_ids, (QUEUED,)))
    desk = PushDesk(unit.pack, past_pushes(unit), unit.today)
    kept: list[PushDraftPair] = []
    fell_out: Counter[str] = Counter()
    for row, candidate in zip(rows, _candidates(unit, rows), strict=True):
        row.due_on = plan_day(unit, row.due_on)
        fault = desk.fault(candidate, row.due_on, by_hand=row.state == ADDED)
        if fault is None:
            desk.add(candidate, row.due_on)
            row.warnings = [each.code for each in push_warnings(candidate, unit.pack.pushes, unit.today)]
            kept.append(row)
        else:
            row.state, row.code, row.data = FELL_OUT, fault.code, to_json(dict(fault.data))
            fell_out[fault.code] += 1
    queued = [_queued(draft, row) for row in kept]
    for row, push_id in zip(kept, queue(unit, queued), strict=True):
        row.state, row.push_id = QUEUED, push_id
    unit.session.flush()
    if draft.state == OPEN and not _pairs(unit, draft_id, None, WAITING):
        settle(unit, draft, CONFIRMED)
    if rows:
        if (run := latest_run(unit)) is not None:
            tell_holders(unit, run)
        append_event(
            unit, "push.planned", "match_runs", draft.run_id, planned=len(kept), left_out=dict(fell_out), draft=draft_id
        )
    return Confirmed(len(kept), dict(fell_out), already)


def _queued(draft: PushDraft, row: PushDraftPair) -> Queued:
    return Queued(
        row.enterprise_id, row.patent_id, row.demand_id, draft.run_id, draft.model, row.score, row.floor,
        row.reasons or [], row.warnings, row.due_on, row.note if row.state == ADDED else None,
    )  # fmt: skip


def _locked(unit: Unit, draft_id: int) -> PushDraft:
    draft = unit.session.get(PushDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise NotFound("push_draft_not_found")
    return draft


def _open(unit: Unit, draft_id: int) -> PushDraft:
    unit.require("push.draft")
    draft = _locked(unit, draft_id)
    if draft.state != OPEN:
        raise Conflict("push_draft_settled", state=draft.state)
    return draft


def _pairs(unit: Unit, draft_id: int, pair_ids: Collection[int] | None, states: Collection[str]) -> list[PushDraftPair]:
    """Pairs of the draft in one of the states, in the order of the plan."""
    chosen = select(PushDraftPair).where(PushDraftPair.draft_id == draft_id, PushDraftPair.state.in_(states))
    if pair_ids is None:
        found = list(unit.session.execute(chosen).scalars())
    else:
        wanted = parts(sorted(set(pair_ids)))
        statements = [chosen.where(PushDraftPair.id.in_(part)) for part in wanted]
        found = [row for statement in statements for row in unit.session.execute(statement).scalars()]
    return sorted(found, key=lambda row: (row.place, row.id))


def _pair(unit: Unit, draft_id: int, pair_id: int, states: Collection[str]) -> PushDraftPair:
    found = _pairs(unit, draft_id, [pair_id], states)
    if not found:
        raise Conflict("push_pair_elsewhere")
    return found[0]


def _candidate(unit: Unit, row: PushDraftPair) -> Candidate:
    return _candidates(unit, [row])[0]


def _candidates(unit: Unit, rows: Sequence[PushDraftPair]) -> list[Candidate]:
    models = dict(unit.session.execute(select(PushDraft.id, PushDraft.model)).all())
    pairs = [Pair(row.patent_id, row.enterprise_id, row.demand_id, row.score, models[row.draft_id]) for row in rows]
    return list(judged_pairs(unit, pairs))


def _desk(unit: Unit, draft_id: int, *without: int) -> PushDesk:
    """What is sent, queued or waits in the draft, but for the pairs in question."""
    rows = [row for row in _pairs(unit, draft_id, None, WAITING) if row.id not in without]
    waiting = [
        PastPush(
            patent_id=row.patent_id, enterprise_id=row.enterprise_id, at=unit.now, on=row.due_on, look=candidate.look
        )
        for row, candidate in zip(rows, _candidates(unit, rows), strict=True)
    ]
    return PushDesk(unit.pack, [*past_pushes(unit), *waiting], unit.today)


def _refuse(fault: Fault | None) -> None:
    if fault is not None:
        raise Conflict(fault.code, **fault.data)


def _choose(unit: Unit, row: PushDraftPair, candidate: Candidate, state: str, note: str | None) -> None:
    if row.reasons is None:
        row.reasons = reasons_of(unit, [candidate]).get(key_of(candidate), [])
    row.warnings = [fault.code for fault in push_warnings(candidate, unit.pack.pushes, unit.today)]
    _decide(unit, row, state, note)


def _decide(unit: Unit, row: PushDraftPair, state: str, note: str | None) -> None:
    row.state, row.note, row.code, row.data = state, note, "", {}
    row.decided_at, row.decided_by = unit.now, unit.actor.account_id
    unit.session.flush()


def _not_past(unit: Unit, day: date | None) -> date | None:
    if day is not None and day < unit.today:
        raise Refusal("push_day_past", day=day)
    return day


def _reason(reason: str) -> str:
    said = reason.strip()[:MOST_REASON]
    if not said:
        raise Refusal("push_reason_missing")
    return said


def _patent_numbered(unit: Unit, number: str) -> Patent:
    wanted = {number.strip()}
    for canonical in (normalise_application_number, normalise_publication_number):
        with suppress(IdentifierInvalid):
            wanted.add(canonical(number))
    named = select(PatentAlias.patent_id).where(PatentAlias.value.in_(wanted))
    chosen = select(Patent).where(
        or_(Patent.application_number.in_(wanted), Patent.publication_number.in_(wanted), Patent.id.in_(named))
    )
    patent = unit.session.execute(chosen.where(Patent.withdrawn_at.is_(None)).limit(1)).scalar()
    if patent is None:
        raise NotFound("push_patent_unknown", number=number)
    return patent


def _last_place(unit: Unit, draft_id: int) -> int:
    last = select(PushDraftPair.place).where(PushDraftPair.draft_id == draft_id)
    return unit.session.execute(last.order_by(PushDraftPair.place.desc()).limit(1)).scalar() or 0
