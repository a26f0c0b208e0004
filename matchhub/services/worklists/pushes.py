"""Precise pushes (精准推送) on the operator's desk: the latest run, the plan and why not more, what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise, LogEntry, Patent, Push, PushAnswer, PushItem, PushSending
from matchhub.services.kernel.paging import Orders, Page, Sought, holds, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.runs import is_due_after, latest_run

STATES = ("planned", "sending", "delivered", "written", "failed", "suppressed")


@dataclass(frozen=True, slots=True)
class RunView:
    """The latest match run; ``seconds`` is the matching alone."""

    id: int
    model: str
    started_at: datetime
    demands: int
    patents: int
    pairs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PlanView:
    """The latest planning: how many, and why the other pairs were left out (code -> number)."""

    at: datetime
    planned: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PushBoard:
    """What the push desk shows above its lists; ``due`` pushes may be sent now."""

    run: RunView | None
    match_due: bool
    plan: PlanView | None
    states: Mapping[str, int]
    due: int


@dataclass(frozen=True, slots=True)
class PushedPatent:
    """One patent of a push with score, reasons and warnings as sent, and the newest answer."""

    patent_id: int
    number: str
    title: str
    score: float
    floor: float
    reasons: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    answer: str | None


@dataclass(frozen=True, slots=True)
class PushRow:
    """One push in a list."""

    id: int
    enterprise_id: int
    enterprise: str
    demand_id: int | None
    demand: str
    state: str
    model: str
    due_on: date
    delivered_at: datetime | None
    written_at: datetime | None
    opened_at: datetime | None
    why_not: str  # why a channel gave it up: code of the words
    again_at: datetime | None  # when it is tried again
    has_address: bool
    withdrawn_reason: str
    items: tuple[PushedPatent, ...]


def push_board(unit: Unit) -> PushBoard:
    """Run, plan and tallies as they are now."""
    unit.require("push.read_board")
    run = latest_run(unit)
    tally = select(Push.state, func.count()).group_by(Push.state)
    states = dict.fromkeys(STATES, 0) | dict(unit.session.execute(tally).all())
    due = (
        select(func.count())
        .select_from(Push)
        .where(Push.state.in_(("planned", "sending")), Push.withdrawn_at.is_(None), Push.due_on <= unit.today)
    )
    return PushBoard(
        run=None if run is None else RunView(
            run.id, run.model, run.started_at, run.demands, run.patents, run.pairs, run.seconds
        ),
        match_due=is_due_after(unit, run),
        plan=_last_plan(unit),
        states=states,
        due=unit.session.execute(due).scalar_one(),
    )  # fmt: skip


def _last_plan(unit: Unit) -> PlanView | None:
    chosen = select(LogEntry).where(LogEntry.verb == "push.planned").order_by(LogEntry.id.desc()).limit(1)
    entry = unit.session.execute(chosen).scalar()
    if entry is None:
        return None
    said = json.loads(entry.payload)
    return PlanView(entry.recorded_at, said["planned"], said["left_out"])


ORDERS = Orders(
    Push.id,
    {
        "firm": Enterprise.name,
        "state": Push.state,
        "due": Push.due_on,
        "delivered": Push.delivered_at,
        "read": Push.opened_at,
    },
)


def list_pushes(
    unit: Unit,
    state: str = "planned",
    page: int | Sought = 1,
    query: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Page[PushRow]:
    """Pushes in one state (``""``: all), the newest first; of firms named so, due from ``since`` to ``until``."""
    unit.require("push.read_any")
    statement = select(Push, Enterprise.name).join(Enterprise, Enterprise.id == Push.enterprise_id)
    if state:
        statement = statement.where(Push.state == state)
    if query:
        statement = statement.where(holds(unit, Enterprise.name, query))
    if since is not None:
        statement = statement.where(Push.due_on >= since)
    if until is not None:
        statement = statement.where(Push.due_on <= until)
    statement = statement.order_by(Push.id.desc())
    return paged(unit, statement, page, lambda rows: _rows(unit, rows), orders=ORDERS)


def _rows(unit: Unit, rows: Sequence[Any]) -> list[PushRow]:
    items, outbox = _items(unit, [push.id for push, _ in rows]), _outbox(unit, [push.id for push, _ in rows])
    wanted = {push.demand_id for push, _ in rows if push.demand_id is not None}
    titles = dict(unit.session.execute(select(Demand.id, Demand.title).where(Demand.id.in_(wanted))).all())
    return [
        PushRow(
            id=push.id,
            enterprise_id=push.enterprise_id,
            enterprise=firm,
            demand_id=push.demand_id,
            demand=titles.get(push.demand_id or 0, ""),
            state=push.state,
            model=push.model,
            due_on=push.due_on,
            delivered_at=push.delivered_at,
            written_at=push.written_at,
            opened_at=push.opened_at,
            why_not=next((row.reason for row in outbox.get(push.id, ()) if row.reason), ""),
            again_at=min((row.not_before_at for row in outbox.get(push.id, ()) if row.not_before_at), default=None),
            has_address=bool(push.recipient_email),
            withdrawn_reason=push.withdrawn_reason or "",
            items=tuple(items.get(push.id, ())),
        )
        for push, firm in rows
    ]


def _outbox(unit: Unit, push_ids: Sequence[int]) -> dict[int, list[PushSending]]:
    found: dict[int, list[PushSending]] = {}
    chosen = select(PushSending).where(PushSending.push_id.in_(push_ids)).order_by(PushSending.id)
    for row in unit.session.execute(chosen).scalars():
        found.setdefault(row.push_id, []).append(row)
    return found


def _items(unit: Unit, push_ids: Sequence[int]) -> dict[int, list[PushedPatent]]:
    chosen = select(PushItem, Patent).join(Patent, Patent.id == PushItem.patent_id)
    ordered = chosen.where(PushItem.push_id.in_(push_ids)).order_by(PushItem.push_id, PushItem.position)
    rows = unit.session.execute(ordered).all()
    said = select(PushAnswer.item_id, PushAnswer.code).where(PushAnswer.item_id.in_([item.id for item, _ in rows]))
    answers = dict(unit.session.execute(said.order_by(PushAnswer.id)).all())
    found: dict[int, list[PushedPatent]] = {}
    for item, patent in rows:
        found.setdefault(item.push_id, []).append(_pushed(item, patent, answers.get(item.id)))
    return found


def _pushed(item: PushItem, patent: Patent, answer: str | None) -> PushedPatent:
    return PushedPatent(
        patent_id=patent.id,
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        score=item.score,
        floor=item.floor,
        reasons=tuple(item.reasons),
        warnings=tuple(item.warnings),
        answer=answer,
    )
